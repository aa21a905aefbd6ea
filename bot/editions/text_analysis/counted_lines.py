"""Lines that count by other signs than "1.": circled digits, letters and small Roman numbers."""

from __future__ import annotations

import re

_CIRCLED = {chr(0x2460 + place): place + 1 for place in range(20)}
_COUNTED = re.compile(r"^(?P<indent>[ \t]*)(?P<sign>[①-⑳])[ \t]*(?=\S)")
_LETTERED = re.compile(r"^[ \t]*\(?(?P<sign>[a-z]|[ivx]{1,5})[.)][ \t]+\S")
_ORDERS = (
    tuple("abcdefghijklmnopqrstuvwxyz"),
    ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv"),
)


def with_counted_points(lines: list[str]) -> list[str]:
    """The lines, those that count on from ①, a) or i. marked as points: circled digits become numbers, letters stay."""
    found = [_COUNTED.sub(lambda match: f"{match['indent']}{_CIRCLED[match['sign']]}. ", line) for line in lines]
    at = 0
    while at < len(found):
        end = max(_end_of_run(found, at, order) for order in _ORDERS)
        if end - at > 1:
            for place in range(at, end):
                indent = len(found[place]) - len(found[place].lstrip())
                found[place] = f"{found[place][:indent]}- {found[place][indent:]}"
        at = max(end, at + 1)
    return found


def _end_of_run(lines: list[str], at: int, order: tuple[str, ...]) -> int:
    """The place behind the lines that count on in this order from its beginning."""
    end = at
    for sign in order:
        match = _LETTERED.match(lines[end]) if end < len(lines) else None
        if match is None or match["sign"] != sign:
            break
        end += 1
    return end
