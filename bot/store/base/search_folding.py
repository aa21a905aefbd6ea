"""Folding of text for the search: what is shown and what is typed become the same words."""

from __future__ import annotations

import re
import unicodedata

from bot.chat.text import clean
from bot.latex.reader import latex_to_text

_APOSTROPHES = re.compile(r"['’‘ʼʻ`´′]")
_MARKS = re.compile(r"[\u0300-\u036f]")
_LETTERS = str.maketrans(
    {
        "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE",
        "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i", "ħ": "h", "Ħ": "H", "ŋ": "n",
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
    }
)  # fmt: skip
"""Letters that no accent is taken from, and signs that look alike."""
_GREEK = re.compile(r"(?<![\u0370-\u03ff\u1f00-\u1fff])[Α-Ωα-ω]{1,3}(?![\u0370-\u03ff\u1f00-\u1fff])")
"""Greek letters as in formulas: longer runs are words of the Greek language."""
_PLAIN = re.compile(r"[\x20-\x7e]*")


def fold(text: str) -> str:
    """The text as the search compares it: LaTeX read, without accents and apostrophes, Greek letters by name.

    Case is kept, since words start at capitals too. Folding again changes nothing.
    """
    return _APOSTROPHES.sub("", _fold(text))


def forms(text: str) -> tuple[str, ...]:
    """Folded forms of an indexed text: without its apostrophes, and with them if there are any (Brien of O'Brien)."""
    folded = _fold(text)
    bare = _APOSTROPHES.sub("", folded)
    return (bare,) if bare == folded else (bare, _APOSTROPHES.sub("'", folded))


def _fold(text: str) -> str:
    shown = clean(latex_to_text(text))
    if _PLAIN.fullmatch(shown):
        return shown
    apart = unicodedata.normalize("NFKD", shown.translate(_LETTERS))
    bare = unicodedata.normalize("NFKC", _MARKS.sub("", apart)).translate(_LETTERS)
    return clean(_GREEK.sub(_names, bare))


def _names(found: re.Match[str]) -> str:
    """Names of Greek letters: β is beta, Δ is Delta."""
    names = (unicodedata.name(letter, "").rpartition(" ")[2].lower() for letter in found[0])
    spelled = ("lambda" if name == "lamda" else "sigma" if name == "sigma" else name for name in names)
    return "".join(
        name.capitalize() if letter.isupper() else name for letter, name in zip(found[0], spelled, strict=True)
    )
