"""Similar papers: which of a pair finds the other, beside BM25: `python -m benchmarks.similar DATA [--pairs N]`.

A pair is two papers of the stream by one author who has few, or two of one week with the same unusual categories. BM25
compares a paper with all others by all words of its title and abstract, in arrays. We store the stream in a database
(`--database postgresql` for the other one, `--url` for one that is filled) and ask it as
the program does. Needs the extra `shortlist`.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from benchmarks.databases import Processor, postgres, sqlite
from benchmarks.stream_size import NOW, index_all, store_all
from benchmarks.stream_weeks import read
from benchmarks.table import machine, percentile, table
from bot.domain.stream.items import StreamItem
from bot.recommender.names import name_keys
from bot.recommender.similar import LENGTH_NORMALIZATION, MEAN_LENGTH, SATURATION, distinctive, most_similar, profile
from bot.recommender.terms import TITLE_WEIGHT, terms
from bot.recommender.values import StreamPaper
from bot.store import Store

PAIRS = 300
MOST_OF_AN_AUTHOR, MOST_OF_A_THEME = 4, 4
LENGTHS = (1, 5, 10, 50)
TOGETHER = 20
"""Papers that BM25 compares with all others at once."""
RESAMPLES = 4_000
BM25, OURS = "BM25, all words", "Journal Club"


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


class WordTable:
    """BM25 over all papers: how much each word of each adds."""

    def __init__(self, papers: Sequence[StreamPaper]) -> None:
        columns: dict[str, int] = {}
        rows, found, counts = [0], list[int](), list[int]()
        for paper in papers:
            counted = Counter(terms(paper.title) * TITLE_WEIGHT + terms(paper.abstract))
            found += [columns.setdefault(word, len(columns)) for word in counted]
            counts += counted.values()
            rows.append(len(found))
        shape = len(papers), len(columns)
        table = csr_matrix((np.array(counts, np.float32), np.array(found, np.int32), np.array(rows)), shape)
        lengths = np.asarray(table.sum(axis=1)).ravel()
        having = np.bincount(table.indices, minlength=shape[1])
        rarity = np.log(1 + (shape[0] - having + 0.5) / (having + 0.5)).astype(np.float32)
        norm = SATURATION * (1 - LENGTH_NORMALIZATION + LENGTH_NORMALIZATION * lengths / MEAN_LENGTH)
        of_row = np.repeat(norm, np.diff(table.indptr))
        self._asked = csr_matrix((np.ones_like(table.data), table.indices, table.indptr), shape)
        worth = table.data * (1 + SATURATION) / (table.data + of_row) * rarity[table.indices]
        self._worth = csr_matrix((worth.astype(np.float32), table.indices, table.indptr), shape).T.tocsr()

    def best(self, places: Sequence[int], most: int) -> Iterator[list[int]]:
        """The papers that BM25 puts first for each of these, without itself."""
        for start in range(0, len(places), TOGETHER):
            part = np.array(places[start : start + TOGETHER])
            scores: Any = (self._asked[part] @ self._worth).toarray()
            scores[np.arange(len(part)), part] = -1
            some = np.argpartition(-scores, most, axis=1)[:, :most]
            for row, found in zip(scores, some, strict=True):
                yield [int(at) for at in found[np.argsort(-row[found], kind="stable")]]


class Stored:
    """The program's way to look for similar papers in a database; places are those of the papers in the folder."""

    def __init__(self, store: Store, papers: Sequence[StreamPaper], processor: Processor) -> None:
        self._store, self._processor = store, processor
        self._place = {paper.key: at for at, paper in enumerate(papers)}
        self.milliseconds = list[float]()

    async def best(self, paper: StreamPaper, most: int) -> list[int]:
        """Places of the papers most like one; -1 for those of the database alone."""
        began = self._processor.seconds()
        words = profile(paper.title, paper.abstract)
        async with self._store.read(1) as db:
            found = {entry.id: entry for entry in await db.stream_search.sharing(distinctive(words))}
        others = [(id, entry.title, entry.abstract) for id, entry in found.items() if entry.key != paper.key]
        ranked = most_similar(words, others, most)
        self.milliseconds.append((self._processor.seconds() - began) * 1000)
        return [self._place.get(found[id].key, -1) for id, _ in ranked]


async def fill(store: Store, papers: Sequence[StreamPaper]) -> None:
    """Store the papers in a new club, and index their words."""
    async with store.admin_session() as admin:
        await admin.directory.create_club("Readers", "UTC", NOW)
    await store_all(store, map(_item, papers))
    await index_all(store)
    await store.analyze()


def _item(paper: StreamPaper) -> StreamItem:
    url = f"https://arxiv.org/abs/{paper.key.removeprefix('arxiv:')}"
    return StreamItem(
        paper.key, url, paper.title, paper.published, paper.abstract, paper.authors, categories=paper.categories
    )


async def compare(
    stored: Stored, words: WordTable, papers: Sequence[StreamPaper], pairs: Sequence[tuple[int, int]]
) -> tuple[list[list[str]], list[str]]:
    """The rows of both methods: the share of pairs whose other paper is among the first; and ours less BM25's."""
    most, firsts = max(LENGTHS), [one for one, _ in pairs]
    found = {
        BM25: list(words.best(firsts, most)),
        OURS: [await stored.best(papers[one], most) for one in firsts],
    }
    hits = {
        name: np.array(
            [[other in best[:length] for length in LENGTHS] for (_, other), best in zip(pairs, lists, strict=True)]
        )
        for name, lists in found.items()
    }
    rows = [[name, *(f"{share:.3f}" for share in one.mean(axis=0))] for name, one in hits.items()]
    gains = hits[OURS].astype(float) - hits[BM25]
    draws = np.random.default_rng(7).integers(0, len(pairs), (RESAMPLES, len(pairs)))
    low, high = np.percentile(gains[draws].mean(axis=1), [2.5, 97.5], axis=0)
    return rows, [f"{a:+.3f} to {b:+.3f}" for a, b in zip(low, high, strict=True)]


async def measure(url: str, papers: Sequence[StreamPaper], number: int, *, filled: bool) -> None:
    """Print the tables of both kinds of pairs, and the time of one look."""
    store, chance = Store.open(url), random.Random(11)
    if not filled:
        await fill(store, papers)
    stored, words = Stored(store, papers, Processor.of(url)), WordTable(papers)
    for name, pairs in (("one author", author_pairs(papers)), ("one theme and week", theme_pairs(papers))):
        known = list(pairs)
        some = chance.sample(known, min(number, len(known)))
        rows, gains = await compare(stored, words, papers, some)
        head = [f"{len(some):,} pairs of {name}, found in the first", *map(str, LENGTHS)]
        print(f"\n{table(head, [*rows, ['95 % of the difference', *gains]])}", flush=True)
    median, most = (percentile(stored.milliseconds, share) for share in (0.5, 0.95))
    print(f"\nOne look takes {median:.1f} ms of a processor at the median, {most:.1f} at p95.")
    await store.close()


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--pairs", type=int, default=PAIRS, help="pairs of each kind, drawn with a fixed seed")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--url", default="", help="a database that is filled already")
    options = parser.parse_args()
    began = time.process_time()
    papers = read(options.data).stream
    print(f"On {machine()}. {len(papers):,} papers.", flush=True)
    with ExitStack() as stack:
        made = sqlite if options.database == "sqlite" else postgres
        url = options.url or stack.enter_context(made())
        asyncio.run(measure(url, papers, options.pairs, filled=bool(options.url)))
    print(f"\n{time.process_time() - began:.0f} s of a processor.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
