"""A chart in words: one sentence for those who cannot see it, and its numbers as a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.editions import quantities
from bot.editions.document import Chart

_RUN = 3
"""As many labels in a row, or more, are written as the first and the last."""


def words(chart: Chart) -> str:
    """What it shows, for those who cannot see it: "From 2 Nov to 16 Nov: 9 papers in all; the most, 5, at 9 Nov."."""
    if chart.alt:
        return chart.alt
    if not chart.points:
        return "There is nothing to show yet."
    values = [value for _, value in chart.points]
    decimals = quantities.places(values)
    if len(chart.points) == 1:
        return f"{chart.points[0][0]}: {quantities.counted(values[0], decimals, chart.unit)}."
    span = f"From {chart.points[0][0]} to {chart.points[-1][0]}"
    if not any(values):
        return f"{span}: no {chart.unit}." if _are_counts(chart) and chart.unit else f"{span}: all are 0."
    most_at, most = max(chart.points, key=lambda point: point[1])
    if _are_counts(chart):
        total = quantities.counted(sum(values), decimals, chart.unit)
        return f"{span}: {total} in all; the most, {quantities.number(most, decimals)}, at {most_at}."
    least_at, least = min(chart.points, key=lambda point: point[1])
    low, high = (quantities.counted(value, decimals, chart.unit) for value in (least, most))
    return f"{span}: the least, {low}, at {least_at}; the most, {high}, at {most_at}."


def rows(chart: Chart) -> tuple[str, ...]:
    """Its numbers as a list: "2020: 1,680 papers". What is zero is said in one row at the end, however much it is."""
    decimals = quantities.places(value for _, value in chart.points)
    return tuple(f"{label}: {quantities.counted(value, decimals, chart.unit)}" for label, value in _gathered(chart))


def table(chart: Chart) -> tuple[tuple[str, str], ...]:
    """The same as labels and numbers, for a table whose head has the unit."""
    decimals = quantities.places(value for _, value in chart.points)
    attached = chart.unit if chart.unit in quantities.ATTACHED else ""
    return tuple((label, quantities.number(value, decimals) + attached) for label, value in _gathered(chart))


def _are_counts(chart: Chart) -> bool:
    """Whether it makes sense to add the numbers up."""
    return chart.unit not in quantities.ATTACHED and all(value >= 0 for _, value in chart.points)


def _gathered(chart: Chart) -> Iterator[tuple[str, float]]:
    yield from ((label, value) for label, value in chart.points if value)
    runs = [[label for label, _ in run] for zero, run in groupby(chart.points, lambda point: not point[1]) if zero]
    if runs:
        yield ", ".join(_run(labels) for labels in runs), 0.0


def _run(labels: Sequence[str]) -> str:
    return f"{labels[0]} – {labels[-1]}" if len(labels) >= _RUN else ", ".join(labels)
