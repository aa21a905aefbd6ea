"""Renders an edition as cards: a header, one card for each paper with its live votes, one for each section, and the
closing.

A card has at most `LIMIT` characters and `MAX_PARTS` parts, within the limits of both platforms; longer content
continues on further cards. Nothing is omitted: a text too long for one card is split between words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from bot.chat.cards import (
    Card,
    ChartPart,
    FigurePart,
    Heading,
    LinkRow,
    Note,
    Part,
    Points,
    QuotePart,
    Text,
    note,
    text,
)
from bot.chat.rich_text import Bold, InlineCode, Italic, Link, Words
from bot.editions.model import prose
from bot.editions.model.blocks import Block, Figure, ListBlock, Paragraph, Quotation, Related, RemarkBlock, Subheading
from bot.editions.model.blocks import CodeBlock as Lines
from bot.editions.model.document import Document
from bot.editions.model.translation import words_of
from bot.editions.render import outline
from bot.editions.render.outline import Outline, OutlineItem, OutlineSection
from bot.editions.render.outline_builder import build_outline
from bot.editions.render.pagination import paginate

LINK_ARROW = "→ "
INDENT = "\u2003"
"""An em space, because platforms strip ordinary spaces at the start of a line."""


@dataclass(frozen=True, slots=True)
class EditionCard:
    """One posted part of an edition: a card, and the submission whose live votes are displayed below it."""

    card: Card
    submission: int = 0
    group: str = ""
    """The part of the edition it belongs to: an item's key, a section's title, `head` or `end`. Long content has
    several cards."""
    in_thread: bool = False
    """True for a reply in the thread of the first post."""


def render_cards(document: Document, *, url: str = "") -> tuple[EditionCard, ...]:
    """The edition as the parts that are posted, in order. `url` is its page on the web, if it has one."""
    edition_outline = build_outline(document, web_url=url)
    # Translators: stands after the title of a card that goes on where the last one was full.
    continued = words_of(document).gettext("(continued)")
    edition_cards = [
        EditionCard(card, group="head")
        for card in paginate(edition_outline.title, header_parts(edition_outline), url, continued=continued)
    ]
    for section in edition_outline.sections:
        if section.kind == "theme":
            for index, item in enumerate(section.items):
                edition_cards += _paper(item, section, continued, opens=index == 0)
        else:
            cards = paginate(section.heading, section_parts(section), continued=continued)
            edition_cards += [EditionCard(card, group=f"section {section.title}") for card in cards]
    edition_cards += [
        EditionCard(card, group="end")
        for card in paginate(edition_outline.closing_title, closing_parts(edition_outline), continued=continued)
    ]
    return tuple(edition_cards)


def header_parts(edition_outline: Outline) -> Iterator[Part]:
    """Everything before the first section."""
    yield note(" · ".join((edition_outline.club, *edition_outline.dateline)))
    if edition_outline.headline:
        yield text(Bold(edition_outline.headline))
    if edition_outline.intro:
        yield Text(prose.words(edition_outline.intro))
    for part in edition_outline.opening:
        yield from _opening(part)


def _opening(part: outline.OpeningPart) -> Iterator[Part]:
    match part:
        case outline.OutlineLetter(blocks, signature):
            yield from block_parts(blocks)
            if signature:
                yield text(Italic(signature))
        case outline.VideoLink(label, url):
            yield text(Link(label, url))
        case outline.ThemeList(label, themes):
            yield Heading(label)
            yield Points(tuple((theme.line,) for theme in themes))
        case outline.ContentsList(label, entries=entries):
            yield Heading(label)
            yield Points(tuple((entry.heading,) for entry in entries))
        case outline.OutlineChart(title, caption, rows, description):
            yield Heading(title)
            if caption:
                yield Text(prose.words(caption))
            yield ChartPart(title, part.chart.points, description, part.chart.unit, part.language)
            yield Points(tuple((row,) for row in rows))
        case _:
            assert_never(part)


def _paper(item: OutlineItem, section: OutlineSection, continued: str, *, opens: bool) -> list[EditionCard]:
    """The cards of a paper. The last one has the live votes, so that the buttons are below the text.

    Each card names its theme; if `opens` is true, the first one also has the theme's introduction.
    """
    lead = [Text(prose.words(section.lead))] if opens and section.lead else []
    cards = paginate(
        item.heading,
        [note(section.heading), *lead, *_item(item, live_tally=item.kind == "paper")],
        item.url,
        continued=continued,
    )
    return [
        *(EditionCard(card, group=item.key) for card in cards[:-1]),
        EditionCard(cards[-1], item.submission, item.key),
    ]


def section_parts(section: OutlineSection) -> Iterator[Part]:
    """A section with its items, one below the other."""
    if section.lead:
        yield Text(prose.words(section.lead))
    origins = [part.text for item in section.items for part in item.parts if isinstance(part, outline.ProvenanceNote)]
    shared = origins[0] if len(origins) == len(section.items) > 1 and len(set(origins)) == 1 else ""
    for item in section.items:
        if section.form == "articles" or not item.is_sentence:
            yield text(Link(item.heading, item.url)) if item.url else text(Bold(item.heading))
        parts = (part for part in item.parts if not (isinstance(part, outline.ProvenanceNote) and part.text == shared))
        yield from _item(replace(item, parts=tuple(parts)), live_tally=False)
    if shared:
        yield note(shared)


def _item(item: OutlineItem, *, live_tally: bool) -> Iterator[Part]:
    for part in item.parts:
        yield from _item_part(part, live_tally=live_tally)


def _item_part(part: outline.ItemPart, *, live_tally: bool) -> Iterator[Part]:
    match part:
        case outline.CorrectionNote(line):
            yield note(Italic(line))
        case outline.Byline(line):
            yield text(Italic(line))
        case outline.BadgeRow(badges):
            yield LinkRow(tuple(Link(badge.label, badge.url) for badge in badges))
        case outline.WhyLine(label, words):
            yield Text((*((Bold(label), f" {LINK_ARROW}") if label else ()), *prose.words(words)))
        case outline.InsightList(label):
            lead = prose.words(part.lead)
            yield Text((Bold(label), f" {LINK_ARROW}" if lead else f" {LINK_ARROW}".rstrip(), *lead))
            yield from block_parts(part.rest)
        case outline.PassageList(blocks):
            yield from block_parts(blocks)
        case outline.CommentList(label, link_label, comments):
            yield text(Bold(label))
            for comment in comments:
                yield QuotePart(comment.text, comment.by)
                if comment.url:
                    yield note(Link(link_label, comment.url))
        case outline.VoteLine(line, beside_live):
            if shown := beside_live if live_tally else line:
                yield note(shown)
        case outline.ThreadList(label, links):
            yield Note((f"{label}: ", *_comma_separated(links)))
        case outline.ProvenanceNote(_, line):
            yield note(line)
        case _:
            assert_never(part)


def block_parts(blocks: Iterable[Block]) -> Iterator[Part]:
    """Blocks as parts of a card."""
    for block in blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[Part]:
    match block:
        case Paragraph(words):
            yield Text(prose.words(words))
        case Subheading(title):
            yield text(Bold(title))
        case ListBlock(points, numbered):
            if any(point.below for point in points) or block.start != 1 or block.is_lettered:
                yield Text(_rows(block))
            else:
                yield Points(tuple(prose.words(point.words) for point in points), numbered)
        case Quotation(quoted):
            yield QuotePart(quoted, block.credit)
        case RemarkBlock(words, by):
            yield Text((LINK_ARROW, *((Italic(f"{by}: "),) if by else ()), *prose.words(words)))
        case Related(title, url, words):
            yield Text((LINK_ARROW, Link(title, url), *((" ", *prose.words(words)) if words else ())))
        case Figure(url, alt, caption, credit):
            yield FigurePart(url, alt)
            if caption or credit:
                yield Note((*prose.words(caption), *((" ",) if caption and credit else ()), *prose.words(credit)))
        case Lines(program):
            yield from (text(InlineCode(line)) for line in program.splitlines() if line.strip())
        case _:
            assert_never(block)


def _rows(block: ListBlock) -> Words:
    """A nested list as indented lines."""
    rows = (
        ("\n" if place else "", INDENT * depth + (f"{mark} " if mark else ""), *prose.words(point.words))
        for place, (depth, point, mark) in enumerate(block.rows())
    )
    return tuple(span for line in rows for span in line if span)


def closing_parts(edition_outline: Outline) -> Iterator[Part]:
    """Everything after the last section."""
    for part in edition_outline.closing:
        yield from _closing_part(part)


def _closing_part(part: outline.ClosingPart) -> Iterator[Part]:
    match part:
        case outline.ReferenceList(_, entries):
            for entry in entries:
                title = Link(entry.title, entry.url) if entry.url else entry.title
                yield Text((entry.before, title, entry.after))
        case outline.LinkList(label, links):
            yield Heading(label)
            yield Points(tuple((link,) for link in links))
        case outline.ErrataList(label, errata):
            yield Heading(label)
            yield Points(tuple((erratum.line,) for erratum in errata))
        case outline.SignOff(words):
            yield Text(prose.words(words))
        case outline.WebLinks(links):
            yield LinkRow(links)
        case outline.CreditList(credits):
            yield from (note(f"{credit.role}: {credit.names}") for credit in credits)
        case outline.Colophon():
            return  # the first line of the first card contains it
        case _:
            assert_never(part)


def _comma_separated(links: Sequence[Link]) -> Words:
    return tuple(span for link in links for span in (", ", link))[1:]
