"""Similar papers: by which words to look for them in an index, and how alike what is found is."""

from __future__ import annotations

import gzip
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from bot.shortlist.terms import MOST_REPEATS, TITLE_WEIGHT, Vector, cosine, terms, unit

CLOSE = 0.3
"""Cosine from which two abstracts count as close: of random pairs in one arXiv category 6 of 54,626 reach it."""
ALIKE = 0.12
"""Cosine below which a paper is not shown as similar."""
RARE_SHARE = 0.05
"""Share of all papers above which a word is too common to look for."""
MOST_TERMS = 12


@dataclass(frozen=True)
class _Frequencies:
    """How many of a number of papers have each word; words that few have are left out."""

    papers: int
    counts: dict[str, int]

    def rarity(self, term: str) -> float:
        """The inverse document frequency of a word; an unknown one is as rare as can be."""
        return math.log((1 + self.papers) / (1 + self.counts.get(term, 0))) + 1


def profile(title: str, abstract: str) -> Vector:
    """The words of a paper with their weights: how often it has them, and how rare they are on arXiv."""
    counted = Counter(terms(title) * TITLE_WEIGHT + terms(abstract))
    known = _frequencies()
    return unit({word: (1 + math.log(min(n, MOST_REPEATS))) * known.rarity(word) for word, n in counted.items()})


def distinctive(paper: Vector) -> tuple[str, ...]:
    """The words by which papers like this one are looked for, the weightiest first; none that many papers have.

    Words that no other paper is known to have come last: a name that was coined here finds little.
    """
    known = _frequencies()
    few = [word for word in paper if known.counts.get(word, 0) <= RARE_SHARE * known.papers]
    few.sort(key=lambda word: (word not in known.counts, -paper[word], word))
    return tuple(few[:MOST_TERMS])


def most_similar(paper: Vector, others: Iterable[tuple[int, str, str]], limit: int) -> list[tuple[int, float]]:
    """Of papers, given as id, title and abstract, the ids of those most alike, with the cosine, best first."""
    alike = [(id, cosine(paper, profile(title, abstract))) for id, title, abstract in others]
    alike = [(id, nearness) for id, nearness in alike if nearness >= ALIKE]
    return sorted(alike, key=lambda pair: (-pair[1], pair[0]))[:limit]


@lru_cache(maxsize=1)
def _frequencies() -> _Frequencies:
    """The table of `frequencies.txt.gz`, counted in arXiv's metadata of machine learning (CC0), spring 2025."""
    packed = resources.files(__package__).joinpath("frequencies.txt.gz").read_bytes()
    first, *lines = gzip.decompress(packed).decode().splitlines()
    pairs = (line.rsplit(" ", 1) for line in lines)
    return _Frequencies(int(first), {word: int(count) for word, count in pairs})
