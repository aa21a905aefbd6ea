"""Texts that were copied from a PDF: words broken at the ends of lines, and what stands between two pages."""

from __future__ import annotations

import re
from collections import Counter

_BROKEN = re.compile(r"([^\W\d_]{2,40})(?:[-\u2010]|\u00ad)[ \t]*\n[ \t]*([^\W\d_]{2,40})")
_NUMBER = re.compile(r"[ \t]*(?:page |seite )?\d{1,4}(?: of \d{1,4}| / \d{1,4})?[ \t]*", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_PREFIXES = re.compile(
    "pre|non|self|multi|semi|cross|co|re|anti|post|sub|inter|intra|meta|pseudo|quasi|state|long|short|high|low|well|end|"
    "large|small|fine|few|zero|one|two|open|real",
    re.IGNORECASE,
)
"""First halves of words that are mostly written with a hyphen."""
MIN_HEADS = 3
"""Pages on which a line must stand to be taken for the head of each page."""
MAX_HEAD = 120
"""Characters of a line that may be the head of a page."""
MAX_BETWEEN = 4
"""Lines on one side of a page's number that may stand between two pages."""


def unbroken(text: str) -> str:
    """The text with its broken words whole, and without the numbers and heads of pages within sentences.

    A text without broken lines stays as it is. Whether a hyphen is part of a word is told by the rest of the text.
    """
    if "\n" not in text:
        return text
    text = _without_page_breaks(text)
    words = Counter(word.casefold() for word in _WORD.findall(_BROKEN.sub(" ", text)))

    def whole(found: re.Match[str]) -> str:
        first, second = found[1], found[2]
        joined, hyphened = words[f"{first}{second}".casefold()], words[f"{first}-{second}".casefold()]
        keeps = hyphened > joined or (hyphened == joined and (_PREFIXES.fullmatch(first) or second[0].isupper()))
        return f"{first}-{second}" if keeps and "\u00ad" not in found[0] else f"{first}{second}"

    return _BROKEN.sub(whole, text)


def _without_page_breaks(text: str) -> str:
    """The text without the lines between two pages: a number alone, and beside it a line that is on several pages."""
    lines = text.split("\n")
    kinds = Counter(_kind(line) for line in lines if 0 < len(line.strip()) <= MAX_HEAD)
    heads = {kind for kind, count in kinds.items() if count >= MIN_HEADS and len(kind) > 3}
    numbers = {at for at, line in enumerate(lines) if _NUMBER.fullmatch(line) and _divides_pages(lines, at, heads)}
    gone = set(numbers)
    for at in numbers:
        for step in (-1, 1):
            for place in range(at + step, at + step * (MAX_BETWEEN + 1), step):
                if not 0 <= place < len(lines) or not (not lines[place].strip() or _kind(lines[place]) in heads):
                    break
                gone.add(place)
    kept: list[str] = []
    for at, line in enumerate(lines):
        if at not in gone:
            kept.append(line)
        elif at in numbers and not _within_sentence(kept, lines, at, gone):
            kept.append("")
    return "\n".join(kept)


def _kind(line: str) -> str:
    """The line without its numbers, so that the heads of all pages are alike."""
    return re.sub(r"[\W\d_]+", " ", line).strip().casefold()


def _divides_pages(lines: list[str], at: int, heads: set[str]) -> bool:
    """True for a number with a blank line or a head of a page beside it: others belong to a table or a list."""
    beside = [lines[place].strip() for place in (at - 1, at + 1) if 0 <= place < len(lines)]
    return any(not line or _kind(line) in heads for line in beside)


def _within_sentence(kept: list[str], lines: list[str], at: int, gone: set[int]) -> bool:
    """True if the text before a page's end goes on behind it."""
    before = kept[-1].rstrip() if kept else ""
    below = (lines[place] for place in range(at, min(len(lines), at + MAX_BETWEEN + 2)) if place not in gone)
    after = next((line for line in below if line.strip()), "")
    return bool(before) and not before.endswith((".", "!", "?", ":")) and bool(after)
