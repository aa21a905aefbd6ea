"""Reasons of a score, read from the features that made it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.recommender.names import name_key
from bot.recommender.terms import Vector
from bot.recommender.values import Choice, RankReason, ReasonKind, StreamPaper

MOST_REASONS = 4
MOST_NAMES_IN_REASON = 3
LEAST_SHARE = 0.02


@dataclass(frozen=True)
class Ground:
    """One part of a score, before it is worded: its amount in points, and what it rests on."""

    kind: ReasonKind
    points: float
    names: tuple[str, ...] = ()
    key: str = ""
    amount: float = 0.0
    choice: Choice = Choice.LISTED


def reasons(grounds: Iterable[Ground]) -> tuple[RankReason, ...]:
    """The strongest grounds that speak for a paper, as shares of all that speak for it."""
    speaking = [ground for ground in grounds if ground.points > 0]
    total = sum(ground.points for ground in speaking)
    ordered = sorted(speaking, key=lambda ground: -ground.points)
    return tuple(
        RankReason(
            ground.kind,
            ground.names,
            ground.key,
            round(ground.amount, 3),
            round(ground.points / total, 3),
            ground.choice,
        )
        for ground in ordered[:MOST_REASONS]
        if ground.points / total >= LEAST_SHARE
    )


def named_authors(paper: StreamPaper, points: Mapping[str, float]) -> tuple[str, ...]:
    """The paper's authors that have points, the best known first, as the paper spells them."""
    known = [name for name in dict.fromkeys(paper.authors) if points.get(name_key(name), 0) > 0]
    known.sort(key=lambda name: -points[name_key(name)])
    return tuple(known[:MOST_NAMES_IN_REASON])


def shared_terms(paper: Vector, profile: Vector) -> tuple[str, ...]:
    """The terms by which a paper is nearest to the profile, strongest first."""
    products = {term: weight * profile[term] for term, weight in paper.items() if profile.get(term, 0) > 0}
    return tuple(sorted(products, key=lambda term: (-products[term], term))[:MOST_NAMES_IN_REASON])
