"""Caps of a list: one author, or one day, cannot fill it, however well the words match."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator

from bot.recommender.names import name_keys
from bot.recommender.values import RankedPaper

MOST_OF_AN_AUTHOR_AND_DAY = 2
MOST_OF_AN_AUTHOR = 4
DAYS_SHARE, LEAST_OF_A_DAY = 0.4, 3
"""The part of a list that one day may have, where papers come from several days, and the places it always may."""


def capped(ranked: Iterable[RankedPaper], limit: int) -> tuple[RankedPaper, ...]:
    """The first `limit` papers, best first, without those that go beyond a cap.

    If the caps leave the list short because there are few days, papers above the day's cap fill it up; an author's cap
    always holds.
    """
    papers = list(ranked)
    days = len({paper.paper.published.date() for paper in papers})
    of_a_day = limit if days < 3 else max(LEAST_OF_A_DAY, math.ceil(limit * DAYS_SHARE))
    chosen: list[RankedPaper] = []
    left_out: list[RankedPaper] = []
    by_author = _AuthorCaps()
    by_day: Counter[object] = Counter()
    for paper in papers:
        if len(chosen) == limit:
            break
        day = paper.paper.published.date()
        if by_day[day] >= of_a_day:
            left_out.append(paper)
        elif by_author.admits(paper):
            by_day[day] += 1
            chosen.append(paper)
    chosen += _fill(left_out, by_author, limit - len(chosen))
    return tuple(sorted(chosen, key=lambda paper: -paper.score))


class _AuthorCaps:
    """Counts the papers of each author, and of each author and day."""

    def __init__(self) -> None:
        self._all: Counter[str] = Counter()
        self._of_day: Counter[tuple[object, str]] = Counter()

    def admits(self, ranked: RankedPaper) -> bool:
        """True, and the paper is counted, if none of its authors has too many."""
        day, keys = ranked.paper.published.date(), name_keys(ranked.paper)
        full = any(
            self._all[key] >= MOST_OF_AN_AUTHOR or self._of_day[day, key] >= MOST_OF_AN_AUTHOR_AND_DAY for key in keys
        )
        if not full:
            self._all.update(keys)
            self._of_day.update((day, key) for key in keys)
        return not full


def _fill(papers: Iterable[RankedPaper], by_author: _AuthorCaps, number: int) -> Iterator[RankedPaper]:
    for paper in papers:
        if number <= 0:
            return
        if by_author.admits(paper):
            number -= 1
            yield paper
