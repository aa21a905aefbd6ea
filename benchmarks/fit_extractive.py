"""Fit the weights of the extractive writer and print them: `python -m benchmarks.fit_extractive DATA`.

Ridge regression of each sentence's overlap with the curator's summary (words and word pairs, divided by its length) on
its features (`bot.editions.writing.sentence_features`), weighted by sentence length. Fitted to papers up to April 2025
only, so that `benchmarks.summaries` evaluates on unseen papers.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from benchmarks import picks
from benchmarks.rouge import words
from bot.editions.writing.extractive import usable
from bot.editions.writing.sentence_features import FEATURES, sentence_features

PENALTY = 10.0
"""Ridge penalty. Values from 1 to 1,000 give the same result to three digits."""


def fit(papers: Sequence[picks.Pick]) -> list[float]:
    """The weight of each feature, and the base last."""
    rows: list[tuple[float, ...]] = []
    worths: list[float] = []
    lengths: list[float] = []
    for paper in papers:
        lines = usable(paper.abstract)
        human = words(paper.summary)
        for line, features in zip(lines, sentence_features(paper.title, lines), strict=True):
            length = len(line.split())
            rows.append(features)
            worths.append(_overlap(words(line), human) / length)
            lengths.append(length)
    return ridge(rows, worths, lengths, PENALTY)


def ridge(
    rows: Sequence[Sequence[float]], values: Sequence[float], weights: Sequence[float], penalty: float
) -> list[float]:
    """Weighted least squares with a penalty on standardised coefficients; the constant, unpenalised, is last."""
    total, size = sum(weights), len(rows[0])
    columns = list(zip(*rows, strict=True))
    means = [sum(x * w for x, w in zip(column, weights, strict=True)) / total for column in columns]
    spreads = [
        (sum(w * (x - mean) ** 2 for x, w in zip(column, weights, strict=True)) / total) ** 0.5
        for column, mean in zip(columns, means, strict=True)
    ]
    level = sum(v * w for v, w in zip(values, weights, strict=True)) / total
    scaled = [[(x - mean) / spread for x, mean, spread in zip(row, means, spreads, strict=True)] for row in rows]
    normal = [
        [
            sum(w * row[i] * row[j] for row, w in zip(scaled, weights, strict=True)) + penalty * (i == j)
            for j in range(size)
        ]
        for i in range(size)
    ]
    right = [
        sum(w * row[i] * (v - level) for row, v, w in zip(scaled, values, weights, strict=True)) for i in range(size)
    ]
    slopes = [slope / spread for slope, spread in zip(_solved(normal, right), spreads, strict=True)]
    return [*slopes, level - sum(slope * mean for slope, mean in zip(slopes, means, strict=True))]


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Gauss's elimination; the matrix is positive definite, so no pivot is nought."""
    size = len(right)
    table = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for pivot in range(size):
        for row in range(pivot + 1, size):
            factor = table[row][pivot] / table[pivot][pivot]
            table[row] = [a - factor * b for a, b in zip(table[row], table[pivot], strict=True)]
    solution = [0.0] * size
    for row in reversed(range(size)):
        known = sum(table[row][column] * solution[column] for column in range(row + 1, size))
        solution[row] = (table[row][size] - known) / table[row][row]
    return solution


def _overlap(ours: Sequence[str], human: Sequence[str]) -> int:
    """Number of words and word pairs in common, with multiplicity."""
    first = (Counter(ours) & Counter(human)).total()
    return first + (Counter(pairwise(ours)) & Counter(pairwise(human))).total()


def main() -> None:
    """Print the weights in the format of `bot.editions.writing.extractive`."""
    data = picks.folder()
    if data is None:
        sys.exit("No data to fit to: name the folder that has picks_dev.jsonl.gz, or set JOURNALCLUB_DATA.")
    *slopes, base = fit(picks.earlier(data))
    print(f"BASE = {base:.3f}\nWEIGHTS = {{")
    for name, slope in zip(FEATURES, slopes, strict=True):
        print(f'    "{name}": {slope:.3f},')
    print("}")


if __name__ == "__main__":
    main()
