"""Forms in which people type a true quote: with markup, a list, `[w]e`, an ellipsis, a hyphen at a line's end.

Each form gives variants of the words that are then looked for. The quote that is shown is cut from the source, so a
variant can never put words into it that are not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_MARKUP = re.compile(r"(\*\*|__|\*|`)(?=\S)(.+?)(?<=\S)\1", re.DOTALL)
_LIST_MARK = re.compile(r"^[ \t]*(?:[•●▪◦‣*+\u2013-]|\d{1,2}[.)])[ \t]+", re.MULTILINE)
_BROKEN_WORD = re.compile(r"(?<=[^\W\d_])[-‐\u00ad][ \t]*\n[ \t]*(?=[^\W\d_])")
_CHANGED_LETTER = re.compile(r"\[([^\W\d_])\]")
_BARE_ELLIPSIS = re.compile(r"(?<!\s)\s*(?<![\[(.])(?:…|\.{3})(?![\]).])\s*")


def typed_forms(text: str) -> Iterator[str]:
    """The text as typed, then as it may have been meant; the most literal forms come first."""
    plainer = [
        text,
        _MARKUP.sub(r"\2", text),
        _LIST_MARK.sub("", _MARKUP.sub(r"\2", text)),
    ]
    joined = [_BROKEN_WORD.sub("", form) for form in plainer]
    whole = (*plainer, *joined)
    unchanged = (_CHANGED_LETTER.sub(r"\1", form) for form in whole)
    changed = (_CHANGED_LETTER.sub(lambda match: match[1].swapcase(), form) for form in whole)
    forms = (*whole, *unchanged, *changed)
    yield from dict.fromkeys((*forms, *(_BARE_ELLIPSIS.sub(" […] ", form) for form in forms)))


def with_other_initial(piece: str) -> str:
    """The piece with its first letter in the other case: a quote begins in the middle of the writer's sentence."""
    return piece[:1].swapcase() + piece[1:]
