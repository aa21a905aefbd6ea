"""The picture of an edition in link previews: club, number, title and its first papers, as PNG.

Pillow draws it with the bundled font, so it is the same on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from bot.chat.text import ELLIPSIS
from bot.domain.accent_colors import NAMED_COLORS, accent_shades
from bot.editions.render.charts import text_metrics

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

SIZE = (1200, 630)
"""Width and height in pixels, at the aspect ratio of link previews (1.91 to 1)."""
PAPERS = 3
"""Papers named on the picture."""
_PAPER, _INK, _SOFT, _LINE = "#fbfaf7", "#1d1b18", "#5f5a52", "#e4dfd5"
_LEFT, _ROOM = 80, SIZE[0] - 160
_COLORS = 64


@dataclass(frozen=True, slots=True)
class ShareCard:
    """Texts of the picture; `number` is written out ("No. 3"), `accent` is a hex code or empty for the usual one."""

    club: str
    number: str
    title: str
    papers: tuple[str, ...] = ()
    accent: str = ""

    @property
    def description(self) -> str:
        """Alternative text of the picture."""
        papers = "; ".join(self.papers[:PAPERS])
        return f"{self.club}, {self.number}: {self.title}" + (f". {papers}" if papers else "")


def draw(card: ShareCard) -> bytes:
    """The picture as PNG of `SIZE`."""
    from PIL import Image, ImageDraw

    accent = accent_shades(card.accent or NAMED_COLORS["rust"]).light
    image = Image.new("RGB", SIZE, _PAPER)
    canvas = ImageDraw.Draw(image)
    canvas.rectangle((0, 0, SIZE[0], 16), fill=accent)
    _line(canvas, (_LEFT, 104), card.club, 34, accent, bold=True, room=_ROOM - 220)
    _line(canvas, (SIZE[0] - _LEFT, 104), card.number, 34, _SOFT, anchor="rs", room=200)
    y = 186
    for line in text_metrics.wrapped(text_metrics.drawable(card.title), _ROOM, 54, max_lines=2, bold=True):
        _line(canvas, (_LEFT, y), line, 54, _INK, bold=True)
        y += 64
    canvas.rectangle((_LEFT, y - 32, SIZE[0] - _LEFT, y - 30), fill=_LINE)
    y += 24
    drawn_titles = [text_metrics.drawable(paper) for paper in card.papers]
    for paper in [title for title in drawn_titles if title.strip(ELLIPSIS)][:PAPERS]:
        canvas.rectangle((_LEFT, y - 18, _LEFT + 10, y - 8), fill=accent)
        for line in text_metrics.wrapped(paper, _ROOM - 56, 32, max_lines=2):
            _line(canvas, (_LEFT + 36, y), line, 32, _INK)
            y += 40
        y += 16
    return _png(image)


def draw_icon(club: str, accent: str = "", *, side: int = 64) -> Image:
    """A square icon: the club's first letter on its accent color."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (side, side), accent_shades(accent or NAMED_COLORS["rust"]).light)
    font = text_metrics.font(side * 0.66, bold=True)
    ImageDraw.Draw(image).text((side / 2, side / 2), initial(club), "#ffffff", font, "mm")
    return image


def initial(club: str) -> str:
    """First letter or digit of a club's name that the font has, in upper case; J if there is none."""
    return next((char.upper() for char in club if char.isalnum() and text_metrics.has_glyph(char)), "J")[:1]


def _line(
    canvas: ImageDraw,
    at: tuple[float, float],
    words: str,
    size: int,
    color: str,
    *,
    bold: bool = False,
    anchor: str = "ls",
    room: float = _ROOM,
) -> None:
    drawn = text_metrics.wrapped(text_metrics.drawable(words), room, size, max_lines=1, bold=bold)
    if drawn:
        canvas.text(at, drawn[0], color, text_metrics.font(size, bold=bold), anchor)


def _png(image: Image) -> bytes:
    """The picture with few colors, which keeps the file small."""
    file = BytesIO()
    image.quantize(colors=_COLORS).save(file, "PNG", optimize=True)
    return file.getvalue()
