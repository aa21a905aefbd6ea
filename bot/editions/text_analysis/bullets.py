"""Signs that begin a point of a list, as people type them and as programs and languages write them."""

from __future__ import annotations

import re
from collections.abc import Iterable

WITH_BLANK = "-*+–○□◇▫"
"""Signs that need a blank behind them: they begin other things too."""
ALONE = "•●▪◦‣⁃∙·・･■◆►▸➤➢"
"""Signs that are bullets with or without a blank."""
BULLETS = WITH_BLANK + ALONE
MARK = rf"(?:[{re.escape(WITH_BLANK)}][ \t]+|[{ALONE}][ \t]*(?![{ALONE}\s]))"
"""Pattern of a bullet with the blanks behind it."""
NUMBER = r"(?P<number>\d{1,3})[.)][ \t]+"
POINT = rf"^(?P<indent>[ \t]*)(?:{MARK}|{NUMBER})(?P<words>\S.*)$"
"""Pattern of a line that begins a point, with its indent, its number if it has one, and its words."""
_POINT = re.compile(POINT)


def with_point_lines(lines: Iterable[str]) -> str:
    """The lines in one, but those that begin a point in lines of their own. Empty lines are left out."""
    rows = [row for row in (" ".join(line.split()) for line in lines) if row]
    return "".join(row if not at else f"\n{row}" if _POINT.match(row) else f" {row}" for at, row in enumerate(rows))
