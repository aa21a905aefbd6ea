"""Badges of an item: the links to its paper, code and talk, from its heading or from lines that are only links."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.chat.rich_text import LINK_TARGET, Bold, Link
from bot.chat.text import one_line
from bot.domain.links import sites, urls
from bot.editions.importing.items.item_links import names_work
from bot.editions.importing.items.references import paper_of
from bot.editions.importing.label_words import LINK_LINE
from bot.editions.importing.markdown.blocks import BlockReader
from bot.editions.importing.markdown.markdown_lines import SourceBlock
from bot.editions.model import prose
from bot.editions.model.document import Badge, Item
from bot.editions.model.templates import BADGES
from bot.errors import UserError

_LINKS_BEHIND = re.compile(
    rf"^(?P<title>.*?)\s*[(\[](?P<links>\[[^\[\]]+\]\({LINK_TARGET}\)(?:[\s,;|·/&]*\[[^\[\]]+\]\({LINK_TARGET}\))*)[)\]]$"
)


def links_beside_title(heading: str, blocks: BlockReader) -> tuple[str, tuple[Badge, ...]]:
    """A heading without the links in brackets behind its title, "([paper](…), [slides](…))", and their badges."""
    found = _LINKS_BEHIND.match(heading)
    if not found or not found["title"].strip():
        return heading, ()
    links_there = prose.links(blocks.words(found["links"]))
    badges = (Badge(badge_kind(one.label, one.url), one_line(one.label), one.url) for one in links_there)
    return found["title"].rstrip(" :–—-"), tuple(badges)


def take_link_lines(body: list[SourceBlock], blocks: BlockReader) -> tuple[Badge, ...]:
    """Remove lines that are only links from the first blocks, and return their badges.

    Such lines are "Content Link", "Paper: https://…" and "[Paper](…) | [Code](…)".
    """
    badges: list[Badge] = []
    for source in list(body[:6]):
        if source.kind not in ("text", "list") or source.text.startswith("!["):
            continue
        text = re.sub(r"^\s*[-*+•]\s+", "", source.text, flags=re.MULTILINE)
        words = blocks.words(text)
        said = (span.text if isinstance(span, Bold) else span for span in words if isinstance(span, str | Bold))
        found, rest = prose.links(words), "".join(said)
        names = [part for part in re.split(r"[|·•,/:;\s]{0,20}[|·•,/;]\s*|\s*:\s*", rest) if re.search(r"\w", part)]
        if not found or any(not isinstance(s, str | Link | Bold) for s in words):
            continue
        if not all(LINK_LINE.match(name) for name in names):
            continue
        if not names and not all(names_work(link) for link in found):
            continue
        body.remove(source)
        for place, link in enumerate(found):
            name = names[place].strip(" :-–—→") if place < len(names) else ""
            label = name if link.label == link.url else link.label
            if any(badge.url == link.url for badge in badges):
                continue
            kind = badge_kind(label, link.url)
            badges.append(Badge(kind, one_line(label) or (BADGES[kind][0] if kind == "video" else "Link"), link.url))
    return tuple(badges)


def take_badge_row(
    item: Item, body: list[SourceBlock], blocks: BlockReader, listed: Mapping[str, str]
) -> tuple[Badge, ...]:
    """Remove an export's line of badges from the first blocks of an item, and return the badges in it.

    `listed` are the labels of the list of all links, by address: a link under its label there is no badge.
    """
    if not body or body[0].kind != "text":
        return ()
    words = blocks.words(body[0].text)
    found = prose.links(words)
    pairs = " | ".join("\x00" for _ in found)
    if not found or "".join(s if isinstance(s, str) else "\x00" for s in words) != pairs:
        return ()
    if any(listed.get(link.url, f"{item.title}: ") == link.label for link in found):
        return ()
    del body[0]
    return tuple(Badge(badge_kind(link.label, link.url), link.label, link.url) for link in found)


def badge_kind(label: str, url: str) -> str:
    """The kind of a link by its label, else by its site."""
    name = re.sub(r"^\W+", "", label).casefold()
    for kind, (english, _unused) in BADGES.items():
        if name in (english.casefold(), kind):
            return kind
    if paper_of(url):
        return "paper"
    try:
        known = sites.known_kind(urls.parse(url))
    except UserError:
        known = None
    return str(known) if known else "post"
