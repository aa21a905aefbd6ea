"""Numbers that only count the points of a list: "(1) data, (2) a model". They state nothing, so they are not checked.

Every other number in brackets is a claim: "high accuracy (97)", "SE(2)", "(by a factor of 61)".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_MARKER = re.compile(r"(?:(?<=\s)|\A)(?P<open>\(?)(?P<number>[1-9]\d?)(?P<close>[).])(?=[^\S\n]?[^\W\d_]|\s[\"'“‘$*(])")
_AFTER_A_STOP = re.compile(r"(?:\A|[.:;!?,•–—-]|\n)\s*\Z")
_DECORATION = "*_#>•-–— \t\n"
_STOPS = ".:;!?…"
_HIGHEST_ALONE = 9
"""Highest number of a marker without the rest of its list."""
_MAX_GAP = 3
"""Largest step from one marker of a list to the next that is shown."""


def list_marker_spans(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the markers `(1)`, `1)` and `1.`, brackets included, in text order.

    A marker stands before a clause, and its list counts upwards from 1, or from the marker up to nine that begins a
    sentence or follows a colon or semicolon: the text may show one point of a longer list.
    """
    run: list[re.Match[str]] = []
    for match in _MARKER.finditer(text):
        if match["close"] == "." and (match["open"] or not _AFTER_A_STOP.search(text[: match.start()][-3:])):
            continue
        if run and 0 < int(match["number"]) - int(run[-1]["number"]) <= _MAX_GAP:
            run.append(match)
        elif int(match["number"]) == 1 or _begins_clause(text, match):
            yield from _spans(run, text)
            run = [match]
    yield from _spans(run, text)


def _spans(run: list[re.Match[str]], text: str) -> Iterator[tuple[int, int]]:
    if len(run) > 1 or (run and _begins_clause(text, run[0])):
        yield from (match.span() for match in run)


def _begins_clause(text: str, match: re.Match[str]) -> bool:
    before = text[: match.start()].rstrip(_DECORATION)
    return int(match["number"]) <= _HIGHEST_ALONE and (not before or before[-1] in _STOPS)
