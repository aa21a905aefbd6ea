"""Draws a chart as PNG, for places that do not display SVG: chats and link previews.

Pillow draws it with the bundled font (`fonts/README.md`), so it is the same on every machine.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

from bot.editions.model.document import Chart
from bot.editions.model.translation import IN_ENGLISH
from bot.editions.render.charts import text_metrics
from bot.editions.render.charts.layout import WIDTH, Letters, layout
from bot.locale import Translator

if TYPE_CHECKING:
    from PIL.Image import Image

SIZE = (1200, 630)
"""Width and height in pixels, at the aspect ratio of link previews (1.91 to 1)."""
_SCALE = SIZE[0] / WIDTH
"""Pixels for each unit of the layout."""
_INK, _SOFT = "#1d1b18", "#5f5a52"
_PAPER, _LINE, _ACCENT = "#fbfaf7", "#e4dfd5", "#9a3412"
_SHADES = 20
_ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}


def draw(chart: Chart, words: Translator = IN_ENGLISH) -> bytes:
    """The chart as a PNG of `SIZE`, on a light background, so that it is also legible in dark mode.

    Numbers are formatted by `words`. `description.describe` gives the matching alternative text.
    """
    from PIL import Image, ImageDraw

    sheet = Image.new("RGB", SIZE, _PAPER)
    pen = ImageDraw.Draw(sheet)
    laid = layout(chart, words)
    for tick in laid.ticks:
        y = round(tick.y * _SCALE)
        pen.rectangle((laid.left * _SCALE, y - 1, laid.right * _SCALE, y), fill=_LINE)
    for column in laid.columns:
        if column.value:
            box = (column.x, column.y, column.x + column.width, column.y + column.height)
            left, top, right, bottom = (round(edge * _SCALE) for edge in box)
            pen.rectangle((left, top, right - 1, bottom - 1), fill=_ACCENT)
    y = round(laid.zero * _SCALE)
    pen.rectangle((laid.left * _SCALE, y - 1, laid.right * _SCALE, y), fill=_SOFT)
    for letters in laid.letters:
        _write(sheet, letters)
    file = BytesIO()
    sheet.quantize(palette=_palette(), dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


@cache
def _palette() -> Image:
    """All colours of a chart, including the shades of antialiased text: a small palette keeps the file small."""
    from PIL import Image, ImageColor

    paper = ImageColor.getrgb(_PAPER)
    parts = [*ImageColor.getrgb(_LINE), *ImageColor.getrgb(_ACCENT)]
    for ink in (ImageColor.getrgb(_INK), ImageColor.getrgb(_SOFT)):
        for step in range(_SHADES + 1):
            parts += (round(ground + (dark - ground) * step / _SHADES) for ground, dark in zip(paper, ink, strict=True))
    palette = Image.new("P", (1, 1))
    palette.putpalette(parts)
    return palette


def _write(sheet: Image, letters: Letters) -> None:
    """Draw a text on the image; slanted text is drawn on an image of its own, which is rotated."""
    from PIL import Image, ImageDraw

    font = text_metrics.font(letters.size * _SCALE, bold=letters.kind == "title")
    colour, anchor = (_INK if letters.kind in ("title", "value") else _SOFT), _ANCHORS[letters.anchor]
    words = text_metrics.drawable(letters.words)
    x, y = letters.x * _SCALE, letters.y * _SCALE
    if not letters.leaning:
        halo = 4 if letters.kind == "value" else 0
        ImageDraw.Draw(sheet).text((x, y), words, colour, font, anchor, stroke_width=halo, stroke_fill=_PAPER)
        return
    side = 2 * round(font.getlength(words)) + 2 * round(font.size)
    mask = Image.new("L", (side, side))
    ImageDraw.Draw(mask).text((side / 2, side / 2), words, 255, font, anchor)
    mask = mask.rotate(letters.leaning, Image.Resampling.BICUBIC)
    sheet.paste(colour, (round(x - side / 2), round(y - side / 2)), mask)
