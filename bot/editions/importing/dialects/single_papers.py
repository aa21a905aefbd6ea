"""Headings of sections that are papers: what follows each is its link alone, and then the text about it."""

from __future__ import annotations

import re

from bot.chat.rich_text import LINK_TARGET
from bot.editions.importing.items.references import paper_of
from bot.editions.importing.label_words import LINK_LINE, SECTION_KINDS, SPECIAL_PARTS

_HEADING = re.compile(r"^#{1,6}[ \t]+\S")
_SECTION = re.compile(r"^##[ \t]+\S")
_LINKED = re.compile(rf"\[([^\[\]\n]{{1,200}})\]\(<?({LINK_TARGET})>?\)|<?({LINK_TARGET})>?")
_ID = re.compile(r"(?:arxiv:\s?\d{4}\.\d{4,5}(?:v\d+)?|(?:doi:\s?)?10\.\d{4,9}/\S+)", re.IGNORECASE)
MIN_PAPERS = 2
"""Such headings that a text has at least; one alone may be a section with one paper."""


def with_papers_as_items(text: str) -> str:
    """The text with its headings of papers one level below those of sections, if no other heading is below them."""
    if re.search(r"^###+ ", text, re.MULTILINE):
        return text
    lines = text.split("\n")
    papers = [at for at, line in enumerate(lines) if _SECTION.match(line) and _is_paper(lines, at)]
    if len(papers) < MIN_PAPERS:
        return text
    for at in papers:
        lines[at] = f"#{lines[at]}"
    return "\n".join(lines)


def _is_paper(lines: list[str], at: int) -> bool:
    """True if the heading names a work: its link stands alone right below it, and no other work's does."""
    heading = lines[at].lstrip("# ").strip(" :").casefold()
    if "](http" in heading or heading in SECTION_KINDS or heading in SPECIAL_PARTS:
        return False
    below = []
    for line in lines[at + 1 :]:
        if _HEADING.match(line):
            break
        if line.strip():
            below.append(line.strip())
    papers = [n for n, line in enumerate(below) if _is_link_alone(line)]
    return len(papers) == 1 and papers[0] <= 1


def _is_link_alone(line: str) -> bool:
    """True for a line of nothing but links to works, perhaps with their labels: "[Paper](…) | [Code](…)"."""
    words = re.sub(r"^(?:[-*+•][ \t]+)?[^\w\s<\[]{0,4}[ \t]*|\*\*", "", line)
    found = list(_LINKED.finditer(words))
    rest = [part for part in re.split(r"[|·•,/:;()\s]+", _ID.sub(" ", _LINKED.sub("|", words))) if part.strip("*_–—-→")]
    if not found and not _ID.search(words):
        return False
    if any(not LINK_LINE.match(part) for part in rest):
        return False
    labels = [one[1] for one in found if one[1]]
    generic = all(LINK_LINE.match(label) or label.startswith("http") or _ID.fullmatch(label) for label in labels)
    return generic and (bool(_ID.search(words)) or any(paper_of(one[2] or one[3]) for one in found))
