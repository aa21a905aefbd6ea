"""Sections of an imported text and their items."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.chat.rich_text import Bold
from bot.chat.text import truncate
from bot.editions.importing.edition_parts.block_kinds import (
    LINK_FIRST,
    begins_with_link,
    has_linked_points,
    is_paper_alone,
)
from bot.editions.importing.edition_parts.closing import sign_off_words
from bot.editions.importing.edition_parts.heading_parts import Part
from bot.editions.importing.items.items import ItemReader
from bot.editions.importing.items.list_items import ListItemReader
from bot.editions.importing.label_words import SECTION_KINDS
from bot.editions.importing.markdown.blocks import BlockReader
from bot.editions.importing.markdown.markdown_lines import SourceBlock, parse_lists
from bot.editions.model import prose
from bot.editions.model.blocks import Subheading
from bot.editions.model.document import Document, Item, Letter, Section, SectionKind
from bot.editions.model.prose import Prose
from bot.editions.model.templates import EMOJI, Template
from bot.locale.current import _

MAX_NEWS_WORDS = 4
"""Words of a heading such as "Other news" or "News from the lab"."""
_SEPARATOR = re.compile(r"\s*(?:[.:–—|-]|\n(?!\s*[a-z])|[,;](?=\s))\s*")
"""Sign between a title and the text about it; a line that goes on in small letters belongs to the title's sentence."""


@dataclass(frozen=True, slots=True)
class SectionReader:
    """Reads sections as those of `base`, the draft, and of its template."""

    base: Document
    template: Template
    blocks: BlockReader
    items: ItemReader
    list_items: ListItemReader
    questions: list[str]

    def read(self, parts: Sequence[Part]) -> tuple[Section, ...]:
        """The sections of these parts, each with the items below it."""
        sections: list[Section] = []
        for part in parts:
            if part.level == 2:
                sections.append(self._section(part))
                continue
            if not sections:
                title, emoji = self.template.titles["theme"]
                sections.append(Section(title, "theme", (), emoji))
            last = sections[-1]
            item = self.items.read(part.heading, part.blocks, last.kind)
            sections[-1] = replace(last, items=(*last.items, item))
        return tuple(sections)

    def without_items(self, document: Document, parts: Sequence[Part]) -> Document:
        """The document without its sections that have no item: their texts go into the letter, or into the sign-off.

        The export cannot say such a section, since a section of an edition is made of items.
        """
        first = next((n for n, section in enumerate(document.sections) if section.items), len(document.sections))
        texts = [part for part in parts if part.level == 2]
        if parts and parts[0].level != 2:
            texts.insert(0, Part("", 2))  # the section of the items that come before the first heading of a section
        letter = document.letter
        before: Prose = ()
        for at, (section, part) in enumerate(zip(document.sections, texts, strict=False)):
            if section.items or self.blocks.exact:
                continue
            title = " ".join(filter(None, (section.emoji, section.title)))
            if at < first or any(block.kind in ("quote", "code", "list") for block in part.blocks):
                found = (Subheading(title), *self.blocks.read(part.blocks))
                letter = replace(letter, blocks=(*letter.blocks, *found)) if letter else Letter(found)
                said = _("The section “{title}” has no item. Its text is now in the letter.", title=truncate(title, 60))
            else:
                words = (Bold(title), *((": ", *section.intro) if section.intro else ()))
                before = prose.joined((*before, "\n\n", *words)) if before else words
                said = _(
                    "The section “{title}” has no item. Its text is now in the sign-off.", title=truncate(title, 60)
                )
            self.questions.append(said)
        kept = tuple(section for section in document.sections if section.items)
        sign_off = prose.joined((*before, "\n\n", *document.sign_off)) if before and document.sign_off else ()
        return replace(document, sections=kept, letter=letter, sign_off=sign_off or before or document.sign_off)

    def _paragraph_items(self, blocks: list[SourceBlock], kind: SectionKind) -> tuple[list[SourceBlock], list[Item]]:
        """The blocks before the first paragraph that begins with its link, and an item for each such paragraph.

        What follows it, up to the next, belongs to the item.
        """
        starts = [at for at, block in enumerate(blocks) if block.kind == "text" and LINK_FIRST.match(block.text)]
        if not starts:
            return blocks, []
        found = []
        for at, after in pairwise([*starts, len(blocks)]):
            first = LINK_FIRST.match(blocks[at].text)
            assert first is not None
            said = first["rest"].rstrip()
            lead = _SEPARATOR.match(said)
            rest = said[lead.end() :] if lead else blocks[at].text  # the sentence goes on from its link
            own = [SourceBlock("text", tuple(rest.split("\n")), source=rest)] if said.strip(" .:") else []
            found.append(self.items.read(first["link"], [*own, *blocks[at + 1 : after]], kind))
        return blocks[: starts[0]], found

    def _section(self, part: Part) -> Section:
        heading = self.blocks.plain(part.heading)
        title, emoji = heading, ""
        first, _unused, rest = heading.partition(" ")
        if rest and (first in EMOJI.values() or any(s.emoji == first for s in self.base.sections)):
            title, emoji = rest, first
        kind = self._kind(title, emoji)
        if kind == "picks" and part.has_items and not self.blocks.exact and self._kind(title, "") == "theme":
            kind = "theme"  # a sign beside a heading of papers is only decoration
        intro: Prose = ()
        found: list[Item] = []
        is_prose = (
            not self.blocks.exact and kind == "theme" and not part.has_items and not has_linked_points(part.blocks)
        )
        blocks = [block for block in part.blocks if block.kind != "rule"]
        if not self.blocks.exact and not part.has_items and kind == "theme" and not has_linked_points(blocks):
            blocks, found = self._paragraph_items(blocks, kind)
            if found:
                return Section(title, kind, tuple(found), emoji, self._text_before(blocks))
        before: list[Item] = []
        if part.has_items and not self.blocks.exact and any(is_paper_alone(block) for block in blocks):
            blocks, before = self._paragraph_items(blocks, kind)
        for source in blocks:
            if (
                found and not self.blocks.exact and source.source[:2].isspace()
            ):  # it goes on below the last point of a list
                found[-1] = replace(found[-1], passages=(*found[-1].passages, *self.blocks.read([source])))
                continue
            if source.kind == "list" and not self.blocks.exact and not is_prose:
                points = [p for block in parse_lists(source, self.blocks.cited, exact=False) for p in block.points]
                found += [self.list_items.read(point.words, point.below, kind) for point in points]
                continue
            words = self.blocks.words(source.text)
            if not self.blocks.exact and not part.has_items and source.kind == "text" and begins_with_link(words):
                found.append(self.list_items.read(words, None, kind))
                continue
            if found and not self.blocks.exact and not part.has_items:  # what follows the list stays behind it
                found[-1] = replace(found[-1], passages=(*found[-1].passages, *self.blocks.read([source])))
                continue
            intro = (*intro, "\n\n", *words) if intro else words
            if source.kind in ("quote", "code") and (found or part.has_items):
                self.questions.append(
                    _("A quote or code under “{title}” belongs to no item.", title=truncate(title, 60))
                )
        return Section(title, kind, (*before, *found), emoji, prose.joined(intro))

    def _text_before(self, blocks: Sequence[SourceBlock]) -> Prose:
        intro: Prose = ()
        for block in blocks:
            words = sign_off_words(block, self.blocks, exact=self.blocks.exact)
            intro = (*intro, "\n\n", *words) if intro else words
        return prose.joined(intro)

    def _kind(self, title: str, emoji: str) -> SectionKind:
        for section in self.base.sections:
            if section.title == title:
                return section.kind
        names: dict[str, SectionKind] = {
            name.casefold(): kind for kind, (name, _unused) in self.template.titles.items()
        }
        names = SECTION_KINDS | names
        by_sign: dict[str, SectionKind] = {sign: kind for kind, sign in EMOJI.items()}
        plain = re.sub(r"^\d{1,2}(?:\.\d{1,2})?[.):]?\s+", "", title.casefold().strip(" :"))
        if found := names.get(plain) or by_sign.get(emoji):
            return found
        own = plain.split()
        return "news" if len(own) <= MAX_NEWS_WORDS and any(names.get(word) == "news" for word in own) else "theme"
