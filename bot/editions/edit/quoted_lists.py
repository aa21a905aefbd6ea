"""Quotations that hold a list, as people type them: the marks around a paragraph and the points below it."""

from __future__ import annotations

import re

from bot.editions.text_analysis.bullets import POINT
from bot.editions.text_analysis.quotation_marks import MARKS, marked_quote

_POINT = re.compile(POINT)


def with_quoted_lists(lines: list[str]) -> list[str]:
    """The lines, those of a quotation that holds a list marked as a quote: a paragraph that opens it and ends with a
    colon, then points, the last of which closes it."""
    found = list(lines)
    at = 0
    while at < len(lines):
        line = lines[at].strip()
        if line[:1] not in MARKS or not line.endswith(":"):
            at += 1
            continue
        end, last = at + 1, 0
        while end < len(lines) and not last and _is_point_or_blank(lines[end]):
            last = end if marked_quote(f"{line[0]}… {lines[end].strip()}") else 0
            end += 1
        for place in range(at, last + 1 if last else at):
            found[place] = f"> {lines[place].strip()}".rstrip()
        at = max(end, at + 1)
    return found


def _is_point_or_blank(line: str) -> bool:
    return not line.strip() or line[0].isspace() or _POINT.match(line) is not None
