"""The second stage: how far each feature is to be trusted. It is fitted once, on real weeks, and ships with us.

There are two: one fitted to what curators chose, and one to what a crowd voted for, since votes follow authors more and
words less. Features are compared within the window, so that what was learned from one club's history serves another's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np

from bot.locale.current import mark_text
from bot.recommender.learned.features import FEATURES
from bot.recommender.values import ModelUnusable

STACK_VERSION = 1
OTHER_STACK = mark_text("The weights installed with Journal Club do not fit this version. Install Journal Club again.")
MOST_DEVIATIONS = 6.0


@dataclass(frozen=True)
class Tree:
    """A decision tree in arrays, node 0 first. A row goes to `left` if its feature is at most the threshold.

    A child below 0 is a leaf: ~child is its place in `values`.
    """

    features: Sequence[int]
    thresholds: Sequence[float]
    left: Sequence[int]
    right: Sequence[int]
    values: Sequence[float]

    def score(self, table: Any) -> Any:
        """The value of the leaf that each row reaches: all questions are asked at once, since a tree has few."""
        answers = table[:, np.array(self.features, dtype=int)] <= np.array(self.thresholds)
        codes = answers @ (1 << np.arange(len(self.features)))
        return np.array([self._value(code) for code in range(1 << len(self.features))])[codes]

    def _value(self, code: int) -> float:
        """The value that is reached by the answers of a code: bit n is set if node n goes left."""
        at = 0 if self.features else -1
        while at >= 0:
            at = self.left[at] if code >> at & 1 else self.right[at]
        return self.values[~at]


@dataclass(frozen=True)
class Stack:
    """A linear model and a sum of trees over `FEATURES`, added after both are standardized within the window."""

    means: Sequence[float]
    deviations: Sequence[float]
    coefficients: Sequence[float]
    trees: Sequence[Tree]
    fitted: str = ""
    """The day on which it was fitted."""

    def score(self, table: Any) -> Any:
        """One score a row: higher is better, comparable within the table only."""
        linear = self.contributions(table).sum(axis=1)
        trees = sum((tree.score(table) for tree in self.trees), np.zeros(len(table)))
        return _standardized(linear) + _standardized(trees)

    def contributions(self, table: Any) -> Any:
        """Amount that each feature adds to the linear part, one row a paper."""
        standard = (table - np.array(self.means)) / np.array(self.deviations)
        return np.clip(standard, -MOST_DEVIATIONS, MOST_DEVIATIONS) * np.array(self.coefficients)


def to_json(stack: Stack) -> str:
    """The stack as text, with the features that it was fitted to."""
    return json.dumps({"version": STACK_VERSION, "features": FEATURES, **asdict(stack)}, separators=(",", ":"))


def from_json(text: str) -> Stack:
    """The stack of such a text. Raises ModelUnusable if it was fitted to other features."""
    read: Mapping[str, Any] = json.loads(text)
    if read["version"] != STACK_VERSION or tuple(read["features"]) != FEATURES:
        raise ModelUnusable(OTHER_STACK)
    return Stack(
        read["means"],
        read["deviations"],
        read["coefficients"],
        [Tree(**tree) for tree in read["trees"]],
        read["fitted"],
    )


class Teacher(StrEnum):
    """People to whose choices a stack was fitted: it says how far words and authors tell what such people choose."""

    CURATORS = "curators"
    CROWD = "crowd"


@lru_cache(maxsize=2)
def shipped_stack(teacher: Teacher) -> Stack:
    """One of the stacks in the package's folder."""
    return from_json(resources.files(__package__).joinpath(file_name(teacher)).read_text("utf-8"))


def file_name(teacher: Teacher) -> str:
    """Name of a stack's file."""
    return f"stack_of_{teacher}.json"


def _standardized(values: Any) -> Any:
    deviation = values.std()
    return (values - values.mean()) / deviation if deviation > 1e-9 else np.zeros_like(values)
