"""Text in the bundled font (`fonts/README.md`): width, line wrapping and available characters."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING

from bot.chat.text import ELLIPSIS

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

_MEASURING_SIZE = 100
_NONCHARACTER = "\uffff"
"""A Unicode noncharacter, which no font has: it is drawn as the "missing glyph" box."""


@lru_cache(maxsize=64)
def font(size: float, *, bold: bool = False) -> FreeTypeFont:
    """The font at a size in pixels. Pillow is imported on first use to keep the command line fast."""
    from PIL import ImageFont

    return ImageFont.truetype(BytesIO(_file(bold)), size, layout_engine=ImageFont.Layout.BASIC)


def width(words: str, size: float, *, bold: bool = False) -> float:
    """Width of the text on one line."""
    wide_count = sum(unicodedata.east_asian_width(char) in "WF" for char in words)
    if wide_count:  # Chinese, emoji: another font draws them, in squares
        words = "".join(char for char in words if unicodedata.east_asian_width(char) not in "WF")
    return wide_count * size + font(_MEASURING_SIZE, bold=bold).getlength(words) * size / _MEASURING_SIZE


def single_line(words: str) -> str:
    """The text on one line, without control characters, lone surrogates and unassigned characters."""
    chars = (
        char
        for char in unicodedata.normalize("NFC", words)
        if unicodedata.category(char) not in ("Cc", "Cs", "Cn") or char.isspace()
    )
    return " ".join("".join(chars).split())


def drawable(words: str) -> str:
    """The text reduced to characters that the font has.

    Other characters are replaced by their compatibility form (ﬁ by fi) or removed (emoji); a word with a missing letter
    becomes an ellipsis, so that the rest is not mistaken for the whole.
    """
    drawn_words: list[str] = []
    for word in unicodedata.normalize("NFC", words).split():
        chars = [_drawable(char) for char in word]
        drawn_word = ELLIPSIS if any(char is None for char in chars) else "".join(filter(None, chars))
        if drawn_word and not drawn_word == ELLIPSIS == "".join(drawn_words[-1:]):
            drawn_words.append(drawn_word)
    return " ".join(drawn_words)


def wrapped(words: str, room: float, size: float, *, max_lines: int, bold: bool = False) -> tuple[str, ...]:
    """The text in at most `max_lines` lines no wider than `room`; the rest is replaced by an ellipsis."""
    lines: list[str] = []
    for word in unicodedata.normalize("NFC", words).split():
        if lines and width(f"{lines[-1]} {word}", size, bold=bold) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    visible = lines[:max_lines]
    if len(lines) > max_lines:
        visible[-1] = " ".join(lines[max_lines - 1 :])
    return tuple(_truncated(line, room, size, bold=bold) for line in visible)


@cache
def has_glyph(char: str) -> bool:
    """Return True if the font has the character."""
    measuring_font = font(_MEASURING_SIZE)
    return bytes(measuring_font.getmask(char)) != _missing_glyph() or measuring_font.getlength(
        char
    ) != measuring_font.getlength(_NONCHARACTER)


def _truncated(line: str, room: float, size: float, *, bold: bool) -> str:
    if width(line, size, bold=bold) <= room:
        return line
    fits = bisect_right(range(1, len(line) + 1), room, key=lambda n: width(line[:n] + ELLIPSIS, size, bold=bold))
    return line[:fits].rstrip() + ELLIPSIS


@cache
def _missing_glyph() -> bytes:
    return bytes(font(_MEASURING_SIZE).getmask(_NONCHARACTER))


@lru_cache(maxsize=4096)
def _drawable(char: str) -> str | None:
    """The character, its compatibility form, "" if it is no letter or number, or None if it cannot be drawn."""
    if char != _NONCHARACTER and not unicodedata.category(char).startswith("C") and has_glyph(char):
        return char
    decomposed = "".join(part for part in unicodedata.normalize("NFKD", char) if part != char and has_glyph(part))
    return decomposed or (None if unicodedata.category(char)[0] in "LN" else "")


@cache
def _file(bold: bool) -> bytes:
    name = "DejaVuSansCondensed-Bold.ttf" if bold else "DejaVuSansCondensed.ttf"
    return (files(__package__) / "fonts" / name).read_bytes()
