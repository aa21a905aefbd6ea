"""Terms of a paper, and how much each weighs: sparse vectors in plain Python."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from bot.recommender.values import StreamPaper

_TERM = re.compile(r"[^\W\d_][\w-]*")
_SHORTEST = 2
MOST_REPEATS = 4
"""A term counts at most this often in one paper, so that repeating the club's words gains nothing."""
MOST_TERMS = 600
"""Terms of a paper that are read: an abstract has some 200, a hostile one as many as it likes."""
TITLE_WEIGHT = 2

STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        """a about above across after again against all also although among an and any are as at be because been before
        being below between both but by can could did do does doing done during each either et al even every few
        first for from further had has have having here how however if in into is it its itself just may might more
        most much must near nor not of off on once one only or other our out over own per propose proposed paper
        rather results same several should show shows since so some such than that the their them then there these
        they this those three through thus to too toward towards two under until up upon use used uses using very
        via was we well were what when where whereas whether which while who whose will with within without work
        would yet you your""",
    )
)

Vector = dict[str, float]
"""Weights by term, of length 1 in the sense of Euclid (or empty)."""


def terms(text: str) -> list[str]:
    """The words of the text that carry meaning, in lower case and in order, at most `MOST_TERMS`."""
    words = (word.rstrip("-") for word in _TERM.findall(text.lower()))
    return [word for word in words if len(word) >= _SHORTEST and word not in STOP_WORDS][:MOST_TERMS]


def counts(paper: StreamPaper) -> Counter[str]:
    """Occurrences of each term in title (which counts twice) and abstract, none above `MOST_REPEATS`."""
    found = Counter(terms(paper.title) * TITLE_WEIGHT + terms(paper.abstract))
    return Counter({term: min(count, MOST_REPEATS) for term, count in found.items()})


def rarity(papers: Iterable[Mapping[str, int]]) -> dict[str, float]:
    """The inverse document frequency of each term among papers: 1 for a term of all, more the rarer it is."""
    frequency: Counter[str] = Counter()
    number = 0
    for paper in papers:
        frequency.update(paper.keys())
        number += 1
    return {term: math.log((1 + number) / (1 + count)) + 1 for term, count in frequency.items()}


def vector(paper: Mapping[str, int], idf: Mapping[str, float]) -> Vector:
    """TF-IDF with logarithmic counts, of length 1. A term that `idf` lacks is left out."""
    weights = {term: (1 + math.log(count)) * idf[term] for term, count in paper.items() if term in idf}
    return unit(weights)


def unit(weights: Vector) -> Vector:
    """The same direction with length 1; empty if there is none."""
    length = math.sqrt(sum(weight * weight for weight in weights.values()))
    return {term: weight / length for term, weight in weights.items()} if length else {}


def cosine(one: Vector, other: Vector) -> float:
    """The inner product of two vectors of length 1: 0 for nothing in common, 1 for the same."""
    if len(other) < len(one):
        one, other = other, one
    return sum(weight * other[term] for term, weight in one.items() if term in other)
