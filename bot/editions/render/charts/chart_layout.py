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
from bot.editions.render.charts.text_metrics import single_line, width, wrapped
from bot.locale import Translator

WIDTH, HEIGHT = 560, 294
"""Size with a title: legible on a phone, at the aspect ratio of link previews (1.91 to 1)."""


UNTITLED_HEIGHT = 246
"""Height without a title."""


_TITLE_SIZE, _TITLE_LINE_HEIGHT = 20.0, 25.0


_TEXT_SIZE, _LINE_HEIGHT = 14.0, 17.0


_PADDING, _EMBEDDED_PADDING = 22.0, 4.0
"""Room around a picture of its own, and around one in a page."""


_GAP = 8.0


_COLUMN_SHARE, _MAX_COLUMN_WIDTH = 0.7, 64.0
"""Share of its slot that a column fills, and its maximum width."""


_MIN_HEIGHT = 1.5
"""Minimum height of a nonzero column, so that it is visible."""


_SLANT = 38
"""Angle in degrees of labels that are too long to be horizontal."""


_MAX_SLANTED_LENGTH = 110.0


_MAX_WRAPPED_COLUMNS = 8
"""Maximum number of columns for which labels are wrapped instead of slanted, and zeros are written."""


_MAX_LABELED_COLUMNS = 24
"""Maximum number of columns that are labeled with their values, if there is space."""


_SHORT_FORM_FROM = 1e6
"""Value from which columns are labeled in short form: "1.25M"."""


_FONT_WIDTH_RATIO = 1.06
"""Maximum ratio of the reader's font width to the bundled font's."""


@dataclass(frozen=True, slots=True)
class TextLabel:
    """A text at a point, which is the start, middle or end of its baseline."""

    text: str
    x: float
    y: float
    anchor: Literal["start", "middle", "end"] = "middle"
    kind: Literal["title", "unit", "tick", "label", "value"] = "label"
    slant: int = 0
    """Degrees to the left, around the point."""

    @property
    def size(self) -> float:
        """The height of the font."""
        return _TITLE_SIZE if self.kind == "title" else _TEXT_SIZE


@dataclass(frozen=True, slots=True)
class Column:
    """One column: position, size, value and tooltip."""

    x: float
    y: float
    width: float
    height: float
    value: float
    tooltip: str


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
    labels: tuple[TextLabel, ...]

    width = WIDTH

    @property
    def zero(self) -> float:
        """Vertical position of the zero line."""
        return next(tick.y for tick in self.ticks if not tick.value)


@dataclass(frozen=True, slots=True)
class _AxisLabels:
    """Labels below the columns: their lines by column, total height, and slant angle."""

    lines: tuple[tuple[str, ...], ...]
    height: float
    slant: int = 0


def layout(chart: Chart, words: Translator = IN_ENGLISH, *, titled: bool = True) -> Layout:
    """Lay out a chart. Columns start at zero, so that heights are proportional to values.

    Numbers are formatted by `words`; labels are those of the chart.
    """
    pad, height = (_PADDING, HEIGHT) if titled else (_EMBEDDED_PADDING, UNTITLED_HEIGHT)
    values = [quantities.clamped(value) for _, value in chart.points]
    steps = round_steps(min(values, default=0), max(values, default=0))
    tick_labels = [_tick_label(step, steps, chart.unit, words) for step in steps]
    title = (
        wrapped(single_line(chart.title), (WIDTH - 2 * pad) / _FONT_WIDTH_RATIO, _TITLE_SIZE, max_lines=2, bold=True)
        if titled
        else ()
    )
    unit = single_line(chart.unit) if chart.unit not in quantities.ATTACHED else ""

    left = pad + max(width(line_text, _TEXT_SIZE) for line_text in tick_labels) * _FONT_WIDTH_RATIO + _GAP
    right = WIDTH - pad
    slot = (right - left) / max(len(values), 1)
    axis_labels = _axis_labels([single_line(label) for label, _ in chart.points], slot, left - _EMBEDDED_PADDING)
    title_bottom = pad + len(title) * _TITLE_LINE_HEIGHT + (_LINE_HEIGHT + 2 if unit else 0) + (2 if titled else 0)
    top, bottom = title_bottom + _LINE_HEIGHT + 1, height - pad - axis_labels.height - _GAP
    if steps[0] < 0:
        bottom -= _LINE_HEIGHT

    def down(value: float) -> float:
        return top + (bottom - top) * (steps[-1] - value) / (steps[-1] - steps[0])

    value_labels = _value_labels(values, slot, chart.unit, words)
    labels: list[TextLabel] = []
    for row, line_text in enumerate(title):
        labels.append(TextLabel(line_text, pad, pad + _TITLE_SIZE * 0.8 + row * _TITLE_LINE_HEIGHT, "start", "title"))
    if unit:
        line_text = wrapped(unit, right - pad, _TEXT_SIZE, max_lines=1)[0]
        labels.append(TextLabel(line_text, pad, round(title_bottom - _LINE_HEIGHT * 0.35, 1), "start", "unit"))
    labels += (
        TextLabel(line_text, round(left - _GAP, 1), round(down(step) + _TEXT_SIZE * 0.36, 1), "end", "tick")
        for step, line_text in zip(steps, tick_labels, strict=True)
    )
    columns, decimals = [], quantities.decimals_for(values)
    column_width = min(slot * _COLUMN_SHARE, _MAX_COLUMN_WIDTH)
    labels_top = height - pad - axis_labels.height
    for at, value in enumerate(values):
        x = left + slot * at + (slot - column_width) / 2
        high, low = down(max(value, 0)), down(min(value, 0))
        if value and low - high < _MIN_HEIGHT:
            high, low = (low - _MIN_HEIGHT, low) if value > 0 else (high, high + _MIN_HEIGHT)
        tooltip = f"{chart.points[at][0]}: {quantities.with_unit(value, decimals, chart.unit, words)}"
        columns.append(
            Column(round(x, 1), round(high, 1), round(column_width, 1), round(low - high, 1), value, tooltip)
        )
        if value_labels[at]:
            y = low + _TEXT_SIZE if value < 0 else high - 5
            labels.append(TextLabel(value_labels[at], round(x + column_width / 2, 1), round(y, 1), kind="value"))
        labels += _column_label(axis_labels, at, x + column_width / 2, labels_top, (left, right))
    ticks = tuple(Tick(step, round(down(step), 1)) for step in steps)
    return Layout(height, round(left, 1), right, tuple(columns), ticks, tuple(labels))


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


def _tick_label(step: float, steps: Sequence[float], unit: str, words: Translator) -> str:
    top = max(abs(steps[0]), abs(steps[-1]))
    return quantities.axis_label(step, steps[1] - steps[0], top, words) + (unit if unit in quantities.ATTACHED else "")


def _value_labels(values: Sequence[float], slot: float, unit: str, words: Translator) -> list[str]:
    """Text above each column: full numbers if there is space, else short forms, else nothing."""
    if not values or len(values) > _MAX_LABELED_COLUMNS:
        return [""] * len(values)
    attached = unit if unit in quantities.ATTACHED else ""
    decimals, large = quantities.decimals_for(values), max(map(abs, values)) >= _SHORT_FORM_FROM
    variants = (
        *([] if large else [[quantities.number(value, decimals, words) + attached for value in values]]),
        [quantities.short_value(value, decimals, words) + attached for value in values],
    )
    for variant in variants:
        if max(width(label, _TEXT_SIZE) for label in variant) * _FONT_WIDTH_RATIO <= slot - 3:
            return [
                label if value or len(values) <= _MAX_WRAPPED_COLUMNS else ""
                for label, value in zip(variant, values, strict=True)
            ]
    return [""] * len(values)


def _axis_labels(labels: Sequence[str], slot: float, left: float) -> _AxisLabels:
    """Arrange the labels below the columns: whole, wrapped, thinned out (dates), or slanted (names)."""
    room = slot - 6
    wrapped_labels = [_lines(label, room, most=2) for label in labels]
    if None not in wrapped_labels:
        return _horizontal([lines or () for lines in wrapped_labels])
    if len(labels) <= _MAX_WRAPPED_COLUMNS:
        return _horizontal([wrapped(label, room / _FONT_WIDTH_RATIO, _TEXT_SIZE, max_lines=3) for label in labels])
    longest = max(width(label, _TEXT_SIZE) for label in labels) * _FONT_WIDTH_RATIO
    if all(any(char.isdigit() for char in label) for label in labels):
        longest = min(longest, _MAX_SLANTED_LENGTH)
        label_step = ceil(
            (longest + 10 + max(longest - slot, 0) / 2) / slot
        )  # the last is moved inwards by the half of that
        last = len(labels) - 1
        return _horizontal(
            [
                wrapped(label, label_step * slot - 6, _TEXT_SIZE, max_lines=1) if (last - at) % label_step == 0 else ()
                for at, label in enumerate(labels)
            ]
        )
    label_step = ceil(_LINE_HEIGHT / slot)
    across = cos(radians(_SLANT)) * _FONT_WIDTH_RATIO
    slanted = [
        wrapped(label, min(_MAX_SLANTED_LENGTH, (left + slot * (at + 0.5)) / across), _TEXT_SIZE, max_lines=1)
        if at % label_step == 0
        else ()
        for at, label in enumerate(labels)
    ]
    length = min(longest, _MAX_SLANTED_LENGTH)
    return _AxisLabels(tuple(slanted), length * sin(radians(_SLANT)) + _TEXT_SIZE * cos(radians(_SLANT)) - 4, _SLANT)


def _lines(label: str, room: float, *, most: int) -> tuple[str, ...] | None:
    """The label in lines, or None if it does not fit completely."""
    lines = wrapped(label, room / _FONT_WIDTH_RATIO, _TEXT_SIZE, max_lines=most)
    return lines if " ".join(lines) == label else None


def _horizontal(lines: Sequence[tuple[str, ...]]) -> _AxisLabels:
    return _AxisLabels(tuple(lines), max(map(len, lines), default=1) * _LINE_HEIGHT)


def _column_label(
    axis_labels: _AxisLabels, at: int, middle: float, top: float, between: tuple[float, float]
) -> Iterator[TextLabel]:
    """The lines below a column, moved inwards if they would extend beyond the chart."""
    if axis_labels.slant:
        for text in axis_labels.lines[at]:
            yield TextLabel(
                text, round(middle + 4, 1), round(top + _TEXT_SIZE * 0.6, 1), "end", slant=axis_labels.slant
            )
        return
    for row, text in enumerate(axis_labels.lines[at]):
        half = width(text, _TEXT_SIZE) * _FONT_WIDTH_RATIO / 2
        x = min(max(middle, between[0] + half), between[1] - half) if 2 * half < between[1] - between[0] else middle
        yield TextLabel(text, round(x, 1), round(top + _TEXT_SIZE * 0.9 + row * _LINE_HEIGHT, 1))
