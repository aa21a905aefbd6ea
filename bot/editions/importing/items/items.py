"""Items of an edition from Markdown: heading, link, authors, badges, Why, key insights, quotes and notes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.chat.rich_text import Link
from bot.chat.text import one_line
from bot.editions.importing.items.generated_lines import without_small_lines
from bot.editions.importing.items.item_badges import links_beside_title, take_badge_row, take_link_lines
from bot.editions.importing.items.item_lines import names_in, number_before
from bot.editions.importing.items.item_links import cited_work, is_counter
from bot.editions.importing.items.item_texts import ItemTextReader
from bot.editions.importing.items.known_items import KnownItems
from bot.editions.importing.items.references import paper_of
from bot.editions.importing.markdown.blocks import BlockReader, is_italic
from bot.editions.importing.markdown.inline import unescape
from bot.editions.importing.markdown.markdown_lines import SourceBlock
from bot.editions.model import prose
from bot.editions.model.document import Badge, Item, NumberedReference, SectionKind
from bot.editions.render.markdown import render_text
from bot.locale import Translator

_LINKED_TITLE = re.compile(r"^\[((?:\\.|[^\[\]\\])*)\]\(<?((?:[^\s()<>]|\([^\s()<>]*\))+)>?\)$", re.DOTALL)


_REFERENCE_NUMBER = re.compile(r"\s*\[(\d{1,3})\]$")
"""The number of its reference behind a byline."""


@dataclass(frozen=True, slots=True)
class ItemReader:
    """Reads items that have a heading. `listed` are the labels of the list of all links, by address."""

    blocks: BlockReader
    known: KnownItems
    texts: ItemTextReader
    words: Translator
    listed: Mapping[str, str] = field(default_factory=dict)
    references: Sequence[NumberedReference] = ()

    def read(self, heading: str, body: Sequence[SourceBlock], kind: SectionKind) -> Item:
        """One item from its heading and what follows it."""
        heading, in_heading = (heading, ()) if self.blocks.exact else links_beside_title(heading, self.blocks)
        number, title, url = self._heading(heading)
        body = list(body)
        badges = (*in_heading, *take_link_lines(body, self.blocks)) if not self.blocks.exact else ()
        url = url or next((badge.url for badge in badges if paper_of(badge.url)), "") or _first_url(badges)
        if not self.blocks.exact:
            url = self._real_address(url, title, body)
        known = self.known.find(url, title)
        item = self.known.identified(known, title, url, kind)
        item = replace(item, number=number, title=title, url=url, badges=badges)
        if self.blocks.exact:
            body = without_small_lines(body)
        if known:
            self.known.remove_facts(known, body)
        item = self._byline(item, body)
        if self.blocks.exact:
            item = replace(item, badges=take_badge_row(item, body, self.blocks, self.listed))
        return self.texts.read(item, body, known)

    def _heading(self, text: str) -> tuple[int, str, str]:
        number = 0
        if found := (re.match(r"^(\d+)\. (.*)$", text, re.DOTALL) if self.blocks.exact else number_before(text)):
            number, text = (int(found[1]) if found[1].isdigit() else 0), found[2]
        if found := _LINKED_TITLE.match(text.strip() if not self.blocks.exact else text):
            title = self.blocks.plain(found[1])
            link = Link.as_shown(title if self.blocks.exact else one_line(title), found[2])
            return number, link.label, link.url
        words = self.blocks.words(text)
        first = next(iter(prose.links(words)), None) if not self.blocks.exact else None
        title = self.blocks.plain(text)
        return number, title if self.blocks.exact else one_line(title), first.url if first else ""

    def _real_address(self, url: str, title: str, body: Sequence[SourceBlock]) -> str:
        """The address of the work itself: behind a click counter, in the text, or in the references."""
        if url and (paper := paper_of(url)) and is_counter(url):
            return paper.url
        if url and not is_counter(url):
            return url
        found = self._first_paper(body)
        if url:
            return found if found and not is_counter(found) else url
        return found or cited_work(title, self.references)

    def _first_paper(self, body: Sequence[SourceBlock]) -> str:
        found = [link for source in body for link in prose.links(self.blocks.words(source.text))]
        return next((link.url for link in found if paper_of(link.url)), found[0].url if len(found) == 1 else "")

    def _byline(self, item: Item, body: list[SourceBlock]) -> Item:
        """The item with authors and venue from the line in italics below its heading."""
        if not body or body[0].kind != "text":
            return item
        text = body[0].text
        first, _sign, place = ("", "", "") if self.blocks.exact else self.blocks.plain(text).partition(" · ")
        if names := names_in(first) or ("" if self.blocks.exact or place else _names_in_italics(text)):
            del body[0]
            number = _REFERENCE_NUMBER.search(place)
            reference = int(number[1]) if number and int(number[1]) in self.blocks.cited else item.reference
            venue = _REFERENCE_NUMBER.sub("", place) or item.venue
            return replace(item, authors=names, venue=venue, reference=reference)
        if (
            len(text) < 3
            or text[0] != "*"
            or text[-1] != "*"
            or text[:2] == "**"
            or re.search(r"(?<!\\)\*", text[1:-1])
        ):
            return item
        line = unescape(text[1:-1])
        if f"*{render_text(line)}*" != text and self.blocks.exact:
            return item
        lead = self.words.gettext("By {authors}", authors="\x00").partition("\x00")[0]
        if not line.startswith((lead, "By ", "by ")) and not self.blocks.exact:
            return item
        del body[0]
        reference = 0
        if (found := re.search(r"(?: |^)\[(\d{1,3})\]$", line)) and int(found[1]) in self.blocks.cited:
            line, reference = line[: found.start()], int(found[1])
        if item.pending:
            follow = self.words.gettext("Details to follow: the source did not answer in time")
            line = line.removesuffix(follow).removesuffix(" · ")
        authors, _, venue = line.partition(" · ")
        if not line.lower().startswith((lead.lower(), "by ")):
            authors, venue = "", line
        else:
            authors = authors[len(lead) if authors.startswith(lead) else 3 :]
        return replace(item, authors=authors, venue=venue, reference=reference)


def _names_in_italics(text: str) -> str:
    """The names of a line in italics without "By": several, or one with "et al."; one name alone may be a subtitle."""
    names = names_in(f"By {unescape(text[1:-1])}") if is_italic(text) else ""
    return names if "," in names or re.search(r" (?:et al|u\. ?a)\.", names) else ""


def _first_url(badges: Sequence[Badge]) -> str:
    return badges[0].url if badges else ""
