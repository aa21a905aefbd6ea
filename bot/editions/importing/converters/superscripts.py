"""Raised and lowered text, which a program marks and plain text cannot: 10⁵, H₂O; else `x^(n+k)`, `x_(max)`."""

from __future__ import annotations

import re

_RAISED = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
_LOWERED = str.maketrans("0123456789+-−=()aeox", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₒₓ")
_ORDINAL = re.compile(r"(?:st|nd|rd|th|er|re|e|ère|ème|o|a|TM|SM|®|©|™)", re.IGNORECASE)
"""Endings that are only set smaller: 1st, 2ème."""


def raised(text: str) -> str:
    """The text as it stands above the line: a power, the number of a footnote."""
    return _moved(text, _RAISED, "^")


def lowered(text: str) -> str:
    """The text as it stands below the line: an index."""
    return _moved(text, _LOWERED, "_")


def _moved(text: str, signs: dict[int, int], mark: str) -> str:
    words = text.strip()
    if not words or (mark == "^" and _ORDINAL.fullmatch(words)) or len(words.split()) > 3:
        return text
    if all(ord(sign) in signs for sign in words):
        return words.translate(signs)
    return f"{mark}{words}" if len(words) == 1 or words[0] in "[*`" else f"{mark}({words})"
