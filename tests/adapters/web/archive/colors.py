"""The colors of a style sheet, and how well one can be read on another (WCAG 2.2, contrast ratio)."""

from __future__ import annotations

import re


def palettes(sheet: str) -> dict[str, dict[str, str]]:
    """The custom properties that are colors: those of light, and those of dark with what it takes over."""
    dark_at = re.compile(r"@media screen and \(prefers-color-scheme: dark\) \{\s*:root \{(.*?)\}", re.DOTALL)
    light = _colors("".join(re.findall(r":root \{(.*?)\}", dark_at.sub("", sheet), re.DOTALL)))
    return {"light": light, "dark": light | _colors("".join(dark_at.findall(sheet)))}


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _colors(text: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z]+):\s*(#[0-9a-f]{6})", text))


def _luminance(color: str) -> float:
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
