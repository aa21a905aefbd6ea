"""Authors by the form of their name in which they are compared."""

from __future__ import annotations

import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping

from bot.recommender.values import StreamPaper

MOST_NAMES = 200
"""Authors of one paper that are read; longer lists are collaborations, or made to match."""
_SPACES = str.maketrans(".-‐\t", "    ")


def name_key(name: str) -> str:
    """The name in lower case, without accents, dots and hyphens; "Family, Given" is turned round."""
    if name.count(",") == 1:
        family, given = name.split(",")
        name = f"{given} {family}"
    plain = name.lower()
    if not plain.isascii():
        decomposed = unicodedata.normalize("NFKD", plain)
        plain = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return " ".join(plain.translate(_SPACES).split())


def name_keys(paper: StreamPaper) -> tuple[str, ...]:
    """The keys of a paper's authors, in order, each once."""
    return tuple(dict.fromkeys(key for name in paper.authors[:MOST_NAMES] if (key := name_key(name))))


def author_points(weighted: Iterable[tuple[StreamPaper, float]]) -> dict[str, float]:
    """Sum of the weights of the papers that an author wrote, by author."""
    points: dict[str, float] = defaultdict(float)
    for paper, weight in weighted:
        for key in name_keys(paper):
            points[key] += weight
    return dict(points)


def author_score(keys: Iterable[str], points: Mapping[str, float]) -> float:
    """Sum over the authors of the logarithm of their points; those with fewer than none take away."""
    return sum(math.copysign(math.log1p(abs(points[key])), points[key]) for key in keys if key in points)
