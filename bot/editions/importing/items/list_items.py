"""Items that are points of a list, or lines that begin with a link, instead of headings."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.chat.rich_text import Bold, Link
from bot.chat.text import one_line, truncate
from bot.editions.importing.items.item_badges import badge_kind
from bot.editions.importing.items.item_lines import names_in
from bot.editions.importing.items.item_links import leading_links, names_work, remark_behind
from bot.editions.importing.items.item_texts import ItemTextReader
from bot.editions.importing.items.known_items import KIND_OF_SECTION, KnownItems
from bot.editions.importing.label_words import LINK_LINE, WHY
from bot.editions.model import prose
from bot.editions.model.blocks import Block, ListBlock, Paragraph, Point
from bot.editions.model.document import Badge, Item, SectionKind
from bot.editions.model.prose import Prose

_AFTER_TITLE = re.compile(r"[)\]\s.]*(?:[:–—,;|(\[-]|\Z)")
MAX_TITLE = 200
"""Characters of a title before its link."""


@dataclass(frozen=True, slots=True)
class ListItemReader:
    """Reads items that are points of a list."""

    known: KnownItems
    texts: ItemTextReader

    def read(self, words: Prose, below: ListBlock | None, kind: SectionKind) -> Item:
        """One bullet of news or code as an item: its first link leads, and the sentence stays whole."""
        link = next(iter(prose.links(words)), None)
        bold = next((span.text for span in words if isinstance(span, Bold)), "")
        shown = (span for span in words if not (isinstance(span, Link) and span.label == span.url))
        sentence = _trimmed(one_line(prose.plain(tuple(shown)))) or one_line(prose.plain(words))
        label = link.label if link and link.label != link.url and len(link.label) >= 3 else ""
        before = one_line(prose.plain(words[: words.index(link)])).strip(" ([:.,–—-") if link else ""
        names_page = not label or LINK_LINE.match(label)
        if link and names_page and 3 <= len(bold or before) <= MAX_TITLE and _is_title_before(words, link):
            label = bold or before  # "Title ([arXiv](…))", "Title: https://…"
        title = one_line(label.strip(" :.") or bold.strip(" :.")) or truncate(sentence, 80)
        url = link.url if link else ""
        if link and kind == "theme" and (found := remark_behind(words, link)):
            title, words = found
        known = self.known.find(url, title)
        item = replace(self.known.identified(known, title, url, kind), title=title, url=url, why=words)
        if not url and not known and not bold:
            item = replace(item, kind=KIND_OF_SECTION.get(kind, "post"))
        if kind == "theme":
            return self._paper_of_list(item, below)
        return replace(item, passages=(below,) if below else ())

    def _paper_of_list(self, item: Item, below: ListBlock | None) -> Item:
        """A paper that is a point of a list: its title leads, and the points below it may be labeled texts."""
        found, why_words = leading_links(_without_title(item.why, item), item.url)
        badges = tuple(Badge(badge_kind(one.label, one.url), one_line(one.label), one.url) for one in found)
        item = replace(item, why=why_words, badges=badges)
        others: list[Point] = []
        for point in below.points if below else ():
            block = Paragraph(point.words)
            why = self.texts.after_label(block, WHY, self.texts.words.gettext("Why"))
            insights = self.texts.insights_lead(block)
            line = prose.plain(point.words)
            if why and not item.why:
                item = replace(item, why=why)
            elif insights is not None and not item.insights and (insights or point.below):
                lead: list[Block] = [Paragraph(insights)] if insights else []
                item = replace(item, insights=(*lead, *([point.below] if point.below else [])))
            elif not item.authors and not point.below and (names := names_in(line)):
                item = replace(item, authors=names)
            else:
                others.append(point)
        return replace(item, passages=(ListBlock(tuple(others), below.numbered),) if below and others else ())


def _without_title(words: Prose, item: Item) -> Prose:
    """Words of a point about an item, without the item's title and address at their start."""
    rest = list(words)
    first = rest[0] if rest else ""
    is_title = isinstance(first, str) and one_line(first).strip(" ([:.,–—-").casefold() == item.title.casefold()
    if is_title and len(rest) > 1 and isinstance(rest[1], Link) and names_work(rest[1]):
        return tuple(rest[1:])  # the title, and its address behind a colon or in brackets
    if (
        not isinstance(first, Link | Bold)
        or one_line(getattr(first, "label", getattr(first, "text", ""))) != item.title
    ):
        return words
    del rest[0]
    if len(rest) > 1 and rest[0] == " (" and isinstance(rest[1], Link) and rest[1].url == rest[1].label == item.url:
        rest[:2] = []
        rest[:1] = [rest[0].removeprefix(")")] if rest and isinstance(rest[0], str) else []
    if rest and isinstance(rest[0], str):
        rest[0] = rest[0].lstrip(" :—–-,")
    return tuple(span for span in rest if span != "")


def _is_title_before(words: Prose, link: Link) -> bool:
    """True if what stands before a link is a title: a sign divides the link from what follows, or nothing follows."""
    at = words.index(link) + 1
    after = words[at] if at < len(words) else ""
    return any(isinstance(span, Bold) for span in words[:at]) or (
        isinstance(after, str) and bool(_AFTER_TITLE.match(after))
    )


def _trimmed(sentence: str) -> str:
    """A sentence from which an address was taken, without the signs that stood around it."""
    sentence = re.sub(r"\s*[(\[]\s*[)\]]", "", sentence).strip(" :–—-,")
    for opening, closing in ("()", "[]"):
        if sentence.count(opening) > sentence.count(closing):
            sentence = sentence.removesuffix(opening).rstrip()
        elif sentence.count(closing) > sentence.count(opening):
            sentence = sentence.removesuffix(closing).rstrip()
    return sentence.strip(" :–—-,")
