"""Similar papers: which of a pair finds the other, beside BM25: `python -m benchmarks.similar DATA [--pairs N]`.

A pair is two papers of the stream by one author who has few, or two of one week with the same unusual categories. BM25
compares a paper with all others by all words of its title and abstract, in arrays. We look for its distinctive words in
an FTS5 table, as the store does, and compare what shares the weightiest of them. `benchmarks.stream_size` has the time.
Needs the extra `shortlist`.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from benchmarks.stream_weeks import read
from benchmarks.table import machine, table
from bot.shortlist.model import StreamPaper
from bot.shortlist.names import name_keys
from bot.shortlist.similar import MEAN_LENGTH, OF_LENGTH, SATURATION, distinctive, most_similar, profile
from bot.shortlist.terms import TITLE_WEIGHT, terms
from bot.store.stream.search import MOST_COMPARED, MOST_WITH_WORD
from bot.store.stream.text_index import words_of

PAIRS = 1_000
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
        norm = SATURATION * (1 - OF_LENGTH + OF_LENGTH * lengths / MEAN_LENGTH)
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


class Index:
    """All papers in one FTS5 table, looked through as the store does."""

    def __init__(self, papers: Iterable[StreamPaper]) -> None:
        self._connection = sqlite3.connect(":memory:")
        self._connection.execute(
            "CREATE VIRTUAL TABLE paper USING fts5(title, abstract, detail=column, columnsize=0, "
            "tokenize='porter unicode61 remove_diacritics 2')"
        )
        rows = ((paper.title, paper.abstract) for paper in papers)
        self._connection.executemany("INSERT INTO paper VALUES (?, ?)", rows)

    def best(self, paper: StreamPaper, itself: int, most: int) -> list[int]:
        """Places of the papers most like one, which is at the place `itself`."""
        words = profile(paper.title, paper.abstract)
        looked_for = [(_asked(word), weight) for word, weight in distinctive(words).items()]
        newest = "SELECT rowid AS id, ? AS weight FROM paper WHERE paper MATCH ? ORDER BY rowid DESC LIMIT ?"
        each = " UNION ALL ".join([f"SELECT * FROM ({newest})"] * len(looked_for))
        given = [value for word, weight in looked_for for value in (weight, word, MOST_WITH_WORD)]
        query = f"SELECT id FROM ({each}) GROUP BY id ORDER BY sum(weight) DESC, id DESC LIMIT ?"
        shared = [id for (id,) in self._connection.execute(query, (*given, MOST_COMPARED + 1)) if id != itself + 1]
        marks = ",".join("?" * len(shared))
        found = self._connection.execute(f"SELECT rowid, title, abstract FROM paper WHERE rowid IN ({marks})", shared)
        return [row - 1 for row, _ in most_similar(words, found.fetchall(), most)]


def _asked(word: str) -> str:
    """A word as FTS5 is asked for it: all parts of one with hyphens."""
    return " AND ".join(f'"{part}"' for part in words_of(word))


def compare(
    index: Index, words: WordTable, papers: Sequence[StreamPaper], pairs: Sequence[tuple[int, int]]
) -> tuple[list[list[str]], list[str]]:
    """The rows of both methods: the share of pairs whose other paper is among the first; and ours less BM25's."""
    most, firsts = max(LENGTHS), [one for one, _ in pairs]
    found = {
        BM25: list(words.best(firsts, most)),
        OURS: [index.best(papers[one], one, most) for one in firsts],
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


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--pairs", type=int, default=PAIRS, help="pairs of each kind, drawn with a fixed seed")
    options = parser.parse_args()
    began = time.process_time()
    papers = read(options.data).stream
    chance = random.Random(11)
    index, words = Index(papers), WordTable(papers)
    print(f"On {machine()}. {len(papers):,} papers.", flush=True)
    for name, pairs in (("one author", author_pairs(papers)), ("one theme and week", theme_pairs(papers))):
        known = list(pairs)
        some = chance.sample(known, min(options.pairs, len(known)))
        rows, gains = compare(index, words, papers, some)
        head = [f"{len(some):,} pairs of {name}, found in the first", *map(str, LENGTHS)]
        print(f"\n{table(head, [*rows, ['95 % of the difference', *gains]])}", flush=True)
    print(f"\n{time.process_time() - began:.0f} s of a processor.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
