"""The terminal's way to draw: columns of numbers as one line."""

from __future__ import annotations

import pytest

from adapters.console.render import TerminalStyle, render
from bot.chat.cards import Card, ChartPart


@pytest.mark.parametrize(
    ("values", "drawn"),
    [((0, 4, 7), "▁▅█"), ((-7, 0, 7), "▁▅█"), ((-2, -1), "▁▅"), ((0, 0), "▁▁")],
)
def test_columns_rise_from_zero_or_from_the_lowest_number_below_it(values: tuple[float, ...], drawn: str) -> None:
    plot = ChartPart("T", tuple((str(n), float(value)) for n, value in enumerate(values)), "alt")
    last = render(Card("Numbers", (plot,)), TerminalStyle()).splitlines()[-1]
    assert last.lstrip("│ ").strip() == drawn
