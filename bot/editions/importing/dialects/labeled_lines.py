"""Lines that are a part of an item by themselves: "By …", "Why: …", "→ …", a link with its label, a whole quotation.

People write them one below the other, which in Markdown is one paragraph.
"""

from __future__ import annotations

import re

from bot.editions.importing.items.item_lines import names_in
from bot.editions.importing.label_words import INSIGHTS, LINK_LINE, WHY
from bot.editions.text_analysis.bullets import MARK
from bot.editions.text_analysis.quotation_marks import MIN_QUOTED_WORDS, count_words, marked_quote

_LABEL = re.compile(r"^[*_]{0,2}(\W{0,4}[\w ?;’'-]{2,28}?)[*_]{0,2}\s*(?:→|->|:|：)[*_]{0,2}\s*(?P<rest>.*)$")
_BOLD_LABEL = re.compile(r"\W{0,6}\*\*[^*\n]{2,30}?:?\*\*:?\s")
"""A label in bold, perhaps behind an emoji: "👥 **Authors:** …"."""
_POINT = re.compile(rf"^[ \t]*{MARK}")
_ASKED = re.compile(r"^([\w ’'-]{2,28})\?\s+(\S.*)$")
"""A label that asks: "Why? It began here."."""
_ARROW = re.compile(r"(?:→|->|➡️?|⇒|=>)\s+\S")
"""The beginning of a note."""
_ADDRESS = re.compile(r"<?https?://\S+>?")
_LINKS_ALONE = re.compile(r"(?:(?:<?https?://\S+>?|\[[^\[\]]+\]\(\S+\))(?:\s*[|·,]\s*)?)+")
_OTHER = re.compile(rf"^(?:\s|#|>|\||!\[|`{{3}}|~{{3}}|{MARK}|\d{{1,3}}[.)][ \t])")
"""Beginnings of lines that are not running text."""


def with_own_lines(text: str) -> str:
    """The text with a blank line around each such line of a paragraph."""
    lines, out = text.split("\n"), list[str]()
    in_text = ends = False
    in_list = False
    for line in lines:
        in_list = bool(_POINT.match(line)) or (in_list and line[:1] in (" ", "\t"))
        if in_list and line[:1] in (" ", "\t") and not _POINT.match(line) and (point := _as_point(line)):
            out.append(point)
            continue
        if (found := _ASKED.match(line)) and WHY.match(found[1]) and found[2][0] not in "→-–—:：>":
            line = f"{found[1]}?: {found[2]}"
        stands_alone = _stands_alone(line)
        below_picture = stands_alone and bool(out) and out[-1].lstrip().startswith("![")
        if out and out[-1].strip() and line.strip() and ((in_text and (ends or stands_alone)) or below_picture):
            out.append("")
        out.append(line)
        in_text = bool(line.strip()) and not _OTHER.match(line) and (in_text or _begins_paragraph(out))
        ends = stands_alone and not _is_labeled_text(line)
    return "\n".join(out)


def _as_point(line: str) -> str:
    """A labeled line, or a quotation, that goes on a point: as a point below it; "" for other lines."""
    indent, words = line[: len(line) - len(line.lstrip())], line.strip()
    if found := _ASKED.match(words):
        words = f"{found[1]}: {found[2]}" if WHY.match(found[1]) or INSIGHTS.match(found[1]) else words
    quoted = marked_quote(words)
    stands = _is_labeled_text(words) or (quoted is not None and count_words(quoted.words) >= MIN_QUOTED_WORDS)
    return f"{indent}- {words}" if stands else ""


def _begins_paragraph(lines: list[str]) -> bool:
    """True if the last of these lines follows a blank one or a heading: not a point or a quote that goes on."""
    before = lines[-2] if len(lines) > 1 else ""
    return not before.strip() or before.startswith("#")


def _stands_alone(line: str) -> bool:
    stripped = line.strip()
    if not stripped or _OTHER.match(line):
        return False
    if _ARROW.match(stripped):
        return True
    if found := _LABEL.match(stripped):
        if WHY.match(found[1]) or INSIGHTS.match(found[1]):
            return True
        if LINK_LINE.match(found[1]) and _LINKS_ALONE.fullmatch(found["rest"].strip()):
            return True
    if _ADDRESS.fullmatch(stripped) or names_in(stripped) or _BOLD_LABEL.match(stripped):
        return True
    quoted = marked_quote(stripped)
    return quoted is not None and count_words(quoted.words) >= MIN_QUOTED_WORDS


def _is_labeled_text(line: str) -> bool:
    """True for a note, or a label with its text, which may go on in the next line."""
    found = _LABEL.match(line.strip())
    return bool(_ARROW.match(line.strip())) or (
        found is not None and bool(WHY.match(found[1]) or INSIGHTS.match(found[1]))
    )
