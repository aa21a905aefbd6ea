"""Normalization of text for comparing quotes.

Two texts are equal if they are identical after these steps: LaTeX is converted to text (`bot.latex.reader`), white
space of any length becomes one space, curly and LaTeX quotation marks become straight, all hyphens and dashes become
one character (a free-standing dash keeps its spaces), ligatures and other compatibility characters are decomposed
(NFKC), superscript digits become `^` and the digit, `×` becomes x, and zero-width characters are removed. Single and
double quotation marks are the same, since a quote within a quote changes them. Case and all other characters are
significant.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from bot.latex.reader import MAX_LENGTH, latex_to_text

_DASHES = "\u2010-\u2015\u2212\ufe58\ufe63\uff0d-"
_SPECIAL = re.compile(
    rf"""
      (?P<dash>\s*[{_DASHES}]+\s*)
    | (?P<space>\s+)
    | (?P<double>[“”„‟″«»]|``|'')
    | (?P<single>[‘’‚‛′`'])
    | (?P<times>×)
    | (?P<nothing>[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+)
    | (?P<superscript>[⁰¹²³⁴-⁹⁺⁻]+)
    | (?P<other>.[\u0300-\u036f]+|[^\x00-\x7f])
    """,
    re.VERBOSE,
)
_BLANK_LINE = re.compile(r"\n\s*\n")
_OPENING = re.compile(r"(?:\$?\\[A-Za-z]{1,20}\*?\{|\$?\{)\Z")
_CLOSING = re.compile(r"\}+\$?")
_MAX_ALIGNED_TOKENS = 3_000
"""Maximum number of tokens in a paragraph that are aligned one by one. In a longer paragraph with LaTeX (no abstract is
that long), a span covers the whole paragraph."""
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class NormalizedText:
    """Normalized text with a mapping from each character to its origin."""

    text: str
    _starts: tuple[int, ...]
    """Offsets in `text` at which a copied run of characters or a replacement starts."""
    _origins: tuple[tuple[int, int], ...]
    """Start and end in the original text of each of these runs."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Original span of `text[start:end]`. A replacement maps to the whole of the text that it replaced."""
        return self._origin(start)[0], self._origin(end - 1)[1]

    def _origin(self, at: int) -> tuple[int, int]:
        index = bisect_right(self._starts, at) - 1
        start, end = self._origins[index]
        length = (self._starts[index + 1] if index + 1 < len(self._starts) else len(self.text)) - self._starts[index]
        if length != end - start:
            return start, end
        offset = at - self._starts[index]
        return start + offset, start + offset + 1


def normalize(text: str) -> NormalizedText:
    """Normalize plain text, in which LaTeX has been read already."""
    out: list[str] = []
    starts: list[int] = []
    origins: list[tuple[int, int]] = []
    length = 0

    def put(piece: str, start: int, end: int) -> None:
        nonlocal length
        if piece:
            starts.append(length)
            origins.append((start, end))
            out.append(piece)
            length += len(piece)

    done = 0
    for match in _SPECIAL.finditer(text):
        put(text[done : match.start()], done, match.start())
        put(_replacement(match), match.start(), match.end())
        done = match.end()
    put(text[done:], done, len(text))
    return NormalizedText("".join(out), tuple(starts), tuple(origins))


def same(first: str, second: str) -> bool:
    """Return True if two texts are equal after normalization."""
    return normalize(plain(first)).text.strip() == normalize(plain(second)).text.strip()


def plain(text: str) -> str:
    """The text with its LaTeX read, paragraph by paragraph: long texts are read to their end."""
    return "".join(latex_to_text(paragraph) for paragraph in _paragraphs(text))


class OriginalSpans:
    """Mapping from a readable text (`plain`) back to its original."""

    def __init__(self, original: str) -> None:
        self._original = original
        self._blocks: list[tuple[int, int, int]] = []
        start = seen = 0
        for paragraph in _paragraphs(original):
            shown = latex_to_text(paragraph)
            self._blocks += [(first + seen, last + seen, at + start) for first, last, at in _aligned(paragraph, shown)]
            start, seen = start + len(paragraph), seen + len(shown)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Original span of `shown[start:end]`; LaTeX that became one character is included as a whole."""
        first, last = 0, len(self._original)
        for seen_start, seen_end, origin in self._blocks:
            if seen_end <= start:
                first = origin + seen_end - seen_start
            elif seen_start <= start:
                first = origin + start - seen_start
            if seen_start >= end:
                last = origin
                break
            if seen_start < end <= seen_end:
                last = origin + end - seen_start
                break
        return self._with_enclosing_markup(first, last)

    def _with_enclosing_markup(self, start: int, end: int) -> tuple[int, int]:
        r"""The span extended by a `\emph{` before it if the matching `}` is inside, and likewise by a closing `}`."""
        inside = self._original[start:end]
        if inside.count("}") > inside.count("{") and (
            mark := _OPENING.search(self._original, max(0, start - 30), start)
        ):
            start = mark.start()
        if inside.count("{") > inside.count("}") and (mark := _CLOSING.match(self._original, end)):
            end = mark.end()
        return start, end


def _paragraphs(text: str) -> list[str]:
    """The text in pieces that can be converted separately: one piece if it is short enough, else one for each
    paragraph."""
    if len(text) <= MAX_LENGTH:
        return [text]
    cuts = [0, *(match.end() for match in _BLANK_LINE.finditer(text)), len(text)]
    return [text[start:end] for start, end in pairwise(cuts)]


def _aligned(original: str, shown: str) -> Iterator[tuple[int, int, int]]:
    """Yield the spans common to both texts: start and end in the readable text, start in the original."""
    if original == shown:
        yield 0, len(shown), 0
        return
    original_tokens, shown_tokens = list(_TOKEN.finditer(original)), list(_TOKEN.finditer(shown))
    if len(original_tokens) > _MAX_ALIGNED_TOKENS:
        return
    matcher = SequenceMatcher(
        None, [t.group() for t in original_tokens], [t.group() for t in shown_tokens], autojunk=False
    )
    for block in matcher.get_matching_blocks():
        for step in range(block.size):
            original_token, shown_token = original_tokens[block.a + step], shown_tokens[block.b + step]
            yield shown_token.start(), shown_token.end(), original_token.start()


def _replacement(match: re.Match[str]) -> str:
    """The normalized replacement of a special character."""
    found = match.group()
    match match.lastgroup:
        case "dash":
            apart = found != found.strip() or "—" in found or "---" in found
            return " - " if apart else "-"
        case "space":
            return " "
        case "double":
            return '"'
        case "single":
            is_apostrophe = match.string[match.start() - 1 : match.start()].isalnum() and (
                match.string[match.end() : match.end() + 1].isalnum()
            )
            return "'" if is_apostrophe else '"'
        case "times":
            return "x"
        case "nothing":
            return ""
        case "superscript":
            return "^" + unicodedata.normalize("NFKC", found).replace("\u2212", "-")
    return unicodedata.normalize("NFKC", found)
