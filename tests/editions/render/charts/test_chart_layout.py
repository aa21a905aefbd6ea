"""Chart layout: columns from zero, round numbers, labels that are complete and do not overlap."""

from __future__ import annotations

from itertools import pairwise
from math import cos, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.editions.model.document import Chart
from bot.editions.render.charts.chart_layout import (
    HEIGHT,
    UNTITLED_HEIGHT,
    WIDTH,
    Layout,
    TextLabel,
    layout,
    round_steps,
)
from bot.editions.render.charts.text_metrics import width

NAMES = ("Diffusion", "Agents", "Language models", "Vision", "Robotics", "Speech", "Optimization", "Graphs", "Safety")


def count_chart(*values: float) -> Chart:
    return Chart("Counted", tuple((str(2000 + n), value) for n, value in enumerate(values)), "papers")


def words(laid: Layout, kind: str) -> list[str]:
    return [one.text for one in laid.labels if one.kind == kind]


def extent(one: TextLabel) -> tuple[float, float]:
    """Left and right edge of the text."""
    wide = width(one.text, one.size, bold=one.kind == "title") * cos(radians(one.slant))
    begin = one.x - wide * {"start": 0.0, "middle": 0.5, "end": 1.0}[one.anchor]
    return begin, begin + wide


@given(st.lists(st.integers(-(10**7), 10**7), min_size=1, max_size=60), st.booleans())
def test_a_column_is_as_high_as_its_number(values: list[int], titled: bool) -> None:
    laid = layout(count_chart(*values), titled=titled)
    assert laid.height == (HEIGHT if titled else UNTITLED_HEIGHT)
    low, high = laid.ticks[0], laid.ticks[-1]
    assert low.value <= min(0, *values)
    assert high.value >= max(0, *values)
    unit = (low.y - high.y) / (high.value - low.value)
    for column, value in zip(laid.columns, values, strict=True):
        assert column.height == pytest.approx(max(abs(value) * unit, 1.5 if value else 0), abs=0.16)
        rooted = column.y + column.height if value >= 0 else column.y
        assert rooted == pytest.approx(laid.zero, abs=0.16)
        assert laid.left <= column.x
        assert column.x + column.width <= laid.right + 0.1
    assert all(tick.value == int(tick.value) for tick in laid.ticks)


@given(st.floats(-1e15, 1e15), st.floats(-1e15, 1e15))
def test_the_numbers_at_the_side_are_few_and_evenly_apart(one: float, other: float) -> None:
    low, high = sorted((one if abs(one) > 1e-9 else 0.0, other if abs(other) > 1e-9 else 0.0))
    steps = round_steps(low, high)
    assert 2 <= len(steps) <= 8
    assert 0 in steps
    assert steps[0] <= low + 1e-9 * (high - low)
    assert steps[-1] >= high - 1e-9 * (high - low)
    apart = [b - a for a, b in pairwise(steps)]
    assert max(apart) == pytest.approx(min(apart), rel=1e-6)
    assert f"{apart[0]:.0e}"[0] in "125"


CHARTS = {
    "one column": count_chart(1),
    "forty months": Chart(
        "T", tuple((f"{['Jan', 'May', 'Sep'][n % 3]} {2013 + n // 3}", 900.0 + n) for n in range(40)), "papers"
    ),
    "sixty years": count_chart(*range(60)),
    "weeks": Chart("T", tuple((f"{7 * n + 1} Nov", float(n % 3)) for n in range(12)), "votes"),
    "long labels": Chart("T", tuple((f"{name} and everything that goes with it", 3.0) for name in NAMES[:4]), "hours"),
    "a long word": Chart("T", tuple(("Antidisestablishmentarianism" * 2, 3.0) for _ in range(6))),
    "many names": Chart("T", tuple((name, float(len(name))) for name in NAMES * 2), "members"),
    "many long names": Chart("T", tuple((f"{name} {name} {name}", 2.0) for name in reversed(NAMES)), "members"),
    "huge": count_chart(1e9, 2.5e11, 1e15),
    "below zero": count_chart(5, -12.5, 0, -3),
    "only below zero": count_chart(-300_000, -1),
    "zeros": count_chart(0, 0, 0),
    "tiny": count_chart(0.0001, 0.0025),
    "a long title": Chart(
        "Time that members say they spend on what they read " * 3, (("a", 1.0),), "hours a week " * 9
    ),
    "other letters": Chart("中文标题" * 20, (("中文标签" * 9, 1.0), ("二", 2.0)), "篇"),
    "nothing": Chart("", ()),
    "no numbers": count_chart(float("nan"), float("inf"), float("-inf")),
}


@pytest.mark.parametrize("titled", [True, False])
@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_no_word_leaves_the_picture_or_meets_another(chart: Chart, titled: bool) -> None:
    laid = layout(chart, titled=titled)
    for one in laid.labels:
        begin, end = extent(one)
        assert begin >= 0, one
        assert end <= WIDTH, one
        assert 0 < one.y < laid.height, one
    for line in {(one.kind, one.y) for one in laid.labels if one.kind in ("label", "value") and not one.slant}:
        row = sorted(extent(one) for one in laid.labels if (one.kind, one.y) == line)
        assert all(end < begin for (_, end), (begin, _) in pairwise(row)), line
    assert laid.ticks[0].y - laid.ticks[-1].y > 60, "the columns have room"
    assert laid.ticks[0].y < min([one.y for one in laid.labels if one.kind == "label"], default=laid.height) - 8


def test_times_are_thinned_out_up_to_the_last_and_names_are_all_there() -> None:
    months = words(layout(CHARTS["forty months"]), "label")
    assert months[-1] == "Jan 2026"
    assert 4 <= len(months) < 40
    leaning = [one for one in layout(CHARTS["many names"]).labels if one.slant]
    assert all(name.startswith(one.text.rstrip("…")) for one, name in zip(leaning, NAMES * 2, strict=True))


def test_few_long_labels_are_broken_into_lines() -> None:
    chart = Chart("T", (("Reinforcement learning from people", 4.0), ("Vision", 7.0), ("Speech", 1.0), ("Other", 2.0)))
    assert words(layout(chart), "label")[:3] == ["Reinforcement", "learning from", "people"]


@pytest.mark.parametrize(
    ("chart", "ticks", "values"),
    [
        (count_chart(1200, 1680), ["0", "500", "1,000", "1,500", "2,000"], ["1,200", "1,680"]),
        (count_chart(1), ["0", "1"], ["1"]),
        (count_chart(0, 0), ["0", "1"], ["0", "0"]),
        (count_chart(2_500_000), ["0", "0.5M", "1.0M", "1.5M", "2.0M", "2.5M"], ["2.5M"]),
        (Chart("T", (("a", 12.5), ("b", -3.0)), "%"), ["−5%", "0%", "5%", "10%", "15%"], ["12.5%", "−3.0%"]),
        (count_chart(*[7] * 25), ["0", "2", "4", "6", "8"], []),
    ],
)
def test_what_the_numbers_say(chart: Chart, ticks: list[str], values: list[str]) -> None:
    laid = layout(chart)
    assert words(laid, "tick") == ticks
    assert words(laid, "value") == values


def test_the_unit_is_written_once() -> None:
    assert words(layout(count_chart(3)), "unit") == ["papers"]
    assert words(layout(Chart("T", (("a", 3.0),), "%")), "unit") == []
