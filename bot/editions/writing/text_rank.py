"""Which sentences the others of a text speak of: TextRank.

R. Mihalcea and P. Tarau, "TextRank: Bringing Order into Texts", EMNLP 2004: two sentences are linked by the words that
they share, divided by the logarithms of their lengths; a sentence is central if central sentences link to it
(PageRank).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log

DAMPING = 0.85
_ITERATIONS = 30


def centrality(sentences: Sequence[Sequence[str]]) -> list[float]:
    """How central each sentence, given as its words, is among them; on average 1."""
    bags = [frozenset(words) for words in sentences]
    count = len(bags)
    links = [[0.0 if i == j else _similarity(bags[i], bags[j]) for j in range(count)] for i in range(count)]
    return page_rank(links)


def page_rank(links: Sequence[Sequence[float]]) -> list[float]:
    """The standing of each node, given the weights of the links from each to each; on average 1."""
    count = len(links)
    shares = [[weight / total if (total := sum(row)) else 0.0 for weight in row] for row in links]
    ranks = [1.0] * count
    for _ in range(_ITERATIONS):
        given = [sum(ranks[j] * shares[j][i] for j in range(count)) for i in range(count)]
        ranks = [(1 - DAMPING) + DAMPING * share for share in given]
    return ranks


def _similarity(one: frozenset[str], other: frozenset[str]) -> float:
    if len(one) < 2 or len(other) < 2:
        return 0.0
    return len(one & other) / (log(len(one)) + log(len(other)))
