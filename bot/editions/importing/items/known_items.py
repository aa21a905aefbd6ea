"""Items that the draft has already, found again in an imported text by their link or title."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from bot.domain.links import identify as links
from bot.editions.importing.items.references import paper_of
from bot.editions.importing.markdown.blocks import is_italic
from bot.editions.importing.markdown.inline import unescape
from bot.editions.importing.markdown.markdown_lines import SourceBlock
from bot.editions.model.document import Document, Item, ItemKind, SectionKind
from bot.editions.render import captions, outline
from bot.editions.render.markdown import render_item_part
from bot.editions.render.outline_builder import item_outline
from bot.errors import UserError
from bot.locale import Translator

_DIGITS = re.compile(r"\d+")

KIND_OF_SECTION: dict[SectionKind, ItemKind] = {"news": "news", "code": "code"}
_FACTS = (outline.CorrectionNote, outline.VoteLine, outline.ThreadList, outline.CommentList)
"""Parts of an item that only the club's records say."""


@dataclass(slots=True)
class KnownItems:
    """The items of `base`, the draft. `keys` are those of the items that the text has named so far.

    `exact`: the text is an export, whose lines are written as in the language of `words`.
    """

    base: Document
    words: Translator
    exact: bool
    keys: set[str] = field(default_factory=set)

    def find(self, url: str, title: str) -> Item | None:
        """The item of the draft with this link, else the only one with this title; None if it has none."""
        paper = paper_of(url) if url else None
        for item in self.base.items:
            if item.key in self.keys:
                continue
            if (paper and item.key == paper.key) or (url and item.url == url):
                return item
        named = [i for i in self.base.items if i.title.casefold() == title.casefold() and i.key not in self.keys]
        return named[0] if len(named) == 1 and (not url or not named[0].url) else None

    def identified(self, known: Item | None, title: str, url: str, kind: SectionKind) -> Item:
        """The item with its key and kind; texts are still those that are known."""
        if known:
            self.keys.add(known.key)
            return replace(
                known, badges=(), why=(), why_more=(), insights=(), passages=(), authors="", venue="", reference=0
            )
        key, item_kind = _key_and_kind(url, title, kind)
        first, place = key, 2
        while key in self.keys:
            key, place = f"{first}-{place}", place + 1
        self.keys.add(key)
        return Item(item_kind, key, title, url)

    def remove_facts(self, known: Item, body: list[SourceBlock]) -> None:
        """Remove what the club's records say themselves, such as the line of votes, from what was written."""
        small = (outline.VoteLine,) if self.exact else ()
        if not self.exact:
            self._remove_origin(known, body)
        for part in item_outline(known, self.base).parts:
            if not isinstance(part, _FACTS) or isinstance(part, small):
                continue
            for piece in reversed(render_item_part(part)):
                wanted = _DIGITS.sub("0", piece)
                at = [n for n, source in enumerate(body) if _DIGITS.sub("0", source.source) == wanted]
                if at:
                    del body[at[-1] if not isinstance(part, outline.CorrectionNote) else at[0]]

    def _remove_origin(self, known: Item, body: list[SourceBlock]) -> None:
        """Remove the line that says who or what wrote the texts, as far as they were the same."""
        lines = [captions.item_origin(known, self.words)]
        if known.provenance:
            lines.append(captions.provenance(known.provenance, self.words))
        said = {_DIGITS.sub("0", note) for line in lines for note in line.split(" · ") if note}
        for source in body:
            text = source.text
            if source.kind == "text" and is_italic(text):
                notes = {_DIGITS.sub("0", note) for note in unescape(text[1:-1]).split(" · ")}
                if notes & said:
                    body.remove(source)
                    return


def _key_and_kind(url: str, title: str, kind: SectionKind) -> tuple[str, ItemKind]:
    slug = "added:" + re.sub(r"[^\w]+", "-", title.casefold()).strip("-")[:80]
    try:
        link = links.identify(url) if url else None
    except UserError:
        link = None
    if isinstance(link, links.PaperRef):
        return link.key, "paper"
    fallback = KIND_OF_SECTION.get(kind, "post")
    if isinstance(link, links.LinkedItem):
        site: ItemKind = next((k for k in ("code", "video", "news", "paper") if k == str(link.kind)), "post")
        return link.key, fallback if fallback != "post" else site
    return slug, "paper" if kind == "theme" and not url else fallback
