"""Charts in words, for those who cannot see them."""

from __future__ import annotations

from bot.editions.document import Chart
from bot.locale import Translator


def describe(chart: Chart, words: Translator) -> str:
    """The chart in a sentence: "From 2 Nov to 16 Nov: 9 papers in all; the most, 5, at 9 Nov."."""
    if chart.alt:
        return chart.alt
    if not chart.points:
        return words.gettext("There is nothing to show yet.")
    label, most = max(chart.points, key=lambda point: point[1])
    total = amount_of(sum(value for _, value in chart.points), chart.unit, words)
    if len(chart.points) == 1:
        # Translators: {label} is a day, a month, a year or any other label of a chart.
        return words.gettext("In {label}: {amount} in all.", label=label, amount=total)
    first, last = chart.points[0][0], chart.points[-1][0]
    if not most:
        return words.gettext("From {first} to {last}: {amount} in all.", first=first, last=last, amount=total)
    return words.gettext(
        "From {first} to {last}: {amount} in all; the most, {most}, at {label}.",
        first=first, last=last, amount=total, most=words.number(most), label=label,
    )  # fmt: skip


def amount_of(value: float, unit: str, words: Translator) -> str:
    """A value with its unit: "1,200 papers", and "1 paper"; a unit that a moderator typed stays as it is."""
    if unit == words.pgettext("unit", "papers") and value == int(value):
        return words.ngettext("{n} paper", "{n} papers", int(value))
    if unit == words.pgettext("unit", "votes") and value == int(value):
        return words.ngettext("{n} vote", "{n} votes", int(value))
    return f"{words.number(value)} {unit}".rstrip()
