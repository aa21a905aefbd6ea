"""A club's accent color on the web: its names, and the shades of it that can be read on light and on dark pages."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.locale.current import _

NAMED_COLORS = {
    "rust": "#9a3412",
    "red": "#b3202c",
    "amber": "#8a5a00",
    "green": "#1f6b3a",
    "teal": "#0b6e75",
    "blue": "#1d4ed8",
    "violet": "#6d28d9",
    "plum": "#86216b",
    "grey": "#4b5563",
}
"""Colors that a club may name instead of a code."""
MIN_CONTRAST = 4.5
"""Contrast of text with its background that WCAG 2.2 asks for at level AA."""
LIGHT_BACKGROUND, DARK_BACKGROUND = "#f4efe6", "#23242a"
"""The darkest light background of a page, and the lightest dark one."""
_STEPS = 40


@dataclass(frozen=True, slots=True)
class AccentShades:
    """Shades of a color for text on light and on dark pages, as hex codes."""

    light: str
    dark: str


def parse_color(typed: str) -> str:
    """The hex code of a typed color; empty stays empty. Raises ValueError if it is no color."""
    folded = typed.strip().lower()
    if folded in NAMED_COLORS:
        return NAMED_COLORS[folded]
    if short := re.fullmatch(r"#?([0-9a-f])([0-9a-f])([0-9a-f])", folded):
        return "#" + "".join(2 * digit for digit in short.groups())
    if long := re.fullmatch(r"#?([0-9a-f]{6})", folded):
        return f"#{long[1]}"
    if folded:
        raise ValueError(_("it takes a code like #1f6b3a, or one of {colors}", colors=", ".join(NAMED_COLORS)))
    return ""


def accent_shades(color: str) -> AccentShades:
    """The nearest shades of a color that can be read: made darker for light pages, and lighter for dark ones."""
    return AccentShades(
        _readable(color, "#000000", LIGHT_BACKGROUND),
        _readable(color, "#ffffff", DARK_BACKGROUND),
    )


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colors (WCAG 2.2), from 1 (the same) to 21 (black on white)."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _readable(color: str, toward: str, background: str) -> str:
    shades = (_mixed(color, toward, step / _STEPS) for step in range(_STEPS + 1))
    return next((shade for shade in shades if contrast(shade, background) >= MIN_CONTRAST), toward)


def _mixed(color: str, other: str, share: float) -> str:
    pairs = zip(_channels(color), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _luminance(color: str) -> float:
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (n / 255 for n in _channels(color))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
