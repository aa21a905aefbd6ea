"""Tables of authors: how much of their work was chosen, by the club and by the crowd, and that of their co-authors."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.recommender.learned.training_data import LearningSet, joined

AUTHOR_DAYS = 120.0
"""Half-life of an author's recent points."""
MOST_TOGETHER, MOST_POINTS, MOST_CROWD_POINTS = 60, 3.0, 10.0
"""Authors of a paper from which it says nothing of who works with whom; points of one author that count there."""
LEAST_VOTES = 3.0
"""Votes that a paper counts with at least if the crowd listed it."""
DOUBT = 0.01
"""Share of papers that is added to each category's, so that rare ones say little."""


@dataclass(frozen=True)
class AuthorTables:
    """Points by author."""

    picks: Mapping[str, float]
    recent: Mapping[str, float]
    crowd: Mapping[str, float]
    papers: Mapping[str, float]
    """Papers of each author in the background, chosen or not."""
    near: Mapping[str, float]
    """Mean points of those with whom an author wrote papers of the background."""
    crowd_near: Mapping[str, float]


def author_tables(learning: LearningSet, ages: Any, liked: Any) -> AuthorTables:
    """The tables of a taste. `ages` are the choices' in days, `liked` the rows of those that speak for a paper."""
    chosen, others, strength = learning.chosen, learning.others, np.abs(learning.weights)
    picks = _points((chosen.authors[at], float(strength[at])) for at in liked)
    voted = joined(others, learning.popular)
    crowd = _points(
        (names, math.log1p(max(LEAST_VOTES, votes)))
        for names, votes in zip(voted.authors, voted.votes, strict=True)
        if votes >= 0
    )
    papers = _points((names, 1.0) for names in others.authors)
    return AuthorTables(
        picks,
        _points((chosen.authors[at], float(strength[at] * 0.5 ** (ages[at] / AUTHOR_DAYS))) for at in liked),
        crowd,
        papers,
        _nearness(others.authors, picks, papers, MOST_POINTS),
        _nearness(others.authors, crowd, papers, MOST_CROWD_POINTS),
    )


def category_odds(learning: LearningSet, weights: Any, rows: Any) -> dict[str, float]:
    """Logarithm of the ratio of a category's share of chosen papers to its share of the background, by category."""
    wanted = [at for at in rows if learning.weights[at] > 0 and learning.chosen.categories[at]]
    total = float(sum(weights[at] for at in wanted))
    mine: defaultdict[str, float] = defaultdict(float)
    for at in wanted:
        for category in learning.chosen.categories[at]:
            mine[category] += float(weights[at]) / total
    theirs = Counter(category for one in learning.others.categories for category in one)
    number = max(1, len(learning.others))
    return {
        name: math.log((mine.get(name, 0.0) + DOUBT) / (theirs[name] / number + DOUBT)) for name in {*mine, *theirs}
    }


def _nearness(
    authors: Sequence[tuple[str, ...]], points: Mapping[str, float], papers: Mapping[str, float], most: float
) -> dict[str, float]:
    """Mean points of an author's co-authors, by author, over their papers (one more is assumed)."""
    near: defaultdict[str, float] = defaultdict(float)
    for names in authors:
        if 1 < len(names) <= MOST_TOGETHER:
            each = [min(most, points.get(name, 0.0)) for name in names]
            if total := sum(each):
                for name, own in zip(names, each, strict=True):
                    near[name] += (total - own) / (len(names) - 1)
    return {name: value / (1 + papers.get(name, 0.0)) for name, value in near.items()}


def _points(weighted: Iterable[tuple[Sequence[str], float]]) -> dict[str, float]:
    points: defaultdict[str, float] = defaultdict(float)
    for names, weight in weighted:
        for name in names:
            points[name] += weight
    return dict(points)
