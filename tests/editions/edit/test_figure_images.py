"""Pictures that people upload: measured before they are unpacked, made small, and stored without metadata."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from bot.domain.figure_names import figure_size, is_figure_name
from bot.editions.edit.figure_images import MAX_STORED, MAX_WIDTH, prepare_figure
from bot.errors import UserError


def encoded(image: Image.Image, form: str = "PNG", **options: object) -> bytes:
    file = BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def drawing(width: int = 900, height: int = 600) -> Image.Image:
    image = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(image).ellipse((width // 10, height // 10, width // 2, height // 2), outline="black", width=3)
    return image


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes that unpacks to so many pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")
    )


def test_a_drawing_stays_lossless_and_its_name_tells_its_size() -> None:
    stored = prepare_figure(encoded(drawing()))
    assert stored.name.endswith(".png")
    assert is_figure_name(stored.name)
    assert figure_size(stored.name) == opened(stored.content).size == (900, 600)
    assert prepare_figure(encoded(drawing())) == stored, "the same picture is the same figure"


@pytest.mark.slow
def test_a_photograph_becomes_a_small_jpeg() -> None:
    stored = prepare_figure(encoded(Image.effect_noise((3000, 2000), 90).convert("RGB"), "JPEG", quality=98))
    assert stored.name.endswith(".jpg")
    assert opened(stored.content).size == (MAX_WIDTH, 933)
    assert len(stored.content) <= MAX_STORED
    assert figure_size(prepare_figure(encoded(drawing(390, 6000))).name) == (182, 2800), "a screen can still be read"


def test_nothing_but_the_pixels_is_kept() -> None:
    notes = PngInfo()
    notes.add_text("Comment", "taken at home")
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = "taken at home", 6
    photograph = Image.effect_noise((120, 80), 90).convert("RGB")
    for content in (
        encoded(drawing(), pnginfo=notes),
        encoded(photograph, "JPEG", exif=exif, comment=b"taken at home", icc_profile=b"taken at home"),
    ):
        stored = prepare_figure(content)
        assert b"at home" in content
        assert b"at home" not in stored.content
        assert not opened(stored.content).getexif()
    assert opened(stored.content).size == (80, 120), "it is upright without its metadata, too"


def test_transparency_is_white_and_an_animation_is_its_first_frame() -> None:
    clear = Image.new("RGBA", (64, 64), (255, 0, 0, 0))
    assert opened(prepare_figure(encoded(clear)).content).convert("RGB").getpixel((5, 5)) == (255, 255, 255)
    frames = [Image.new("RGB", (64, 64), color) for color in ("red", "blue")]
    animated = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    first = opened(prepare_figure(animated).content)
    assert first.convert("L").getpixel((5, 5)) == Image.new("RGB", (1, 1), (254, 0, 0)).convert("L").getpixel((0, 0))
    assert getattr(first, "n_frames", 1) == 1


def jpeg_of_scans(number: int) -> bytes:
    """A progressive JPEG whose last scan comes so many times."""
    content = encoded(drawing(), "JPEG", progressive=True)
    last = content[content.rfind(b"\xff\xda") : -2]
    return content[:-2] + last * number + b"\xff\xd9"


def test_a_jpeg_of_a_few_more_scans_than_usual_is_read() -> None:
    assert figure_size(prepare_figure(jpeg_of_scans(20)).name) == (900, 600)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (jpeg_of_scans(1_000), "cannot read"),
        (png_that_claims(60_000, 60_000), "cannot read|pixels"),
        (png_that_claims(9_000, 9_000), "9000 × 9000 pixels; I accept up to 40 million"),
        (encoded(drawing(1, 400)), "too small: 1 × 400 pixels"),
        (encoded(drawing())[:700], "cannot read"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "SVG"),
        (b"%PDF-1.7", "PDF"),
        (b"no picture at all", "cannot read"),
        (b"", "cannot read"),
    ],
)
def test_what_is_no_picture_or_too_large_is_refused_in_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(UserError, match=said):
        prepare_figure(content)
