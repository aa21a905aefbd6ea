"""Tables and numbered lists of Markdown, for texts in other languages."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NUMBERED = re.compile(r"^(>? ?)( *)1\. ")


def markdown_table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a table whose first row names the columns; none without rows. Short rows are filled up."""
    if not rows:
        return []
    width = max(map(len, rows))
    lines = [f"| {' | '.join(_cell(cell) for cell in [*row, *[''] * (width - len(row))])} |" for row in rows]
    return [lines[0], f"|{'---|' * width}", *lines[1:]]


def _cell(text: str) -> str:
    """A cell in one line, in which a bar ends nothing."""
    return " ".join(text.split()).replace("\\|", "|").replace("|", "\\|")


def with_numbers(lines: Sequence[str]) -> list[str]:
    """The lines with the points that all begin with `1.` counted, each list from one."""
    counts: dict[int, int] = {}
    out: list[str] = []
    for line in lines:
        bare = line.lstrip("> ")
        indent = len(line.removeprefix("> ")) - len(line.removeprefix("> ").lstrip())
        found = _NUMBERED.match(line)
        if bare:
            counts = {depth: count for depth, count in counts.items() if depth < indent or (found and depth == indent)}
        if found:
            counts[indent] = counts.get(indent, 0) + 1
            line = f"{found[1]}{found[2]}{counts[indent]}. {line[found.end() :]}"
        out.append(line)
    return out
