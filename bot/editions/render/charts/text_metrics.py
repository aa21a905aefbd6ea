"""Text in the bundled font (`fonts/README.md`): width, line wrapping and available characters."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING

from bot.chat.text import ELLIPSIS

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

_MEASURED_AT = 100
_NO_CHARACTER = "\uffff"
"""A Unicode noncharacter, which no font has: it is drawn as the "missing glyph" box."""


@lru_cache(maxsize=64)
def font(size: float, *, bold: bool = False) -> FreeTypeFont:
    """The font at a size in pixels. Pillow is imported on first use to keep the command line fast."""
    from PIL import ImageFont

    return ImageFont.truetype(BytesIO(_file(bold)), size, layout_engine=ImageFont.Layout.BASIC)


def width(words: str, size: float, *, bold: bool = False) -> float:
    """Width of the text on one line."""
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in words)
    if wide:  # Chinese, emoji: another font draws them, in squares
        words = "".join(sign for sign in words if unicodedata.east_asian_width(sign) not in "WF")
    return wide * size + font(_MEASURED_AT, bold=bold).getlength(words) * size / _MEASURED_AT


def line(words: str) -> str:
    """The text on one line, without control characters, lone surrogates and unassigned characters."""
    kept = (
        sign
        for sign in unicodedata.normalize("NFC", words)
        if unicodedata.category(sign) not in ("Cc", "Cs", "Cn") or sign.isspace()
    )
    return " ".join("".join(kept).split())


def drawable(words: str) -> str:
    """The text reduced to characters that the font has.

    Other characters are replaced by their compatibility form (ﬁ by fi) or removed (emoji); a word with a missing letter
    becomes an ellipsis, so that the rest is not mistaken for the whole.
    """
    shown: list[str] = []
    for word in unicodedata.normalize("NFC", words).split():
        signs = [_drawable(sign) for sign in word]
        one = ELLIPSIS if any(sign is None for sign in signs) else "".join(filter(None, signs))
        if one and not one == ELLIPSIS == "".join(shown[-1:]):
            shown.append(one)
    return " ".join(shown)


def wrapped(words: str, room: float, size: float, *, most: int, bold: bool = False) -> tuple[str, ...]:
    """The text in up to `most` lines no wider than `room`; the rest is replaced by an ellipsis."""
    lines: list[str] = []
    for word in unicodedata.normalize("NFC", words).split():
        if lines and width(f"{lines[-1]} {word}", size, bold=bold) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    shown = lines[:most]
    if len(lines) > most:
        shown[-1] = " ".join(lines[most - 1 :])
    return tuple(_cut(line, room, size, bold=bold) for line in shown)


@cache
def has(sign: str) -> bool:
    """Return True if the font has the character."""
    set_in = font(_MEASURED_AT)
    return bytes(set_in.getmask(sign)) != _missing() or set_in.getlength(sign) != set_in.getlength(_NO_CHARACTER)


def _cut(line: str, room: float, size: float, *, bold: bool) -> str:
    if width(line, size, bold=bold) <= room:
        return line
    kept = line
    while kept and width(kept + ELLIPSIS, size, bold=bold) > room:
        kept = kept[:-1]
    return kept.rstrip() + ELLIPSIS


@cache
def _missing() -> bytes:
    return bytes(font(_MEASURED_AT).getmask(_NO_CHARACTER))


@lru_cache(maxsize=4096)
def _drawable(sign: str) -> str | None:
    """The character, its compatibility form, "" if it is no letter or number, or None if it cannot be drawn."""
    if sign != _NO_CHARACTER and not unicodedata.category(sign).startswith("C") and has(sign):
        return sign
    plain = "".join(one for one in unicodedata.normalize("NFKD", sign) if one != sign and has(one))
    return plain or (None if unicodedata.category(sign)[0] in "LN" else "")


@cache
def _file(bold: bool) -> bytes:
    name = "DejaVuSansCondensed-Bold.ttf" if bold else "DejaVuSansCondensed.ttf"
    return (files(__package__) / "fonts" / name).read_bytes()
