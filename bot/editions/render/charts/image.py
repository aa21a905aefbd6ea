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
from bot.editions.render.charts.chart_layout import WIDTH, TextLabel, layout
from bot.locale import Translator

if TYPE_CHECKING:
    from PIL.Image import Image

SIZE = (1200, 630)
"""Width and height in pixels, at the aspect ratio of link previews (1.91 to 1)."""
_SCALE = SIZE[0] / WIDTH
"""Pixels for each unit of the layout."""
_TEXT_COLOR, _MUTED_COLOR = "#1d1b18", "#5f5a52"
_BACKGROUND, _GRID_COLOR, _COLUMN_COLOR = "#fbfaf7", "#e4dfd5", "#9a3412"
_SHADES = 20
_ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}


def draw(chart: Chart, words: Translator = IN_ENGLISH) -> bytes:
    """The chart as a PNG of `SIZE`, on a light background, so that it is also legible in dark mode.

    Numbers are formatted by `words`. `description.describe` gives the matching alternative text.
    """
    from PIL import Image, ImageDraw

    image = Image.new("RGB", SIZE, _BACKGROUND)
    canvas = ImageDraw.Draw(image)
    chart_layout = layout(chart, words)
    for tick in chart_layout.ticks:
        y = round(tick.y * _SCALE)
        canvas.rectangle((chart_layout.left * _SCALE, y - 1, chart_layout.right * _SCALE, y), fill=_GRID_COLOR)
    for column in chart_layout.columns:
        if column.value:
            box = (column.x, column.y, column.x + column.width, column.y + column.height)
            left, top, right, bottom = (round(edge * _SCALE) for edge in box)
            canvas.rectangle((left, top, right - 1, bottom - 1), fill=_COLUMN_COLOR)
    y = round(chart_layout.zero * _SCALE)
    canvas.rectangle((chart_layout.left * _SCALE, y - 1, chart_layout.right * _SCALE, y), fill=_MUTED_COLOR)
    for label in chart_layout.labels:
        _draw_label(image, label)
    file = BytesIO()
    image.quantize(palette=_palette(), dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


@cache
def _palette() -> Image:
    """All colors of a chart, including the shades of antialiased text: a small palette keeps the file small."""
    from PIL import Image, ImageColor

    background_rgb = ImageColor.getrgb(_BACKGROUND)
    parts = [*ImageColor.getrgb(_GRID_COLOR), *ImageColor.getrgb(_COLUMN_COLOR)]
    for color in (ImageColor.getrgb(_TEXT_COLOR), ImageColor.getrgb(_MUTED_COLOR)):
        for step in range(_SHADES + 1):
            parts += (
                round(background + (foreground - background) * step / _SHADES)
                for background, foreground in zip(background_rgb, color, strict=True)
            )
    palette = Image.new("P", (1, 1))
    palette.putpalette(parts)
    return palette


def _draw_label(image: Image, label: TextLabel) -> None:
    """Draw a text on the image; slanted text is drawn on an image of its own, which is rotated."""
    from PIL import Image, ImageDraw

    font = text_metrics.font(label.size * _SCALE, bold=label.kind == "title")
    color, anchor = (_TEXT_COLOR if label.kind in ("title", "value") else _MUTED_COLOR), _ANCHORS[label.anchor]
    text = text_metrics.drawable(label.text)
    x, y = label.x * _SCALE, label.y * _SCALE
    if not label.slant:
        halo = 4 if label.kind == "value" else 0
        ImageDraw.Draw(image).text((x, y), text, color, font, anchor, stroke_width=halo, stroke_fill=_BACKGROUND)
        return
    side = 2 * round(font.getlength(text)) + 2 * round(font.size)
    mask = Image.new("L", (side, side))
    ImageDraw.Draw(mask).text((side / 2, side / 2), text, 255, font, anchor)
    mask = mask.rotate(label.slant, Image.Resampling.BICUBIC)
    image.paste(color, (round(x - side / 2), round(y - side / 2)), mask)
