"""Layouts of an edition in a channel: how its cards are spread over posts and replies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal, assert_never, get_args

from bot.chat.cards import Card, Heading, Part, Text, text
from bot.chat.rich_text import Bold, Link, Words
from bot.editions.model import prose
from bot.editions.model.document import Document
from bot.editions.model.translation import words_of
from bot.editions.render.card_renderer import EditionCard, closing_parts, header_parts, render_cards, section_parts
from bot.editions.render.outline import Outline, OutlineItem, WhyLine
from bot.editions.render.outline_builder import build_outline
from bot.editions.render.pagination import LIMIT, MAX_PARTS, paginate, pieces, size

Layout = Literal["thread", "messages", "one"]
"""Layout of an edition: a header with its items in the thread, one message a paper, or one long post."""

LAYOUTS: tuple[Layout, ...] = get_args(Layout)

TOP_ITEMS = 3
"""Papers that the header of a thread presents, besides the contents."""


def lay_out(document: Document, layout: Layout, *, url: str = "") -> tuple[EditionCard, ...]:
    """The posts of an edition in a layout, in order. `url` is its page on the web, if it has one."""
    match layout:
        case "messages":
            return render_cards(document, url=url)
        case "thread":
            header, *replies = render_cards(document, url=url)
            edition_outline = build_outline(document, web_url=url)
            return (
                replace(header, card=_with_top_items(header.card, edition_outline)),
                *(replace(reply, in_thread=True) for reply in replies),
            )
        case "one":
            return _one_post(document, url)
        case _:
            assert_never(layout)


def _with_top_items(header: Card, edition_outline: Outline) -> Card:
    """The header with the first papers above its contents, as many as fit."""
    parts = list(header.parts)
    contents = edition_outline.contents
    label = Heading(contents.label) if contents else None
    place = next((index for index, part in enumerate(parts) if part == label), len(parts))
    room = LIMIT - len(header.title) - sum(map(size, parts))
    papers = [item for section in edition_outline.sections for item in section.items if item.kind == "paper"]
    for item in papers[:TOP_ITEMS]:
        line = next(pieces(Text(_top_item(item))))
        room -= size(line)
        if room < 0 or len(parts) >= MAX_PARTS:
            break
        parts.insert(place, line)
        place += 1
    return replace(header, parts=tuple(parts))


def _top_item(item: OutlineItem) -> Words:
    why = next((prose.words(part.words) for part in item.parts if isinstance(part, WhyLine)), ())
    return (_title(item), *((" — ", *why) if why else ()))


def _title(item: OutlineItem) -> Link | Bold:
    return Link(item.heading, item.url) if item.url else Bold(item.heading)


def _one_post(document: Document, url: str) -> tuple[EditionCard, ...]:
    """The whole edition as one post; what does not fit goes on in posts that are numbered."""
    edition_outline = build_outline(document, web_url=url)
    continued = words_of(document).gettext("(continued)")
    cards = paginate(edition_outline.title, _all_parts(edition_outline), url, continued=continued)
    if len(cards) > 1:
        cards = [
            replace(card, title=f"{edition_outline.title} ({number}/{len(cards)})")
            for number, card in enumerate(cards, 1)
        ]
    return tuple(EditionCard(card, group="one") for card in cards)


def _all_parts(edition_outline: Outline) -> Iterator[Part]:
    yield from header_parts(edition_outline)
    for section in edition_outline.sections:
        yield Heading(section.heading)
        yield from section_parts(section)
    if closing := list(closing_parts(edition_outline)):
        yield text(Bold(edition_outline.closing_title))
        yield from closing
