"""Similar papers: the words by which they are looked up in an index, and the similarity of those that are found."""

from __future__ import annotations

import gzip
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from bot.recommender.terms import MOST_REPEATS, TITLE_WEIGHT, Vector, terms, unit

CLOSE = 0.3
"""Cosine from which two abstracts count as close: of random pairs in one arXiv category 6 of 54,626 reach it."""
ALIKE = 0.12
"""Cosine below which a paper is not shown as similar, nor named as a reason for another."""
RARE_SHARE = 0.08
"""Share of all papers above which a word is too common to look for."""
MOST_TERMS = 32
BM25_WEIGHT = 0.5
"""Weight of BM25 beside the cosine, as a share of a paper's BM25 with itself: both together find pairs better."""
REPEAT_WEIGHTS = tuple(1 + math.log(max(1, n)) for n in range(MOST_REPEATS + 1))
"""Weight of a word by how often a paper has it, at most `MOST_REPEATS` times."""
SATURATION, LENGTH_NORMALIZATION, MEAN_LENGTH = 1.2, 0.75, 110.0
"""BM25's usual parameters k1 and b, and the number of words of a usual abstract."""


@dataclass(frozen=True)
class _Frequencies:
    """Number of papers that have each word, of all papers; words that few have are left out."""

    papers: int
    counts: dict[str, int]
    rarities: dict[str, float]

    def rarity(self, term: str) -> float:
        """The inverse document frequency of a word; an unknown one is as rare as can be."""
        return self.rarities.get(term) or _rarity(self.papers, 0)


def profile(title: str, abstract: str) -> Vector:
    """The words of a paper with their weights: how often it has them, and how rare they are on arXiv."""
    known = _frequencies()
    return unit(
        {
            word: REPEAT_WEIGHTS[min(n, MOST_REPEATS)] * known.rarity(word)
            for word, n in _counted(title, abstract).items()
        }
    )


def distinctive(paper: Vector) -> dict[str, float]:
    """The words by which papers like this one are looked for, with their weights, the weightiest first.

    Words that many papers have are left out. Words that no other paper is known to have come last, since a new name
    finds little.
    """
    known = _frequencies()
    few = [word for word in paper if known.counts.get(word, 0) <= RARE_SHARE * known.papers]
    few.sort(key=lambda word: (word not in known.counts, -paper[word], word))
    return {word: paper[word] * math.sqrt(known.rarity(word)) for word in few[:MOST_TERMS]}


def most_similar(paper: Vector, others: Iterable[tuple[int, str, str]], limit: int) -> list[tuple[int, float]]:
    """Ids of the most similar papers, with the cosine, best first, of papers given as id, title and abstract.

    The order is by cosine and BM25 together.
    """
    known = _frequencies()
    rarities = {word: known.rarity(word) for word in paper}
    most = sum(rarities.values()) or 1.0
    found = []
    for id, title, abstract in others:
        counted = _counted(title, abstract)
        cosine = _nearness(paper, counted)
        if cosine >= ALIKE:
            found.append((cosine + BM25_WEIGHT * _bm25(rarities, counted) / most, id, cosine))
    found.sort(key=lambda one: (-one[0], one[1]))
    return [(id, cosine) for _, id, cosine in found[:limit]]


def nearness(paper: Vector, title: str, abstract: str) -> float:
    """The cosine of a paper, given as its profile, and another: the same whichever of them is the profile."""
    return _nearness(paper, _counted(title, abstract))


def _counted(title: str, abstract: str) -> Counter[str]:
    return Counter(terms(title) * TITLE_WEIGHT + terms(abstract))


def _nearness(paper: Vector, counted: Mapping[str, int]) -> float:
    """The cosine of a paper, given as its profile, and another, given as its counted words."""
    rarities, rarest = _frequencies().rarities, _rarity(_frequencies().papers, 0)
    squares = shared = 0.0
    for word, n in counted.items():
        weight = REPEAT_WEIGHTS[n if n < MOST_REPEATS else MOST_REPEATS] * rarities.get(word, rarest)
        squares += weight * weight
        if word in paper:
            shared += weight * paper[word]
    return shared / math.sqrt(squares) if squares else 0.0


def _bm25(rarities: Mapping[str, float], counted: Counter[str]) -> float:
    """BM25 of a paper's counted words for the words of another, given with how rare they are."""
    norm = SATURATION * (1 - LENGTH_NORMALIZATION + LENGTH_NORMALIZATION * counted.total() / MEAN_LENGTH)
    return sum(
        rarity * (1 + SATURATION) * n / (n + norm) for word, rarity in rarities.items() if (n := counted.get(word))
    )


@lru_cache(maxsize=1)
def _frequencies() -> _Frequencies:
    """The table of `frequencies.txt.gz`, counted in arXiv's metadata of machine learning (CC0), spring 2025."""
    packed = resources.files(__package__).joinpath("frequencies.txt.gz").read_bytes()
    first, *lines = gzip.decompress(packed).decode().splitlines()
    pairs = (line.rsplit(" ", 1) for line in lines)
    counts = {word: int(count) for word, count in pairs}
    return _Frequencies(int(first), counts, {word: _rarity(int(first), count) for word, count in counts.items()})


def _rarity(papers: int, count: int) -> float:
    return math.log((1 + papers) / (1 + count)) + 1
