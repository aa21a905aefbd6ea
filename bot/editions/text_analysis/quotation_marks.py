"""Quotation marks of several languages: a text that is one quotation as a whole, with its credit."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.editions.text_analysis.words import UNSPACED

MARKS = {
    '"': '"', "“": "”", "„": "“”", "”": "”", "«": "»", "»": "«", "‹": "›", "›": "‹", "‘": "’", "‚": "‘’",
    "「": "」", "『": "』", "《": "》",
}  # fmt: skip
"""Opening marks with those that may close them."""
_ALWAYS_OPEN = "「『《"
"""Marks of writing without spaces, which never close anything."""
_CREDIT = re.compile(r"\s*(?:[—―]{1,2}|--|–)\s*(?P<credit>[^“”„«»\"「」『』]{1,120})\Z")
SOURCE_PLACE = (
    r"(?:abstract|introduction|conclusions?|appendix|sections?|sec\.?|chapter|pages?|pp?\.?|tables?|fig(?:ure)?s?\.?|§|"
    r"zusammenfassung|einleitung|abschnitt|kapitel|seite|tabelle|abb(?:ildung)?\.?|anhang|résumé|resumen|sección)"
    r"(?![^\W\d_])"
)
"""Beginning of where in a paper something stands."""
_IN_BRACKETS = re.compile(rf"\s*\((?P<credit>{SOURCE_PLACE}[^()\n]{{0,60}})\)\.?\Z", re.IGNORECASE)
_WORD = re.compile(rf"[{UNSPACED}]{{1,2}}|[^\W_]+(?:['’-][^\W_]+)*")
"""A word; in writing without spaces two characters."""


@dataclass(frozen=True, slots=True)
class MarkedQuote:
    """The words between quotation marks, and the credit after them."""

    words: str
    credit: str = ""


def marked_quote(text: str) -> MarkedQuote | None:
    """The quotation that a text is from its first character to its last; None for any other text.

    Marks within it may be nested. A text that begins with one quotation and ends with another is none.
    """
    text = text.strip()
    if not text or text[0] not in MARKS or (end := _end(text)) is None:
        return None
    words = text[1:end].strip()
    if end + 1 == len(text):
        return MarkedQuote(words) if words else None
    found = _CREDIT.match(text, end + 1) or _IN_BRACKETS.match(text, end + 1)
    return MarkedQuote(words, found["credit"].strip()) if found and words else None


def count_words(text: str) -> int:
    """Number of words."""
    return len(_WORD.findall(text))


def _end(text: str) -> int | None:
    """Position of the mark that closes the one at the start; None if it is never closed."""
    open_marks = [text[0]]
    for at in range(1, len(text)):
        sign, before = text[at], text[at - 1]
        if _is_within_word(text, at):
            continue
        if sign in MARKS[open_marks[-1]] and not (sign == open_marks[-1] and before.isspace()):
            open_marks.pop()
            if not open_marks:
                return at
        elif sign in _ALWAYS_OPEN or (sign in MARKS and (before.isspace() or before in MARKS or before in "([")):
            open_marks.append(sign)
    return None


def _is_within_word(text: str, at: int) -> bool:
    """True for an apostrophe, or inches: letters or digits on both sides."""
    return text[at] in "’'\"" and text[at - 1].isalnum() and text[at + 1 : at + 2].isalnum()
