"""Similar papers: found pairs, beside BM25, and the time at any size: `python -m benchmarks.similar DATA`.

A pair is two papers of the stream by one author who has few, or two of one week with the same unusual categories. All
papers are in one FTS5 table. BM25 looks a paper up in it by all words of its title and abstract, we by its
distinctive words, comparing what shares the weightiest of them.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from benchmarks.stream_weeks import read, rows
from benchmarks.table import machine, percentile, table
from bot.shortlist.model import StreamPaper
from bot.shortlist.names import name_keys
from bot.shortlist.similar import distinctive, most_similar, profile
from bot.shortlist.terms import terms
from bot.store.stream.search import MOST_COMPARED, MOST_WITH_WORD

PAIRS, TIMED = 300, 15
MOST_OF_AN_AUTHOR, MOST_OF_A_THEME = 4, 4
LENGTHS = (1, 5, 10)


def author_pairs(papers: Sequence[StreamPaper]) -> Iterator[tuple[int, int]]:
    """Places of two papers by an author with few; papers of long author lists are left out."""
    by_author: dict[str, list[int]] = defaultdict(list)
    for at, paper in enumerate(papers):
        if len(paper.authors) <= 8:
            for key in name_keys(paper):
                by_author[key].append(at)
    for places in by_author.values():
        if 2 <= len(places) <= MOST_OF_AN_AUTHOR:
            yield places[0], places[1]


def theme_pairs(papers: Sequence[StreamPaper]) -> Iterator[tuple[int, int]]:
    """Places of two papers of one week with the same categories, which few others have."""
    by_theme: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for at, paper in enumerate(papers):
        if len(paper.categories) >= 3:
            by_theme[paper.published.isocalendar()[:2], tuple(sorted(paper.categories))].append(at)
    for places in by_theme.values():
        if 2 <= len(places) <= MOST_OF_A_THEME:
            yield places[0], places[1]


class Index:
    """All papers in one FTS5 table."""

    def __init__(self, papers: Iterable[tuple[str, str]]) -> None:
        self._connection = sqlite3.connect(":memory:")
        self._connection.execute("CREATE VIRTUAL TABLE paper USING fts5(title, abstract)")
        self._connection.executemany("INSERT INTO paper VALUES (?, ?)", papers)

    def bm25(self, title: str, abstract: str, limit: int) -> list[int]:
        """The rows that BM25 puts first for all words of a paper."""
        words = " OR ".join(f'"{word}"' for word in dict.fromkeys(terms(f"{title} {abstract}")))
        return self._rows("SELECT rowid FROM paper WHERE paper MATCH ? ORDER BY rank LIMIT ?", words, limit)

    def ours(self, title: str, abstract: str, limit: int, *, itself: int = 0) -> list[int]:
        """The rows most like a paper, as the store looks for them."""
        words = profile(title, abstract)
        looked_for = [(f'"{word}"', weight) for word, weight in distinctive(words).items()]
        newest = "SELECT rowid AS id, ? AS weight FROM paper WHERE paper MATCH ? ORDER BY rowid DESC LIMIT ?"
        each = " UNION ALL ".join([f"SELECT * FROM ({newest})"] * len(looked_for))
        given = [value for word, weight in looked_for for value in (weight, word, MOST_WITH_WORD)]
        query = f"SELECT id FROM ({each}) GROUP BY id ORDER BY sum(weight) DESC, id DESC LIMIT ?"
        best = [id for (id,) in self._connection.execute(query, (*given, MOST_COMPARED + 1)) if id != itself]
        marks = ",".join("?" * len(best))
        found = self._connection.execute(f"SELECT rowid, title, abstract FROM paper WHERE rowid IN ({marks})", best)
        return [row for row, _ in most_similar(words, found.fetchall(), limit)]

    def _rows(self, query: str, words: str, limit: int) -> list[int]:
        return [row for (row,) in self._connection.execute(query, (words, limit))]


def found_pairs(index: Index, papers: Sequence[StreamPaper], pairs: Sequence[tuple[int, int]]) -> list[list[str]]:
    """For each method, the share of pairs whose other paper is among the first."""
    ranks: dict[str, list[int]] = {"BM25, all words": [], "Journal Club": []}
    for one, other in pairs:
        paper, most = papers[one], max(LENGTHS)
        by_bm25 = [row for row in index.bm25(paper.title, paper.abstract, most + 1) if row != one + 1][:most]
        for name, found in (
            ("BM25, all words", by_bm25),
            ("Journal Club", index.ours(paper.title, paper.abstract, most, itself=one + 1)),
        ):
            ranks[name].append(found.index(other + 1) if other + 1 in found else most)
    return [
        [name, *(f"{sum(rank < length for rank in places) / len(places):.3f}" for length in LENGTHS)]
        for name, places in ranks.items()
    ]


def timed(index: Index, papers: Sequence[StreamPaper]) -> list[list[str]]:
    """Milliseconds of both methods for some papers, median and nine in ten."""
    result = []
    for name, look in (("BM25, all words", index.bm25), ("Journal Club", index.ours)):
        times = []
        for paper in papers:
            began = time.process_time()
            look(paper.title, paper.abstract, 5)
            times.append((time.process_time() - began) * 1000)
        result.append([name, f"{percentile(times, 0.5):.0f} ms", f"{percentile(times, 0.9):.0f} ms"])
    return result


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    folder = parser.parse_args().data
    papers = read(folder).stream
    chance = random.Random(11)
    index = Index((paper.title, paper.abstract) for paper in papers)
    print(f"On {machine()}. {len(papers):,} papers.", flush=True)
    for name, pairs in (("one author", author_pairs(papers)), ("one theme and week", theme_pairs(papers))):
        known = list(pairs)
        some = chance.sample(known, min(PAIRS, len(known)))
        head = [f"pairs of {name}, found in the first", *map(str, LENGTHS)]
        print(f"\n{table(head, found_pairs(index, papers, some))}", flush=True)
    more = [(row["t"], row["a"]) for row in rows(folder, "large_extra")]
    large = Index([*((paper.title, paper.abstract) for paper in papers), *more])
    few = chance.sample(list(papers), TIMED)
    total = len(papers) + len(more)
    print(f"\n{table([f'of {total:,} papers, processor time', 'median', '90 %'], timed(large, few))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
