"""Recall of ranked lists over weeks, and paired bootstrap intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks.shortlist_weeks import Week

LENGTHS = (10, 50, 100, 200)
RESAMPLES = 4_000


def hits(week: Week, scores: Any, days: int) -> list[int]:
    """Chosen papers of the last `days` days, and how many of them are in the first 10, 50, 100 and 200."""
    inside = week.ages < days
    order = np.argsort(-np.asarray(scores)[inside], kind="stable")
    found = week.relevant[inside][order]
    return [int(found.sum()), *(int(found[:length].sum()) for length in LENGTHS)]


def recall(counts: Sequence[Sequence[int]]) -> list[float]:
    """Recall at each length over all weeks together."""
    total = np.sum(counts, axis=0)
    return [float(found / max(1, total[0])) for found in total[1:]]


def difference(one: Sequence[Sequence[int]], other: Sequence[Sequence[int]], length: int) -> tuple[float, float]:
    """The middle 95 % of the gain in recall of one method over another when the weeks are drawn again."""
    place = 1 + LENGTHS.index(length)
    first, second = np.array(one), np.array(other)
    draws = np.random.default_rng(7).integers(0, len(first), (RESAMPLES, len(first)))
    all_of = first[draws, 0].sum(axis=1)
    gains = (first[draws, place].sum(axis=1) - second[draws, place].sum(axis=1)) / np.maximum(1, all_of)
    low, high = np.percentile(gains, [2.5, 97.5])
    return float(low), float(high)
