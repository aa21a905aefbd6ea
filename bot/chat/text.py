"""Text is data: cleaned when it comes in, cut and counted before it goes out.

Lengths are counted in code points. Slack and Discord count close enough to that; where one of them counts UTF-16
units, the head-room is the renderer's to leave.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Sequence

import regex

ELLIPSIS = "…"
MAX_MARKS = 10
"""Combining marks kept on one letter. The tallest stack written in earnest (Tibetan ཧྐྵྨླྺྼྻྂ) has eight; a hundred
only paint over the lines above, and make normalising quadratic."""

_LINE_BREAK = regex.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
_INVISIBLE = regex.compile(
    r"""
      (?![\n\t]) \p{Cc}                              # C0 and C1 controls, NUL among them
    | \p{Cs} | \p{Noncharacter_Code_Point}           # lone surrogates; code points that are no characters
    | [\u061C\u200E\u200F\u202A-\u202E\u2066-\u206F] # whatever turns the direction of writing
    | [\u00AD\u034F\u180E\u200B\u2060-\u2065\uFEFF]  # zero width: soft hyphen, joiners of words, byte order mark
    | [\u115F\u1160\u3164\uFFA0\uFFF9-\uFFFB]        # fillers that look like nothing, hidden annotations
    | [\U000E0000-\U000E007F]                        # tags: text that only machines read
    """,
    regex.VERBOSE,
)
_STRAY = regex.compile(
    r"""
      (?<= [\s\p{M}] | ^ ) [\uFE00-\uFE0F\U000E0100-\U000E01EF]  # a variation selector with nothing to vary
    | (?<! \p{Extended_Pictographic} [\uFE0F\U0001F3FB-\U0001F3FF]? | \p{ccc=Virama} ) \u200D
    | (?<= \p{Extended_Pictographic} [\uFE0F\U0001F3FB-\U0001F3FF]? ) \u200D (?! \p{Extended_Pictographic} )
    | (?<! \p{ccc=Virama} | [\p{L}&&\p{Arabic}] ) \u200C
    | (?<= [\p{L}&&\p{Arabic}] ) \u200C (?! [\p{L}&&\p{Arabic}] )
    """,
    regex.VERBOSE | regex.VERSION1,  # version 1 intersects classes
)
_TOO_MANY_MARKS = regex.compile(rf"(\p{{M}}{{{MAX_MARKS}}})\p{{M}}+")
_GRAPHEME = regex.compile(r"\X")


def clean(text: str) -> str:
    r"""The text without what cannot be seen: only characters that a reader sees or that shape what they see.

    NFC; every kind of line break is `\n` and a tab a space; controls, direction marks, zero-width characters, tags
    and lone surrogates go. Joiners stay where writing needs them: inside emoji (👩‍🔬), between Arabic-script letters
    (Persian) and after a virama (Indic scripts). Cleaning twice changes nothing more.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _INVISIBLE.sub("", _LINE_BREAK.sub("\n", text).replace("\t", " "))
    while (settled := _normalize(text)) != text:
        text = settled
    return text


def one_line(text: str) -> str:
    """The text on one line: cleaned, each run of white space one space, none at the ends."""
    return " ".join(clean(text).split())


def truncate(text: str, limit: int, *, measure: Callable[[str], int] = len) -> str:
    """The text if it measures at most `limit`, else as many whole characters of it as fit before an ellipsis.

    A character is what a reader takes for one (a grapheme, UAX 29): no flag, family or accented letter is cut in
    two. `measure` counts something else than code points, for example the length after escaping; what it says of
    the result is at most `limit`, or the result is empty.
    """
    if measure(text) <= limit:
        return text
    ends = [0, *(match.end() for match in _GRAPHEME.finditer(text))]
    fitting = bisect_right(ends, limit, key=lambda end: measure(_cut_at(text, end)))
    return _cut_at(text, ends[fitting - 1]) if fitting else ""


def cut_escaped(text: str, limit: int, escape: Callable[[str], str]) -> str:
    """The text escaped and at most `limit` code points long, however much escaping makes it grow.

    The words are cut before they are escaped, so an entity such as `&amp;` is never cut in two.
    """
    escaped = escape(text)
    if len(escaped) <= limit:
        return escaped
    return escape(truncate(text, limit, measure=lambda part: len(escape(part))))


def plural(n: int, one: str, many: str = "") -> str:
    """The number with its noun: `1 vote`, `1,204 votes`, `2 entries` where `many` is given."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def join_names(people: Sequence[str], max_names: int = 3) -> str:
    """The people on one line; a list of more than `most` ends in `et al.` in place of the rest.

    `et al.` takes one of the `most` places: of four authors and three places, two are named.
    """
    if len(people) <= max_names:
        return ", ".join(people)
    return f"{', '.join(people[: max(max_names - 1, 1)])} et al."


def _normalize(text: str) -> str:
    """One round of what depends on its neighbours: whatever goes may leave the next with no reason to stay."""
    text = _TOO_MANY_MARKS.sub(r"\1", _STRAY.sub("", text))
    return unicodedata.normalize("NFC", text)


def _cut_at(text: str, end: int) -> str:
    return text[:end].rstrip() + ELLIPSIS
