"""Pictures that people upload, as they are stored: small, in one of two formats, without metadata.

A file is measured before its pixels are read, so that a small file cannot unpack to gigabytes.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from bot.domain.figure_names import ImageEnding, figure_name
from bot.errors import UserError
from bot.locale.current import _

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_UPLOAD = 10 * 2**20
"""Maximum size of an uploaded picture in bytes."""
MAX_PIXELS = 40_000_000
"""Maximum number of pixels of an uploaded picture: some 160 MB while it is made smaller."""
MAX_SCANS = 100
"""Maximum number of a JPEG's scans, each of which goes over all pixels. Programs write about ten, and a file of ten
megabytes could have a hundred thousand."""
_SCAN = b"\xff\xda"
"""Marker of a scan; in compressed data these bytes do not occur."""
MAX_WIDTH, MAX_HEIGHT = 1_400, 2_800
"""Size of a stored picture in pixels: twice the width of a page's column, and two screens of a phone."""
MAX_STORED = 700_000
"""Maximum size of a stored picture in bytes."""
MIN_SIDE = 16
"""Shortest side of an uploaded picture in pixels: smaller ones are counters and spacers."""
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
_QUALITIES = (86, 75, 60)


@dataclass(frozen=True, slots=True)
class FigureImage:
    """A picture to store: its name and its content."""

    name: str
    content: bytes


def prepare_figure(content: bytes) -> FigureImage:
    """The picture as it is stored. Takes up to some seconds of a processor.

    Raises UserError if it is no picture, or one with too many or too few pixels.
    """
    from PIL import Image

    if content.lstrip()[:100].lower().startswith((b"<svg", b"<?xml")):
        raise UserError(_("I cannot read SVG. Save the picture as PNG first."), field="file")
    if content.startswith(b"%PDF"):
        raise UserError(_("That is a PDF. Save the figure as PNG or JPEG first."), field="file")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of broken metadata, which is dropped, and of size, which is checked
            with Image.open(BytesIO(content), formats=_FORMATS) as image:
                _check_size(*image.size)
                if image.format == "JPEG":
                    _check_scans(content)
                return _stored(_small(image))
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise UserError(_("I cannot read that picture. Save it as PNG or JPEG."), field="file") from error


def name_if_stored(content: bytes) -> str:
    """The name that a picture has if it was stored as it is; empty for one that never is."""
    from PIL import Image

    kinds: dict[str | None, ImageEnding] = {"PNG": "png", "JPEG": "jpg"}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(content), formats=list(filter(None, kinds))) as image:
                return figure_name(content, *image.size, kinds[image.format])
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        return ""


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise UserError(
            _(
                "The picture has {width} × {height} pixels; I accept up to {million} million.",
                width=width,
                height=height,
                million=MAX_PIXELS // 1_000_000,
            ),
            field="file",
        )
    if min(width, height) < MIN_SIDE:
        raise UserError(
            _(
                "The picture is too small: {width} × {height} pixels. It needs at least {least} on each side.",
                width=width,
                height=height,
                least=MIN_SIDE,
            ),
            field="file",
        )


def _check_scans(jpeg: bytes) -> None:
    if jpeg.count(_SCAN) > MAX_SCANS:
        raise ValueError("too many scans")


def _small(image: Image) -> Image:
    """The first frame, upright, on white, and at most `MAX_WIDTH` by `MAX_HEIGHT`, without anything but its pixels."""
    from PIL import Image as Images
    from PIL import ImageOps

    image.draft("RGB", (MAX_WIDTH, MAX_HEIGHT))  # JPEG is unpacked at a fraction of its size; others ignore it
    image.load()
    ImageOps.exif_transpose(image, in_place=True)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        opaque = Images.new("RGB", image.size, "#ffffff")
        opaque.paste(image, mask=image.getchannel("A"))
    else:
        opaque = image.convert("RGB")
    opaque.thumbnail((MAX_WIDTH, MAX_HEIGHT), Images.Resampling.LANCZOS)
    bare = Images.new("RGB", opaque.size)
    bare.paste(opaque)
    return bare


def _stored(image: Image) -> FigureImage:
    """PNG for drawings, JPEG for photographs: whichever is smaller, PNG unless JPEG is much smaller."""
    lossless = _encoded(image, "PNG", optimize=True)
    for quality in _QUALITIES:
        lossy = _encoded(image, "JPEG", quality=quality, optimize=True, progressive=True)
        if len(lossless) <= min(MAX_STORED, 2 * len(lossy)):
            return _named(image, lossless, "png")
        if len(lossy) <= MAX_STORED:
            return _named(image, lossy, "jpg")
    return _named(image, lossy, "jpg")


def _encoded(image: Image, form: str, **options: bool | int) -> bytes:
    file = BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def _named(image: Image, content: bytes, ending: ImageEnding) -> FigureImage:
    return FigureImage(figure_name(content, *image.size, ending), content)
