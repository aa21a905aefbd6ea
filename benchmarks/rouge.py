"""ROUGE-1, ROUGE-2 and ROUGE-L (F): n-gram overlap of a summary with a human's.

C.-Y. Lin, "ROUGE: A Package for Automatic Evaluation of Summaries", ACL workshop, 2004, computed by Google's
`rouge_score` with stemming, like in most papers. It depends on NumPy and NLTK: install it with `pip install -e
.[bench]`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import snowballstemmer

if TYPE_CHECKING:
    from rouge_score.rouge_scorer import RougeScorer

_PORTER = snowballstemmer.stemmer("porter")


@dataclass(frozen=True, slots=True)
class Rouge:
    """Three F figures, each from 0 (nothing in common) to 1 (the same)."""

    one: float
    two: float
    longest: float

    def __str__(self) -> str:
        return f"{self.one:.3f} / {self.two:.3f} / {self.longest:.3f}"


def words(text: str) -> list[str]:
    """The words as ROUGE compares them: lower case, letters and digits of ASCII only, longer ones stemmed."""
    found = re.findall("[a-z0-9]+", text.lower())
    return [_PORTER.stemWord(word) if len(word) > 3 else word for word in found]


def rouge(machine: str, human: str) -> Rouge:
    """Compare one machine's text with one human's."""
    scored = _scorer().score(human, machine)
    return Rouge(*(float(scored[name].fmeasure) for name in ("rouge1", "rouge2", "rougeL")))


def mean(figures: Sequence[Rouge]) -> Rouge:
    """The average over texts, as reported everywhere."""
    n = max(1, len(figures))
    return Rouge(sum(f.one for f in figures) / n, sum(f.two for f in figures) / n, sum(f.longest for f in figures) / n)


@cache
def _scorer() -> RougeScorer:
    from rouge_score.rouge_scorer import RougeScorer

    return RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=True)
