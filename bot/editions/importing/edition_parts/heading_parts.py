"""Parts of an imported text: the headings, the blocks below each, and which of them are no section."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from bot.editions.importing.edition_parts.block_kinds import is_small_print, is_subtitle, is_title_line
from bot.editions.importing.label_words import CLOSING, SPECIAL_PARTS, SpecialPart
from bot.editions.importing.markdown.blocks import BlockReader
from bot.editions.importing.markdown.inline import parse_inline, unescape
from bot.editions.importing.markdown.markdown_lines import SourceBlock
from bot.editions.model import prose
from bot.editions.render.markdown import render_text
from bot.locale import Translator
from bot.locale.current import _

MAX_LEAVE = 300
"""Characters of a paragraph that takes leave of the readers."""
LABELS: dict[str, SpecialPart] = {
    "Major themes": "themes",
    "Contents": "contents",
    "References": "references",
    "All content links": "links",
    "Corrections": "corrections",
}
"""Headings that the export writes, before they are translated."""


@dataclass(slots=True)
class Part:
    """A heading, and the blocks up to the next one of its level or above."""

    heading: str
    level: int
    blocks: list[SourceBlock] = field(default_factory=list)
    has_items: bool = False
    """True for a section with headings of items below it."""


def labels_of(words: Translator, *, exact: bool) -> dict[str, SpecialPart]:
    """Headings of parts that are no section, case-folded: the export's in a language; else also those of people."""
    local = {words.gettext(label).casefold(): part for label, part in LABELS.items()}
    return local if exact else {**local, **SPECIAL_PARTS}


@dataclass(slots=True)
class PartReader:
    """Divides a text by its headings. `exact`: only as the export writes them.

    `labels` are headings of parts that are no section, case-folded. `questions` gains one where the title is missing.
    """

    exact: bool
    labels: Mapping[str, SpecialPart]
    questions: list[str]

    def read(self, blocks: Sequence[SourceBlock]) -> tuple[str, list[Part]]:
        """The title, and the parts under the headings; the first part has no heading."""
        title, parts = "", [Part("", 0)]
        levels = {block.level for block in blocks if block.kind == "heading"}
        ones = sum(block.kind == "heading" and block.level == 1 for block in blocks)
        raised = not self.exact and ones > 1  # sections are written with one mark
        if raised and is_title_line(blocks[0]):
            title, blocks = self._plain(blocks[0].text), blocks[1:]
        for at, block in enumerate(blocks):
            if at and title and not self.exact and is_subtitle(block, blocks[at - 1], blocks[at + 1 :]):
                parts[0].blocks.append(SourceBlock("text", (f"*{render_text(self._plain(block.text))}*",)))
                continue
            level = block.level + (raised and title != "") if block.kind == "heading" else 0
            if block.kind != "heading" or level > 3:
                parts[-1].blocks.append(block)
            elif level == 1:
                title = self._plain(block.text)
            else:
                parts.append(Part(block.text, level))
        if not title and levels:
            self.questions.append(_("What is the edition’s title? The text has no heading with one `#`."))
        if not self.exact and 3 not in {part.level for part in parts}:
            self._lower_items(parts)
        for part, after in pairwise(parts):
            is_item = after.level == 3 and (self.exact or self._label(after.heading) is None)
            part.has_items = part.level == 2 and is_item
        return title, parts

    def special(self, parts: Sequence[Part]) -> dict[SpecialPart, Part]:
        """The parts that are no section, such as the references."""
        return {name: part for at, part in enumerate(parts) if (name := self._special(at, parts))}

    def _lower_items(self, parts: Sequence[Part]) -> None:
        """Headings with two marks are items where they lead to a paper and none has three."""
        for part in parts[1:]:
            if self._label(part.heading) is None and "](http" in part.heading:
                part.level = 3

    def _plain(self, text: str) -> str:
        return BlockReader(self.exact).plain(text)

    def _label(self, heading: str) -> SpecialPart | None:
        return self.labels.get(re.sub(r"^[^\w]+|[\s:]+$", "", self._plain(heading)).casefold())

    def _special(self, at: int, parts: Sequence[Part]) -> SpecialPart | None:
        part = parts[at]
        name = self._label(part.heading) if part.level == 2 or (part.level == 3 and not self.exact) else None
        if name == "links" and not self.exact and self._has_own_links(part, parts):
            return None
        followed_by_item = at + 1 < len(parts) and parts[at + 1].level == 3 and name != "contents"
        return None if followed_by_item and self.exact else name

    def _has_own_links(self, part: Part, parts: Sequence[Part]) -> bool:
        """True for links that stand nowhere else: a section. A list of all links only repeats those of the items."""
        others = "\n".join(
            f"{other.heading}\n" + "\n".join(block.source for block in other.blocks)
            for other in parts
            if other is not part
        )
        own = (link for block in part.blocks for link in prose.links(parse_inline(block.text)))
        return any(link.url not in others for link in own)


def listed_links(part: Part | None) -> dict[str, str]:
    """The labels of the list of all links, by address."""
    found: dict[str, str] = {}
    for source in part.blocks if part else ():
        for line in source.lines:
            if row := re.match(r"^- (.*): <([^<>]+)>$", line):
                found.setdefault(row[2], unescape(row[1]))
    return found


def take_leave(parts: Sequence[Part], special: dict[SpecialPart, Part]) -> list[SourceBlock]:
    """Take the words of leave at the end of the last section from it."""
    last = next((part for part in reversed(parts) if part not in special.values()), parts[0])
    if last is parts[0] or last.heading == "":
        return []
    place = len(last.blocks)
    for at in range(len(last.blocks) - 1, max(len(last.blocks) - 4, 0), -1):
        source = last.blocks[at]
        if source.kind != "text" or len(source.text) > MAX_LEAVE:
            break
        if CLOSING.match(source.text.strip()):
            place = at
    taken = last.blocks[place:]
    del last.blocks[place:]
    last.blocks[:] = [block for block in last.blocks if not is_small_print(block)]
    return taken
