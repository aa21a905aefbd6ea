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
    amount = f"{words.number(sum(value for _, value in chart.points))} {chart.unit}".rstrip()
    if len(chart.points) == 1:
        # Translators: {label} is a day, a month, a year or any other label of a chart.
        return words.gettext("In {label}: {amount} in all.", label=label, amount=amount)
    first, last = chart.points[0][0], chart.points[-1][0]
    if not most:
        return words.gettext("From {first} to {last}: {amount} in all.", first=first, last=last, amount=amount)
    return words.gettext(
        "From {first} to {last}: {amount} in all; the most, {most}, at {label}.",
        first=first, last=last, amount=amount, most=words.number(most), label=label,
    )  # fmt: skip
