"""A chart as text: one sentence as alternative text, and its numbers as a list or a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.editions.model.document import Chart
from bot.editions.render.charts import quantities
from bot.locale import Translator

_MIN_ABBREVIATED_RUN = 3
"""Minimum number of consecutive labels that are abbreviated as first and last."""
_MIN_GROUPED_ZEROS = 3
"""Zeros from which they are combined in one row."""


def describe(chart: Chart, words: Translator) -> str:
    """The chart in a sentence: "From 2 Nov to 16 Nov: 9 papers in all; the most, 5, at 9 Nov."."""
    if chart.alt:
        return chart.alt
    if not chart.points:
        return words.gettext("There is nothing to show yet.")
    values = [value for _, value in chart.points]
    decimals = quantities.decimals_for(values)
    if len(chart.points) == 1:
        amount = quantities.with_unit(values[0], decimals, chart.unit, words)
        # Translators: {label} is a day, a month, a year or any other label of a chart, {amount} such as "12 papers".
        return words.gettext("{label}: {amount}.", label=chart.points[0][0], amount=amount)
    first, last = chart.points[0][0], chart.points[-1][0]
    if not any(values):
        if chart.unit and _are_counts(chart):
            # Translators: {unit} is a plural such as "papers", or what a moderator typed, of any gender.
            return words.gettext("From {first} to {last}: no {unit}.", first=first, last=last, unit=chart.unit)
        return words.gettext("From {first} to {last}: all are 0.", first=first, last=last)
    most_at, most = max(chart.points, key=lambda point: point[1])
    if _are_counts(chart):
        total = quantities.with_unit(sum(values), decimals, chart.unit, words)
        return words.gettext(
            "From {first} to {last}: {amount} in all; the most, {most}, at {label}.",
            first=first, last=last, amount=total, most=quantities.number(most, decimals, words), label=most_at,
        )  # fmt: skip
    least_at, least = min(chart.points, key=lambda point: point[1])
    low, high = (quantities.with_unit(value, decimals, chart.unit, words) for value in (least, most))
    return words.gettext(
        "From {first} to {last}: the least, {least}, at {least_label}; the most, {most}, at {label}.",
        first=first, last=last, least=low, least_label=least_at, most=high, label=most_at,
    )  # fmt: skip


def rows(chart: Chart, words: Translator) -> tuple[str, ...]:
    """The numbers as a list: "2020: 1,680 papers". Many zeros are combined in one row at the end."""
    decimals = quantities.decimals_for(value for _, value in chart.points)
    return tuple(
        f"{label}: {quantities.with_unit(value, decimals, chart.unit, words)}"
        for label, value in _with_grouped_zeros(chart)
    )


def table(chart: Chart, words: Translator) -> tuple[tuple[str, str], ...]:
    """The numbers as pairs of label and value, for a table with the unit in its header."""
    decimals = quantities.decimals_for(value for _, value in chart.points)
    attached = chart.unit if chart.unit in quantities.ATTACHED else ""
    return tuple(
        (label, quantities.number(value, decimals, words) + attached) for label, value in _with_grouped_zeros(chart)
    )


def _are_counts(chart: Chart) -> bool:
    """Return True if the values can be added up."""
    return chart.unit not in quantities.ATTACHED and all(value >= 0 for _, value in chart.points)


def _with_grouped_zeros(chart: Chart) -> Iterator[tuple[str, float]]:
    if sum(not value for _, value in chart.points) < _MIN_GROUPED_ZEROS:
        yield from chart.points
        return
    yield from ((label, value) for label, value in chart.points if value)
    runs = [[label for label, _ in run] for zero, run in groupby(chart.points, lambda point: not point[1]) if zero]
    if runs:
        yield ", ".join(_run_label(labels) for labels in runs), 0.0


def _run_label(labels: Sequence[str]) -> str:
    return f"{labels[0]} – {labels[-1]}" if len(labels) >= _MIN_ABBREVIATED_RUN else ", ".join(labels)
