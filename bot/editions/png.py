"""A chart as PNG, for places that show no SVG: chats, and the picture beside a shared link.

Pillow, Cairo and Matplotlib are large, and need libraries of the system or a font; columns, lines and a few words do
not. The letters are drawn here, five dots wide and seven high.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from bot.editions.charts import HEIGHT, WIDTH, layout
from bot.editions.document import Chart

SIZE = (1200, 630)
"""Width and height in dots: what link previews show whole (1.91 to 1)."""
SCALE = 1.55
"""From a chart's own units to dots."""

_LEFT = SIZE[0] - round(WIDTH * SCALE) - 24
_TOP = SIZE[1] - round(HEIGHT * SCALE) - 48
_PAPER, _INK, _SOFT, _LINE, _ACCENT = range(5)
_COLOURS = bytes.fromhex("fbfaf7 1d1b18 5f5a52 e4dfd5 9a3412")

_ROWS = "0123456789ABCDEFGHIJKLMNOPQRSTUV"
"""A row of a letter as one sign: its value in binary says which of the five dots are black."""
_DRAWN = """
    A=EHHVHHH B=UHHUHHU C=EHGGGHE D=UHHHHHU E=VGGUGGV F=VGGUGGG G=EHGNHHF H=HHHVHHH I=E44444E J=72222IC
    K=HIKOKIH L=GGGGGGV M=HRLLHHH N=HPLJHHH O=EHHHHHE P=UHHUGGG Q=EHHHLID R=UHHUKIH S=FGGE11U T=V444444
    U=HHHHHHE V=HHHHHA4 W=HHHLLLA X=HHA4AHH Y=HHA4444 Z=V1248GV
    a=00E1FHF b=GGUHHHU c=00EGGHE d=11FHHHF e=00EHVGE f=698S888 g=00FHHF1E h=GGUHHHH i=40C444E j=206222IC
    k=GGIKOKI l=C44444E m=00QLLLL n=00UHHHH o=00EHHHE p=00UHHUGG q=00FHHF11 r=00MPGGG s=00FGE1U t=88S8896
    u=00HHHJD v=00HHHA4 w=00HHLLA x=00HA4AH y=00HHHF1E z=00V248V
    0=EHJLPHE 1=4C4444E 2=EH1248V 3=V2421HE 4=26AIV22 5=VGU11HE 6=68GUHHE 7=V124888 8=EHHEHHE 9=EHHF12C
    .=00000CC ,=000000448 -=000E000 :=0CC0CC0 /=1224488 (=2488842 )=8422248 +=044V440
"""
_LETTERS = {" ": "0000000"} | {drawn[0]: drawn[2:] for drawn in _DRAWN.split()}
_UNKNOWN = "VHHHHHV"


def draw(chart: Chart) -> bytes:
    """The chart as a PNG of `SIZE`, on paper of its own so that it can be read in a dark chat too.

    What it shows in words is `charts.words(chart)`: it belongs beside the picture as its alternative text.
    """
    sheet = _Sheet(*SIZE)
    sheet.write(chart.title, 48, 52, size=4, colour=_INK)
    laid = layout(chart)
    for value, y in laid.ticks:
        sheet.fill(laid.left, y, laid.right - laid.left, 1.2, _LINE if value else _SOFT)
        sheet.write_at(f"{value:,g}", laid.left - 8, y - 6, align=1.0)
    for column in laid.columns:
        sheet.fill(column.x, column.y, column.width, column.height, _ACCENT)
        if laid.numbered and column.value:
            sheet.write_at(f"{column.value:,g}", column.middle, column.y - 18, align=0.5)
        if column.labelled and not (column.minor and len(laid.columns) > 12):
            sheet.write_at(column.label, column.middle, laid.floor + 10, align=0.5)
    return sheet.png()


class _Sheet:
    """Dots of a few colours."""

    def __init__(self, width: int, height: int) -> None:
        self._width, self._height = width, height
        self._rows = [bytearray([_PAPER]) * width for _ in range(height)]

    def fill(self, x: float, y: float, width: float, height: float, colour: int) -> None:
        """Fill a rectangle that is given in the chart's units."""
        left, right = (min(max(round(value * SCALE) + _LEFT, 0), self._width) for value in (x, x + width))
        top, bottom = (round(value * SCALE) + _TOP for value in (y, y + height))
        for row in self._rows[max(top, 0) : max(bottom, 0)]:
            row[left:right] = bytes([colour]) * (right - left)

    def write_at(self, words: str, x: float, y: float, *, align: float) -> None:
        """Write small words at a point in the chart's units: 0.5 centres them there, 1 ends them there."""
        wide = _width(words) * 3
        self.write(words, round(x * SCALE - wide * align) + _LEFT, round(y * SCALE) + _TOP, size=3, colour=_SOFT)

    def write(self, words: str, x: int, y: int, *, size: int, colour: int) -> None:
        """Write words from a dot on, each dot of a letter `size` dots wide. What leaves the sheet is cut off."""
        for letter in words:
            for down, row in enumerate(_LETTERS.get(letter, _UNKNOWN)):
                for across in _black(row):
                    self._dot(x + across * size, y + down * size, size, colour)
            x += 6 * size

    def _dot(self, x: int, y: int, size: int, colour: int) -> None:
        if 0 <= x <= self._width - size:
            for row in self._rows[max(y, 0) : max(y + size, 0)]:
                row[x : x + size] = bytes([colour]) * size

    def png(self) -> bytes:
        """The sheet as a file: eight bits a dot, each the number of a colour (PNG 1.2, type 3)."""
        header = struct.pack(">IIBBBBB", self._width, self._height, 8, 3, 0, 0, 0)
        dots = zlib.compress(b"".join(b"\0" + row for row in self._rows), 9)
        parts = ((b"IHDR", header), (b"PLTE", _COLOURS), (b"IDAT", dots), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(_part(name, content) for name, content in parts)


def _part(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _width(words: str) -> int:
    return 6 * len(words) - 1


def _black(row: str) -> Iterator[int]:
    """Which dots of a row are black, from the left."""
    return (across for across in range(5) if _ROWS.index(row) >> (4 - across) & 1)
