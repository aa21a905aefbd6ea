"""Papers in groups within a section: headings below headings, or points below points. Each group becomes a section."""

from __future__ import annotations

import re
from itertools import pairwise

from bot.chat.rich_text import LINK_TARGET
from bot.editions.importing.items.references import paper_of
from bot.editions.importing.label_words import SPECIAL_PARTS
from bot.editions.text_analysis.bullets import MARK

_HEADING = re.compile(r"^(#{1,6})[ \t]+(\S.*?)[ \t]*$")
_POINT = re.compile(rf"^(?P<indent>[ \t]*)(?:{MARK}|\d{{1,3}}[.)][ \t]+)(?P<words>\S.*)$")
_LINK = re.compile(r"\]\(<?https?://|<?https?://")
_LEADS = re.compile(rf"(?:[^\w\s!-~→]{{1,4}}\s+)?[*_]{{0,2}}\[(?:\\.|[^\[\]\\])+\]\(<?(?P<url>{LINK_TARGET})>?\)")
"""A paragraph that begins with its link, perhaps in bold or behind an emoji."""
MIN_PAPERS = 2
"""Papers below a heading that make it the name of a group."""
_LINKED_TITLE = re.compile(r"^(?:\d{1,2}[.)] )?(?:\*\*)?\[[^\[\]]+\]\(<?https?://[^\s()<>]+>?\)")


def with_groups_as_sections(text: str) -> str:
    """The text with a section for each group of papers, named after its section and itself: "Papers: Efficiency"."""
    return _grouped_points(_grouped_paragraphs(_grouped_headings(_parts_of_edition(text))))


def _parts_of_edition(text: str) -> str:
    """Headings with one mark below the title that have groups of items: "# Vision", "## Models", "### …"."""
    lines = text.split("\n")
    levels = [(at, len(found[1]), found[2]) for at, line in enumerate(lines) if (found := _HEADING.match(line))]
    parts = [n for n, (_at, level, _words) in enumerate(levels) if level == 1]
    below = [{level for _at, level, _words in levels[a + 1 : b]} for a, b in pairwise([*parts, len(levels)])]
    if len(parts) < 3 or below[0] or any(not {2, 3} <= found for found in below[1:]):
        return text
    part = ""
    for at, level, words in levels[1:]:
        if level == 1:
            part, lines[at] = words, ""
        elif level == 2:
            lines[at] = f"## {part}: {words}"
    return "\n".join(lines)


def _grouped_paragraphs(text: str) -> str:
    """Headings with three marks are groups where none of a section has a link, and each has paragraphs about papers."""
    lines = text.split("\n")
    levels = [(at, len(found[1]), found[2]) for at, line in enumerate(lines) if (found := _HEADING.match(line))]
    sections = [n for n, (_at, level, _words) in enumerate(levels) if level < 3]
    for start, end in pairwise([*sections, len(levels)]):
        at, level, section = levels[start]
        groups = levels[start + 1 : end]
        ends = [*(after for after, _level, _words in groups[1:]), levels[end][0] if end < len(levels) else len(lines)]
        if level != 2 or not groups or section.casefold() in SPECIAL_PARTS:
            continue
        if not all(
            of == 3 and not _LINK.search(words) and _begun_by_papers(lines[place + 1 : last]) >= MIN_PAPERS
            for (place, of, words), last in zip(groups, ends, strict=True)
        ):
            continue
        if not any(line.strip() for line in lines[at + 1 : groups[0][0]]):
            lines[at] = ""
        for place, _of, words in groups:
            lines[place] = f"## {section}: {words.strip(' :')}"
    return "\n".join(lines)


def _begun_by_papers(lines: list[str]) -> int:
    """Number of paragraphs that begin with the link of a work."""
    starts = (line for before, line in pairwise(["", *lines]) if line.strip() and not before.strip())
    found = (_LEADS.match(line) for line in starts)
    return sum(1 for one in found if one and paper_of(one["url"]))


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
