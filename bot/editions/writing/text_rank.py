"""TextRank: centrality of each sentence in a text.

R. Mihalcea and P. Tarau, "TextRank: Bringing Order into Texts", EMNLP 2004: the weight of the link between two
sentences is the number of shared words, divided by the sum of the logarithms of their lengths; a sentence is central if
central sentences link to it (PageRank).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log

DAMPING = 0.85
_ITERATIONS = 30


def centrality(sentences: Sequence[Sequence[str]]) -> list[float]:
    """Centrality of each sentence, given as its words; the average is 1."""
    word_sets = [frozenset(words) for words in sentences]
    count = len(word_sets)
    links = [[0.0 if i == j else _similarity(word_sets[i], word_sets[j]) for j in range(count)] for i in range(count)]
    return page_rank(links)


def page_rank(links: Sequence[Sequence[float]]) -> list[float]:
    """PageRank of each node, given the weights of the links between all nodes; the average is 1."""
    count = len(links)
    shares = [[weight / total if (total := sum(row)) else 0.0 for weight in row] for row in links]
    ranks = [1.0] * count
    for _ in range(_ITERATIONS):
        incoming = [sum(ranks[j] * shares[j][i] for j in range(count)) for i in range(count)]
        ranks = [(1 - DAMPING) + DAMPING * share for share in incoming]
    return ranks


def _similarity(first: frozenset[str], second: frozenset[str]) -> float:
    if len(first) < 2 or len(second) < 2:
        return 0.0
    return len(first & second) / (log(len(first)) + log(len(second)))
