"""Parts of a text between an opening and its closing mark, found in time linear in the text, closed or not."""

from __future__ import annotations

import re
from collections.abc import Callable


def with_delimited(
    text: str,
    opening: re.Pattern[str],
    closing: str | Callable[[re.Match[str]], str],
    write: Callable[[re.Match[str], str], str],
) -> str:
    """The text with what `write` makes of each opening and what is between it and its closing mark.

    An opening that is never closed stays as it is.
    """
    out: list[str] = []
    missing: set[str] = set()
    at = 0
    while found := opening.search(text, at):
        mark = closing if isinstance(closing, str) else closing(found)
        end = -1 if mark in missing else text.find(mark, found.end())
        if end < 0:
            missing.add(mark)  # it is in no later place either
            out.append(text[at : found.end()])
            at = found.end()
            continue
        out += [text[at : found.start()], write(found, text[found.end() : end])]
        at = end + len(mark)
    return "".join([*out, text[at:]])
