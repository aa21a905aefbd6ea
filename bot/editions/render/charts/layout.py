"""Layout of a chart: one value from which both the SVG (`svg`) and the PNG (`image`) are drawn.

Columns start at the zero line and go down for negative values; the axis has a few round numbers, and labels are below
the columns. Lengths are in units of which the whole width has `WIDTH`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, cos, floor, log10, radians, sin
from typing import Literal

from bot.editions.model.document import Chart
from bot.editions.model.translation import IN_ENGLISH
from bot.editions.render.charts import quantities
from bot.editions.render.charts.text_metrics import line, width, wrapped
from bot.locale import Translator

WIDTH, HEIGHT = 560, 294
"""Size with a title: legible on a phone, at the aspect ratio of link previews (1.91 to 1)."""


UNTITLED = 246
"""Height without a title."""


_TITLE, _TITLE_LINE = 20.0, 25.0


_SMALL, _SMALL_LINE = 14.0, 17.0


_PAD, _EDGE = 22.0, 4.0
"""Room around a picture of its own, and around one in a page."""


_GAP = 8.0


_FILLED, _WIDEST = 0.7, 64.0
"""Share of its slot that a column fills, and its maximum width."""


_LEAST = 1.5
"""Minimum height of a nonzero column, so that it is visible."""


_LEANING = 38
"""Angle in degrees of labels that are too long to be horizontal."""


_LONGEST_LEANING = 110.0


_FEW = 8
"""Maximum number of columns for which labels are wrapped instead of slanted, and zeros are written."""


_NUMBERED = 24
"""Maximum number of columns that are labelled with their values, if there is space."""


_LARGE = 1e6
"""Value from which columns are labelled in short form: "1.25M"."""


_OTHER_FONT = 1.06
"""Maximum ratio of the reader's font width to the bundled font's."""


@dataclass(frozen=True, slots=True)
class Letters:
    """A text at a point, which is the start, middle or end of its baseline."""

    words: str
    x: float
    y: float
    anchor: Literal["start", "middle", "end"] = "middle"
    kind: Literal["title", "unit", "tick", "label", "value"] = "label"
    leaning: int = 0
    """Degrees to the left, around the point."""

    @property
    def size(self) -> float:
        """The height of the font."""
        return _TITLE if self.kind == "title" else _SMALL


@dataclass(frozen=True, slots=True)
class Column:
    """One column: position, size, value and tooltip."""

    x: float
    y: float
    width: float
    height: float
    value: float
    tip: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A round number at the side, and how far down its line is."""

    value: float
    y: float


@dataclass(frozen=True, slots=True)
class Layout:
    """A chart, laid out."""

    height: float
    left: float
    right: float
    columns: tuple[Column, ...]
    ticks: tuple[Tick, ...]
    letters: tuple[Letters, ...]

    width = WIDTH

    @property
    def zero(self) -> float:
        """Vertical position of the zero line."""
        return next(tick.y for tick in self.ticks if not tick.value)


@dataclass(frozen=True, slots=True)
class _Below:
    """Labels below the columns: their lines by column, total height, and slant angle."""

    lines: tuple[tuple[str, ...], ...]
    height: float
    leaning: int = 0


def layout(chart: Chart, words: Translator = IN_ENGLISH, *, titled: bool = True) -> Layout:
    """Lay out a chart. Columns start at zero, so that heights are proportional to values.

    Numbers are formatted by `words`; labels are those of the chart.
    """
    pad, height = (_PAD, HEIGHT) if titled else (_EDGE, UNTITLED)
    values = [quantities.settled(value) for _, value in chart.points]
    steps = round_steps(min(values, default=0), max(values, default=0))
    beside = [_beside(step, steps, chart.unit, words) for step in steps]
    title = wrapped(line(chart.title), (WIDTH - 2 * pad) / _OTHER_FONT, _TITLE, most=2, bold=True) if titled else ()
    unit = line(chart.unit) if chart.unit not in quantities.ATTACHED else ""

    left = pad + max(width(one, _SMALL) for one in beside) * _OTHER_FONT + _GAP
    right = WIDTH - pad
    slot = (right - left) / max(len(values), 1)
    below = _below([line(label) for label, _ in chart.points], slot, left - _EDGE)
    head = pad + len(title) * _TITLE_LINE + (_SMALL_LINE + 2 if unit else 0) + (2 if titled else 0)
    top, bottom = head + _SMALL_LINE + 1, height - pad - below.height - _GAP
    if steps[0] < 0:
        bottom -= _SMALL_LINE

    def down(value: float) -> float:
        return top + (bottom - top) * (steps[-1] - value) / (steps[-1] - steps[0])

    shown = _values(values, slot, chart.unit, words)
    letters: list[Letters] = []
    for place, one in enumerate(title):
        letters.append(Letters(one, pad, pad + _TITLE * 0.8 + place * _TITLE_LINE, "start", "title"))
    if unit:
        one = wrapped(unit, right - pad, _SMALL, most=1)[0]
        letters.append(Letters(one, pad, round(head - _SMALL_LINE * 0.35, 1), "start", "unit"))
    letters += (
        Letters(one, round(left - _GAP, 1), round(down(step) + _SMALL * 0.36, 1), "end", "tick")
        for step, one in zip(steps, beside, strict=True)
    )
    columns, decimals = [], quantities.places(values)
    thick = min(slot * _FILLED, _WIDEST)
    foot = height - pad - below.height
    for at, value in enumerate(values):
        x = left + slot * at + (slot - thick) / 2
        high, low = down(max(value, 0)), down(min(value, 0))
        if value and low - high < _LEAST:
            high, low = (low - _LEAST, low) if value > 0 else (high, high + _LEAST)
        tip = f"{chart.points[at][0]}: {quantities.counted(value, decimals, chart.unit, words)}"
        columns.append(Column(round(x, 1), round(high, 1), round(thick, 1), round(low - high, 1), value, tip))
        if shown[at]:
            y = low + _SMALL if value < 0 else high - 5
            letters.append(Letters(shown[at], round(x + thick / 2, 1), round(y, 1), kind="value"))
        letters += _label(below, at, x + thick / 2, foot, (left, right))
    ticks = tuple(Tick(step, round(down(step), 1)) for step in steps)
    return Layout(height, round(left, 1), right, tuple(columns), ticks, tuple(letters))


def round_steps(low: float, high: float) -> tuple[float, ...]:
    """Two to seven evenly spaced round numbers that include zero and cover `low` to `high`.

    They are integers if both limits are, since most charts show counts.
    """
    low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        return (0.0, 1.0)
    raw = (high - low) / 5
    size = 10.0 ** floor(log10(raw))
    if low == int(low) and high == int(high):
        raw, size = max(raw, 1.0), max(size, 1.0)
    step = next(factor * size for factor in (1, 2, 5, 10) if factor * size >= raw * (1 - 1e-9))
    first, last = floor(low / step + 1e-12), ceil(high / step - 1e-12)
    return tuple(round(step * n, 12) for n in range(first, last + 1))


def _beside(step: float, steps: Sequence[float], unit: str, words: Translator) -> str:
    top = max(abs(steps[0]), abs(steps[-1]))
    return quantities.short(step, steps[1] - steps[0], top, words) + (unit if unit in quantities.ATTACHED else "")


def _values(values: Sequence[float], slot: float, unit: str, words: Translator) -> list[str]:
    """Text above each column: full numbers if there is space, else short forms, else nothing."""
    if not values or len(values) > _NUMBERED:
        return [""] * len(values)
    attached = unit if unit in quantities.ATTACHED else ""
    decimals, large = quantities.places(values), max(map(abs, values)) >= _LARGE
    forms = (
        *([] if large else [[quantities.number(value, decimals, words) + attached for value in values]]),
        [quantities.brief(value, decimals, words) + attached for value in values],
    )
    for form in forms:
        if max(width(one, _SMALL) for one in form) * _OTHER_FONT <= slot - 3:
            return [one if value or len(values) <= _FEW else "" for one, value in zip(form, values, strict=True)]
    return [""] * len(values)


def _below(labels: Sequence[str], slot: float, left: float) -> _Below:
    """Arrange the labels below the columns: whole, wrapped, thinned out (dates), or slanted (names)."""
    room = slot - 6
    broken = [_lines(label, room, most=2) for label in labels]
    if None not in broken:
        return _stacked([lines or () for lines in broken])
    if len(labels) <= _FEW:
        return _stacked([wrapped(label, room / _OTHER_FONT, _SMALL, most=3) for label in labels])
    longest = max(width(label, _SMALL) for label in labels) * _OTHER_FONT
    if all(any(sign.isdigit() for sign in label) for label in labels):
        longest = min(longest, _LONGEST_LEANING)
        every = ceil(
            (longest + 10 + max(longest - slot, 0) / 2) / slot
        )  # the last is moved inwards by the half of that
        last = len(labels) - 1
        return _stacked(
            [
                wrapped(label, every * slot - 6, _SMALL, most=1) if (last - at) % every == 0 else ()
                for at, label in enumerate(labels)
            ]
        )
    every = ceil(_SMALL_LINE / slot)
    across = cos(radians(_LEANING)) * _OTHER_FONT
    lean = [
        wrapped(label, min(_LONGEST_LEANING, (left + slot * (at + 0.5)) / across), _SMALL, most=1)
        if at % every == 0
        else ()
        for at, label in enumerate(labels)
    ]
    length = min(longest, _LONGEST_LEANING)
    return _Below(tuple(lean), length * sin(radians(_LEANING)) + _SMALL * cos(radians(_LEANING)) - 4, _LEANING)


def _lines(label: str, room: float, *, most: int) -> tuple[str, ...] | None:
    """The label in lines, or None if it does not fit completely."""
    lines = wrapped(label, room / _OTHER_FONT, _SMALL, most=most)
    return lines if " ".join(lines) == label else None


def _stacked(lines: Sequence[tuple[str, ...]]) -> _Below:
    return _Below(tuple(lines), max(map(len, lines), default=1) * _SMALL_LINE)


def _label(below: _Below, at: int, middle: float, foot: float, between: tuple[float, float]) -> Iterator[Letters]:
    """The lines below a column, moved inwards if they would extend beyond the chart."""
    if below.leaning:
        for words in below.lines[at]:
            yield Letters(words, round(middle + 4, 1), round(foot + _SMALL * 0.6, 1), "end", leaning=below.leaning)
        return
    for place, words in enumerate(below.lines[at]):
        half = width(words, _SMALL) * _OTHER_FONT / 2
        x = min(max(middle, between[0] + half), between[1] - half) if 2 * half < between[1] - between[0] else middle
        yield Letters(words, round(x, 1), round(foot + _SMALL * 0.9 + place * _SMALL_LINE, 1))
