"""Chart images: small PNG files of a fixed size, with column heights proportional to values."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from bot.editions.model.document import Chart
from bot.editions.render.charts import image as chart_image

ACCENT = (0x9A, 0x34, 0x12)
PAPER = (0xFB, 0xFA, 0xF7)


def count_chart(*values: float) -> Chart:
    return Chart("Counted", tuple((str(2000 + n), value) for n, value in enumerate(values)), "papers")


def picture(chart: Chart) -> Image.Image:
    data = chart_image.draw(chart)
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    with Image.open(BytesIO(data)) as opened:
        assert opened.size == chart_image.SIZE
        return opened.convert("RGB")


def columns(png: Image.Image) -> list[tuple[int, int]]:
    """Top and bottom of each column, from the left."""
    found: list[tuple[int, int]] = []
    before = False
    for x in range(png.width):
        rows = [y for y in range(png.height) if png.getpixel((x, y)) == ACCENT]
        if rows and not before:
            found.append((rows[0], rows[-1] + 1))
        before = bool(rows)
    return found


def difference_box(one: Chart, other: Chart) -> tuple[int, int, int, int]:
    """Bounding box of the pixels in which two charts' images differ."""
    box = ImageChops.difference(picture(one), picture(other)).getbbox()
    assert box is not None
    return box


def test_columns_are_as_high_as_their_numbers() -> None:
    low, middle, high = (bottom - top for top, bottom in columns(picture(count_chart(10, 20, 40))))
    assert middle / low == pytest.approx(2, abs=0.05)
    assert high / low == pytest.approx(4, abs=0.1)


def test_a_negative_number_hangs_below_the_zero_line() -> None:
    (_, foot), (top, bottom) = columns(picture(count_chart(30, -15)))
    assert abs(top - foot) <= 3
    assert bottom - top > 40


def test_the_least_number_can_be_seen_and_zero_has_no_column() -> None:
    assert len(columns(picture(count_chart(1, 0, 10**9)))) == 2


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=60), st.text(max_size=80))
def test_any_chart_makes_a_picture_with_an_empty_margin(values: list[float], title: str) -> None:
    png = picture(Chart(title, tuple((title[:9] or "x", value) for value in values), title[:20]))
    assert {png.getpixel((x, y)) for x in (0, 5, 1194, 1199) for y in range(png.height)} == {PAPER}


def test_title_unit_labels_and_values_are_written() -> None:
    chart = Chart("Größe & “Maß”", (("Ärger", 1.0), ("ça va", 2.0)), "häufig")
    left, top, _, bottom = difference_box(chart, Chart("", chart.points, chart.unit))
    assert (left, top) >= (40, 40)
    assert bottom > top
    for other in (
        Chart(chart.title, chart.points, "haufig"),
        Chart(chart.title, (("Arger", 1.0), ("ça va", 2.0)), chart.unit),
        Chart(chart.title.replace("“", "„"), chart.points, chart.unit),
    ):
        difference_box(chart, other)


def test_labels_that_lean_are_drawn_within_the_picture() -> None:
    names = (
        "Diffusion",
        "Language models",
        "Optimization",
        "Interpretability",
        "Robotics",
        "Vision",
        "Speech",
        "Agents",
    )
    chart = Chart("Topics", tuple((f"{name} x", 5.0) for name in (*names, *names)), "members")
    without = Chart("Topics", tuple(("x", 5.0) for _ in range(16)), "members")
    left, _, right, bottom = difference_box(chart, without)
    assert left >= 10
    assert right <= 1190
    assert bottom <= 620


def test_it_is_small() -> None:
    assert len(chart_image.draw(count_chart(*range(40)))) < 20_000
