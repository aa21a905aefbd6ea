"""Signs that begin a point of a list, as people type them and as programs and languages write them."""

from __future__ import annotations

import re

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
