"""Prior taste for clubs that have chosen nothing yet: words of papers that many people voted for on Hugging Face.

It was learned from machine learning alone (`python -m benchmarks.fit_prior`), so papers of other fields have none.
"""

from __future__ import annotations

import gzip
import math
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from bot.recommender import similar
from bot.recommender.reasons import shared_terms
from bot.recommender.values import StreamPaper

FIELDS = ("cs.", "eess.", "stat.ML")
"""Beginnings of the categories whose papers it was learned from."""
FILE = "prior_words.txt.gz"
AUTHOR_COUNT_WEIGHT = 0.5
"""Weight of the logarithm of the number of authors beside the words."""


@dataclass(frozen=True, slots=True)
class PriorScore:
    """Likeness of a paper to those with many votes: by its words, and the logarithm of its number of authors."""

    words: float
    authors: float
    names: tuple[str, ...]
    """The words that speak most for it."""


def prior_score(paper: StreamPaper) -> PriorScore | None:
    """The score of a paper; None for one of another field."""
    if not any(category.startswith(FIELDS) for category in paper.categories):
        return None
    found, known = similar.profile(paper.title, paper.abstract), prior_words()
    words = sum(amount * known[word] for word, amount in found.items() if word in known)
    return PriorScore(words, math.log(max(1, len(paper.authors))), shared_terms(found, known))


@lru_cache(maxsize=1)
def prior_words() -> dict[str, float]:
    """Weights of words, above 0 for those of papers with many votes."""
    lines = gzip.decompress(resources.files(__package__).joinpath(FILE).read_bytes()).decode().splitlines()
    return {word: float(weight) for word, weight in (line.rsplit(" ", 1) for line in lines)}
