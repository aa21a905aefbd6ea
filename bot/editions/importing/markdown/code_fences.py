"""Code blocks between fences, as they are found before a text is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")


def with_code_marked(lines: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Each line, and True for the lines of a code block, its fences included.

    A block ends with a fence of the same character that is at least as long as the one that opened it: code may
    contain shorter ones. A block that is not closed goes to the end.
    """
    opened_by = ""
    for line in lines:
        if opened_by:
            yield line, True
            if line.strip().startswith(opened_by):
                opened_by = ""
        else:
            found = _FENCE.match(line)
            opened_by = found[1] if found else ""
            yield line, bool(opened_by)
