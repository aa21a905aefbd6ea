"""How well an edition's themes group papers, with learned words and without: `python -m benchmarks.themes DATA`.

Words are learned from the 90 days before each month, and nothing later. What belongs together is taken from four sides,
of which none is perfect: arXiv's categories (hidden from the program then), curators' own summaries that are alike (the
closest twentieth of all pairs of summaries), common authors, and editions drawn from four categories each.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

from benchmarks.blind_themes import chosen_papers
from benchmarks.stream_weeks import Data, read
from benchmarks.table import machine, table
from bot.editions.compose.arxiv_themes import BROAD, theme_of
from bot.editions.compose.subject_words import SubjectWords, learn_subject_words
from bot.editions.compose.theme_clustering import PaperFeatures, cluster
from bot.features.stream.subject_learning import LEARNED_FROM, MOST_PAPERS
from bot.recommender import terms
from bot.recommender.values import StreamPaper

FIRST = date(2025, 7, 14)
"""The first week: before it there are 90 days of the stream."""
DRAWN_FROM = (
    "cs.RO", "cs.CR", "cs.SD", "cs.IR", "cs.SE", "cs.HC", "cs.DC", "cs.CY", "eess.IV", "q-bio.QM", "physics.comp-ph",
    "eess.SY", "cs.CV", "cs.CL", "cs.GR", "quant-ph", "math.OC", "cs.GT",
)  # fmt: skip
DRAWN, OF_EDITION = 60, 4
CLOSEST = 0.95
Labels = Mapping[int, str]


class Learned:
    """Words learned before the month of a day, each month's once."""

    def __init__(self, data: Data) -> None:
        self._data = data
        self._months: dict[date, SubjectWords | None] = {}

    def before(self, end: date) -> SubjectWords | None:
        """The words that an installation would have."""
        month = end.replace(day=1)
        if month not in self._months:
            days = LEARNED_FROM.days
            past = [paper for paper in self._data.stream if 7 <= (month - paper.published.date()).days < days]
            past.sort(key=lambda paper: paper.key)
            past = past[:: max(1, -(-len(past) // MOST_PAPERS))]
            began = time.process_time()
            texts = [(paper.title, paper.abstract, paper.categories) for paper in past]
            self._months[month] = learn_subject_words(texts, datetime(month.year, month.month, 1, tzinfo=UTC))
            print(f"{month}: {len(past)} papers, {time.process_time() - began:.1f} s of a processor", flush=True)
        return self._months[month]


def themes_of(papers: Sequence[StreamPaper], learned: SubjectWords | None, *, hidden: bool) -> Labels:
    """Theme of each paper by its place; with `hidden`, its categories are not given to the program."""
    return cluster(
        [PaperFeatures(at, one.title, one.abstract, () if hidden else one.categories) for at, one in enumerate(papers)],
        (),
        learned,
    )


def pairs_of(papers: Sequence[StreamPaper], summaries: Summaries) -> Iterator[tuple[str, int, int, bool]]:
    """Pairs of papers about which something is known: by whom, the places, and whether they belong together."""
    for one, other in combinations(range(len(papers)), 2):
        first, second = papers[one], papers[other]
        yield "authors", one, other, bool(set(first.authors) & set(second.authors))
        if _is_telling(first) and _is_telling(second):
            yield "categories", one, other, theme_of(first.categories) == theme_of(second.categories)
        if (alike := summaries.alike(first.key, second.key)) is not None:
            yield "summaries", one, other, alike


def _is_telling(paper: StreamPaper) -> bool:
    return any(category not in BROAD for category in paper.categories)


class Summaries:
    """Curators' own words about papers, as vectors."""

    def __init__(self, folder: Path) -> None:
        [path] = folder.glob("picks_*.jsonl.gz")
        rows = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
        counted = {f"arxiv:{row['arxiv_id']}": Counter(terms.terms(row["summary"])) for row in rows if row["arxiv_id"]}
        rarity = terms.rarity(counted.values())
        self._vectors = {key: terms.vector(counts, rarity) for key, counts in counted.items()}
        chance = random.Random(1)
        keys = sorted(self._vectors)
        drawn = sorted(self._cosine(*chance.sample(keys, 2)) for _ in range(20_000))
        self._least = drawn[int(CLOSEST * len(drawn))]

    def _cosine(self, one: str, other: str) -> float:
        return terms.cosine(self._vectors[one], self._vectors[other])

    def alike(self, one: str, other: str) -> bool | None:
        """True if two papers' summaries are as close as one pair in twenty; None if one has no summary."""
        if one not in self._vectors or other not in self._vectors:
            return None
        return self._cosine(one, other) >= self._least


def drawn_editions(data: Data) -> list[tuple[date, list[StreamPaper], list[str]]]:
    """Editions of two to four new papers of each of four categories, with the category of each paper."""
    chance, made = random.Random(5), []
    ends = data.weeks(FIRST)
    for number in range(DRAWN):
        end = ends[number % len(ends)]
        by_category: dict[str, list[StreamPaper]] = defaultdict(list)
        for paper in data.stream:
            telling = [category for category in paper.categories if category not in BROAD]
            if len(telling) == 1 and 0 <= (end - paper.published.date()).days < 7:
                by_category[telling[0]].append(paper)
        names = chance.sample([name for name in DRAWN_FROM if len(by_category[name]) >= OF_EDITION], 4)
        rows = [(p, name) for name in names for p in chance.sample(by_category[name], chance.choice((2, 3, 4)))]
        chance.shuffle(rows)
        made.append((end, [paper for paper, _ in rows], [name for _, name in rows]))
    return made


def adjusted_rand(one: Sequence[str], other: Sequence[str]) -> float:
    """Agreement of two groupings: 0 by chance, 1 if they are the same."""

    def pairs(groups: Counter[Any]) -> float:
        return sum(size * (size - 1) / 2 for size in groups.values())

    both, first, second = pairs(Counter(zip(one, other, strict=True))), pairs(Counter(one)), pairs(Counter(other))
    by_chance = first * second / (len(one) * (len(one) - 1) / 2)
    return (both - by_chance) / max(1e-9, (first + second) / 2 - by_chance)


def correlation(counts: Counter[tuple[bool, bool]]) -> float:
    """Matthews' correlation of "under one theme" and "belongs together" over pairs."""
    hit, wrong, missed, right = (
        float(counts[key]) for key in ((True, True), (True, False), (False, True), (False, False))
    )
    square = (hit + wrong) * (hit + missed) * (right + wrong) * (right + missed)
    return (hit * right - wrong * missed) / (square**0.5 or 1.0)


def interval(gains: Sequence[float]) -> tuple[float, float]:
    """The middle 95 % of the mean gain when what was measured is drawn again."""
    chance = random.Random(7)
    means = sorted(sum(chance.choices(gains, k=len(gains))) / len(gains) for _ in range(2_000))
    return means[50], means[1_949]


def measure(data: Data, summaries: Summaries, learned: Learned | None) -> tuple[dict[str, float], list[float]]:
    """Figures of one way to group, and the agreement for each drawn edition."""
    counts: dict[str, Counter[tuple[bool, bool]]] = defaultdict(Counter)
    papers_in_all = alone = groups = editions = 0
    for end in data.weeks(FIRST):
        chosen = chosen_papers(data, end)
        picked = {pick.paper.key for pick in data.picks if pick.week_end == end}
        for kind, papers in (("", chosen), ("picks: ", [paper for paper in chosen if paper.key in picked])):
            words = learned.before(end) if learned else None
            shown, hidden = (themes_of(papers, words, hidden=hidden) for hidden in (False, True))
            sizes = Counter(shown.values())
            editions, groups, papers_in_all = editions + 1, groups + len(sizes), papers_in_all + len(papers)
            alone += sum(size == 1 for size in sizes.values())
            for what, one, other, together in pairs_of(papers, summaries):
                by = hidden if what == "categories" else shown
                counts[kind + what][by[one] == by[other], together] += 1
    agreement = []
    for end, papers, categories in drawn_editions(data):
        found = themes_of(papers, learned.before(end) if learned else None, hidden=True)
        agreement.append(adjusted_rand(categories, [found[at] for at in range(len(papers))]))
    figures = {what: correlation(found) for what, found in sorted(counts.items()) if what != "picks: authors"}
    figures |= {"drawn editions": sum(agreement) / len(agreement)}
    figures |= {"themes of an edition": groups / editions, "papers alone": alone / papers_in_all}
    return figures, agreement


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    folder = parser.parse_args().data
    data, summaries = read(folder), Summaries(folder)
    print(f"On {machine()}.", flush=True)
    run = partial(measure, data, summaries)
    (before, one), (after, other) = run(None), run(Learned(data))
    rows = [[name, f"{before[name]:.3f}", f"{after[name]:.3f}"] for name in before]
    print(table(["", "tables", "with learned words"], rows))
    low, high = interval([y - x for x, y in zip(one, other, strict=True)])
    print(f"\nDrawn editions: {low:+.3f} to {high:+.3f} (95 %, editions drawn again).")
    return 0


if __name__ == "__main__":
    sys.exit(main())
