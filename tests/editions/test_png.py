"""The picture of a chart: a valid PNG whose columns are as high as what they count."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.editions import png
from bot.editions.document import Chart

ACCENT = bytes.fromhex("9a3412")


class Picture:
    """A PNG of colours by number, read back by the rules of its specification."""

    def __init__(self, data: bytes) -> None:
        assert data.startswith(b"\x89PNG\r\n\x1a\n")
        parts, at = {}, 8
        while at < len(data):
            (length,) = struct.unpack(">I", data[at : at + 4])
            name, content = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
            assert struct.unpack(">I", data[at + 8 + length : at + 12 + length]) == (zlib.crc32(name + content),)
            parts[name] = content
            at += 12 + length
        assert list(parts) == [b"IHDR", b"PLTE", b"IDAT", b"IEND"]
        self.width, self.height, *kind = struct.unpack(">IIBBBBB", parts[b"IHDR"])
        assert kind == [8, 3, 0, 0, 0]
        dots = zlib.decompress(parts[b"IDAT"])
        assert len(dots) == self.height * (self.width + 1)
        self.rows = [dots[at + 1 : at + 1 + self.width] for at in range(0, len(dots), self.width + 1)]
        self.palette = [parts[b"PLTE"][at : at + 3] for at in range(0, len(parts[b"PLTE"]), 3)]
        assert max(max(row) for row in self.rows) < len(self.palette)

    def heights(self) -> list[int]:
        """How high each column is, from the left."""
        accent = self.palette.index(ACCENT)
        counts = [sum(row[x] == accent for row in self.rows) for x in range(self.width)]
        return [n for x, n in enumerate(counts) if n and (x == 0 or counts[x - 1] == 0)]


def counted(*values: float) -> Chart:
    return Chart("Counted", tuple((str(2000 + n), value) for n, value in enumerate(values)), "papers")


def test_columns_are_as_high_as_their_numbers() -> None:
    picture = Picture(png.draw(counted(10, 20, 40)))
    assert (picture.width, picture.height) == png.SIZE
    low, middle, high = picture.heights()
    assert middle / low == pytest.approx(2, abs=0.05)
    assert high / low == pytest.approx(4, abs=0.1)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 10**9), max_size=60), st.text(max_size=80))
def test_any_chart_makes_a_picture(values: list[int], title: str) -> None:
    chart = Chart(title, tuple((title[:9] or "x", float(value)) for value in values))
    Picture(png.draw(chart))


def test_the_title_is_written() -> None:
    with_title, without = (Picture(png.draw(Chart(title, (("a", 1.0),)))) for title in ("Votes cast", ""))
    changed = [y for y in range(with_title.height) if with_title.rows[y] != without.rows[y]]
    assert len(changed) == 28  # seven rows of dots, four high
    assert without.rows[changed[0]] == bytes(without.width)


def test_it_is_small() -> None:
    assert len(png.draw(counted(*range(40)))) < 20_000
