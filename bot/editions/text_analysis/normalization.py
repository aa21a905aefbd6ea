"""When two texts count as the same words: the declared normalisation behind every quote.

Two texts are the same words if they are equal after this and nothing else: LaTeX is read (`bot.latex.reader`), white
space of any length is one space, curly and LaTeX quotation marks are straight ones, all hyphens and dashes are one
(a dash that stands apart keeps its spaces), ligatures and other compatibility characters are spelled out (NFKC),
superscript digits are `^` and the digit, what has no width is not there. Case counts, and so does every other sign.
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
    | (?P<single>[‘’‚‛′`])
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
"""Words and signs of a paragraph that are compared one by one. In a longer one with LaTeX in it, and no abstract is as
long, a place is the whole paragraph."""
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class NormalizedText:
    """A text after the normalisation, with the way back to where each of its characters came from."""

    text: str
    _starts: tuple[int, ...]
    """Where in `text` a stretch of copied characters, or a replacement, begins."""
    _origins: tuple[tuple[int, int], ...]
    """For each: where it begins and ends in the text that was folded."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` came from. Whatever was replaced comes from the whole of what it replaced."""
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
    """Normalise plain text, in which LaTeX has been read already."""
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


def same(one: str, other: str) -> bool:
    """Whether two texts are the same words."""
    return normalize(plain(one)).text.strip() == normalize(plain(other)).text.strip()


def plain(text: str) -> str:
    """The text with its LaTeX read, paragraph by paragraph: long texts are read to their end."""
    return "".join(latex_to_text(paragraph) for paragraph in _paragraphs(text))


class TextSpan:
    """The way back from a readable text (`plain`) to the one it was made of."""

    def __init__(self, original: str) -> None:
        self._original = original
        self._blocks: list[tuple[int, int, int]] = []
        start = seen = 0
        for paragraph in _paragraphs(original):
            shown = latex_to_text(paragraph)
            self._blocks += [(first + seen, last + seen, at + start) for first, last, at in _aligned(paragraph, shown)]
            start, seen = start + len(paragraph), seen + len(shown)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where `shown[start:end]` stands in the original; LaTeX that was read as one sign belongs to it whole."""
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
        r"""The stretch with the `\emph{` right before it if its `}` is inside, and the other way round."""
        inside = self._original[start:end]
        if inside.count("}") > inside.count("{") and (
            mark := _OPENING.search(self._original, max(0, start - 30), start)
        ):
            start = mark.start()
        if inside.count("{") > inside.count("}") and (mark := _CLOSING.match(self._original, end)):
            end = mark.end()
        return start, end


def _paragraphs(text: str) -> list[str]:
    """The text in pieces to be read one by one: the whole if LaTeX is read as far as that, else its paragraphs."""
    if len(text) <= MAX_LENGTH:
        return [text]
    cuts = [0, *(match.end() for match in _BLANK_LINE.finditer(text)), len(text)]
    return [text[start:end] for start, end in pairwise(cuts)]


def _aligned(original: str, shown: str) -> Iterator[tuple[int, int, int]]:
    """What stands in both: from where to where in the readable text, and where that begins in the original."""
    if original == shown:
        yield 0, len(shown), 0
        return
    ours, theirs = list(_TOKEN.finditer(original)), list(_TOKEN.finditer(shown))
    if len(ours) > _MAX_ALIGNED_TOKENS:
        return
    matcher = SequenceMatcher(None, [t.group() for t in ours], [t.group() for t in theirs], autojunk=False)
    for block in matcher.get_matching_blocks():
        for step in range(block.size):
            mine, other = ours[block.a + step], theirs[block.b + step]
            yield other.start(), other.end(), mine.start()


def _replacement(match: re.Match[str]) -> str:
    """What stands in the normalised text for something odd."""
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
            return "'"
        case "nothing":
            return ""
        case "superscript":
            return "^" + unicodedata.normalize("NFKC", found).replace("\u2212", "-")
    return unicodedata.normalize("NFKC", found)
