"""Papers in groups within a section: headings below headings, or points below points. Each group becomes a section."""

from __future__ import annotations

import re

from bot.editions.importing.label_words import SPECIAL_PARTS
from bot.editions.text_analysis.bullets import MARK

_HEADING = re.compile(r"^(#{1,6})[ \t]+(\S.*?)[ \t]*$")
_POINT = re.compile(rf"^(?P<indent>[ \t]*)(?:{MARK}|\d{{1,3}}[.)][ \t]+)(?P<words>\S.*)$")
_LINK = re.compile(r"\]\(<?https?://|<?https?://")
_LINKED_TITLE = re.compile(r"^(?:\d{1,2}[.)] )?(?:\*\*)?\[[^\[\]]+\]\(<?https?://[^\s()<>]+>?\)")


def with_groups_as_sections(text: str) -> str:
    """The text with a section for each group of papers, named after its section and itself: "Papers: Efficiency"."""
    return _grouped_points(_grouped_headings(text))


def _grouped_headings(text: str) -> str:
    """Headings with three marks are groups where none of them has a link and those with four are linked titles."""
    lines = text.split("\n")
    levels = [(at, len(found[1]), found[2]) for at, line in enumerate(lines) if (found := _HEADING.match(line))]
    threes = [words for _at, level, words in levels if level == 3]
    fours = [words for _at, level, words in levels if level == 4]
    if not threes or any("](http" in words for words in threes):
        return text
    if len(fours) < 2 or not all(_LINKED_TITLE.match(words) for words in fours):
        return text
    section, section_at = "", -1
    for at, level, words in levels:
        if level == 2:
            section, section_at = words, at
        elif level == 3:
            lines[at] = f"## {section}: {words}" if section else f"## {words}"
            if section_at >= 0 and not any(line.strip() for line in lines[section_at + 1 : at]):
                lines[section_at] = ""
            section_at = -1
        elif level == 4:
            lines[at] = f"### {words}"
    return "\n".join(lines)


def _grouped_points(text: str) -> str:
    """A list of a section whose points have no link, and whose points below them each have one."""
    lines = text.split("\n")
    out: list[str] = []
    at = 0
    while at < len(lines):
        out.append(lines[at])
        at += 1
        found = _HEADING.match(out[-1])
        if not found or found[1] != "##" or found[2].casefold() in SPECIAL_PARTS:
            continue
        end = _end_of_list(lines, at)
        if not _are_groups(lines[at:end]):
            continue
        del out[-1]
        for line in lines[at:end]:
            point = _POINT.match(line)
            if point and not point["indent"]:
                name = re.sub(r"\*\*|__|:\s*$", "", point["words"]).strip(" :")
                out += ["", f"## {found[2]}: {name}", ""]
            else:
                out.append(_outdented(line))
        out.append("")
        at = end
    return "\n".join(out)


def _end_of_list(lines: list[str], start: int) -> int:
    """Place behind the blank lines, points and indented lines from `start` on."""
    end = start
    while end < len(lines) and (not lines[end].strip() or _POINT.match(lines[end]) or lines[end][:1] in " \t"):
        end += 1
    return end


def _are_groups(block: list[str]) -> bool:
    points = [found for line in block if (found := _POINT.match(line))]
    top = [found for found in points if not found["indent"]]
    depth = min((len(found["indent"].expandtabs(4)) for found in points if found["indent"]), default=0)
    below = [found for found in points if found["indent"] and len(found["indent"].expandtabs(4)) == depth]
    if not top or not below or any(_LINK.search(found["words"]) for found in top):
        return False
    follows = all(
        after["indent"]
        for found, after in zip(points, [*points[1:], None], strict=True)
        if not found["indent"] and after
    )
    return follows and bool(points[-1]["indent"]) and all(_LINK.search(found["words"]) for found in below)


def _outdented(line: str) -> str:
    return re.sub(r"^(?: {2,4}|\t)", "", line)
