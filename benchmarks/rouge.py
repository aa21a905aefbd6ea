"""ROUGE-1, ROUGE-2 and ROUGE-L (F): how much of a human's summary a machine's has, and the other way round.

C.-Y. Lin, "ROUGE: A Package for Automatic Evaluation of Summaries", ACL workshop, 2004, in the variant of Google's
`rouge_score` 0.1.2 with `use_stemmer=True`: lower case, words are runs of a-z and 0-9, words of more than three letters
are stemmed (Porter), n-grams are counted with clipping, ROUGE-L is the longest common subsequence of the whole text
(not summed over sentences), F weighs precision and recall alike. On the 291 summaries of `benchmarks/summaries.py` the
figures differ from that package's in the fourth digit only (its stemmer has a few more rules).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.porter import stem


@dataclass(frozen=True, slots=True)
class Rouge:
    """Three F figures, each from 0 (nothing in common) to 1 (the same)."""

    one: float
    two: float
    longest: float

    def __str__(self) -> str:
        return f"{self.one:.3f} / {self.two:.3f} / {self.longest:.3f}"


def words(text: str) -> list[str]:
    """The words that are compared: lower case, letters and digits of ASCII only, stemmed."""
    return [stem(word) if len(word) > 3 else word for word in re.findall("[a-z0-9]+", text.lower())]


def rouge(machine: str, human: str) -> Rouge:
    """Compare one machine's text with one human's."""
    ours, theirs = words(machine), words(human)
    return Rouge(
        _ngrams(ours, theirs, 1), _ngrams(ours, theirs, 2), _f(common_length(ours, theirs), len(ours), len(theirs))
    )


def mean(figures: Sequence[Rouge]) -> Rouge:
    """The average over texts, as reported everywhere."""
    n = max(1, len(figures))
    return Rouge(sum(f.one for f in figures) / n, sum(f.two for f in figures) / n, sum(f.longest for f in figures) / n)


def common_length(ours: Sequence[str], theirs: Sequence[str]) -> int:
    """The length of the longest common subsequence, by bits (Hyyrö 2004): a row of the usual table is one integer."""
    where: dict[str, int] = {}
    for position, word in enumerate(ours):
        where[word] = where.get(word, 0) | 1 << position
    full = (1 << len(ours)) - 1
    row = full
    for word in theirs:
        match = row & where.get(word, 0)
        row = ((row + match) | (row - match)) & full
    return len(ours) - row.bit_count()


def _ngrams(ours: Sequence[str], theirs: Sequence[str], n: int) -> float:
    mine = Counter(zip(*(ours[i:] for i in range(n)), strict=False))
    other = Counter(zip(*(theirs[i:] for i in range(n)), strict=False))
    return _f(sum((mine & other).values()), mine.total(), other.total())


def _f(common: int, ours: int, theirs: int) -> float:
    """Van Rijsbergen's F with equal weights."""
    return 2 * common / (ours + theirs) if common else 0.0
