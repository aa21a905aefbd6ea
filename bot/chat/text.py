"""Text handling: cleaning of input, truncation and counting of output.

Lengths are in code points. Slack and Discord count nearly the same; where one counts UTF-16 units, its renderer must
leave space.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Sequence

import regex

from bot.locale.current import _

ELLIPSIS = "…"
MAX_MARKS = 10
"""Combining marks on one letter.

The most in real text (Tibetan ཧྐྵྨླྺྼྻྂ) are eight; a hundred cover the lines above, and make normalization quadratic.
"""

_LINE_BREAK = regex.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
_INVISIBLE = regex.compile(
    r"""
      (?![\n\t]) \p{Cc}                              # C0 and C1 controls, NUL among them
    | \p{Cs} | \p{Noncharacter_Code_Point}           # lone surrogates; code points that are no characters
    | [\u061C\u200E\u200F\u202A-\u202E\u2066-\u206F] # marks that change the direction of writing
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
    r"""The text without invisible characters, except those that affect visible ones.

    The result is NFC; every line break is `\n` and a tab a space; controls, direction marks, zero-width characters,
    tags and lone surrogates are removed. Joiners stay where writing needs them: inside emoji (👩‍🔬), between
    Arabic-script letters (Persian) and after a virama (Indic scripts). Cleaning again changes nothing.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _INVISIBLE.sub("", _LINE_BREAK.sub("\n", text).replace("\t", " "))
    while (normalized := _normalize(text)) != text:
        text = normalized
    return text


def one_line(text: str) -> str:
    """The text on one line: cleaned, with single spaces, and none at the ends."""
    return " ".join(clean(text).split())


def truncate(text: str, limit: int, *, measure: Callable[[str], int] = len) -> str:
    """The text, cut to `limit` with an ellipsis if it is longer.

    It is cut between graphemes (UAX 29), so no flag, family or accented letter is split. `measure` replaces the count
    of code points, for example by the length after escaping; it is at most `limit` for the result, or the result is
    empty.
    """
    if measure(text) <= limit:
        return text
    ends = [0, *(match.end() for match in _GRAPHEME.finditer(text))]
    fitting = bisect_right(ends, limit, key=lambda end: measure(_cut_at(text, end)))
    return _cut_at(text, ends[fitting - 1]) if fitting else ""


def cut_escaped(text: str, limit: int, escape: Callable[[str], str]) -> str:
    """The escaped text, at most `limit` code points long.

    The text is cut before it is escaped, so an entity such as `&amp;` is never split.
    """
    escaped = escape(text)
    if len(escaped) <= limit:
        return escaped
    return escape(truncate(text, limit, measure=lambda part: len(escape(part))))


def plural(n: int, singular: str, many: str = "") -> str:
    """Number and noun: `1 vote`, `1,204 votes`, `2 entries` with `many` given."""
    return f"{n:,} {singular if n == 1 else many or singular + 's'}"


def join_names(people: Sequence[str], max_names: int = 3) -> str:
    """Names on one line; of more than `max_names` the rest becomes `et al.`.

    `et al.` takes one of the `max_names` places: with four authors and three places, two are named.
    """
    if len(people) <= max_names:
        return ", ".join(people)
    return _("{people} et al.", people=", ".join(people[: max(max_names - 1, 1)]))


def _normalize(text: str) -> str:
    """One pass of the rules that depend on neighbors: each removal may make another necessary."""
    text = _TOO_MANY_MARKS.sub(r"\1", _STRAY.sub("", text))
    return unicodedata.normalize("NFC", text)


def _cut_at(text: str, end: int) -> str:
    return text[:end].rstrip() + ELLIPSIS
