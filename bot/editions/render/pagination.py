"""Splits long runs of card parts into cards that fit both platforms, without losing text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import assert_never

from bot.chat.cards import (
    Buttons,
    Card,
    ChartPart,
    Divider,
    Facts,
    FigurePart,
    File,
    Heading,
    LinkRow,
    ListEntry,
    Note,
    Part,
    Points,
    QuotePart,
    Text,
)
from bot.chat.rich_text import Bold, ChannelName, InlineCode, Italic, Link, LocalTime, Span, Words

LIMIT = 3_000
"""Maximum number of characters on one card. Discord allows 4,000 for all texts of a message and Slack 3,000 for one
section; the margin is for escaping, live votes and buttons."""

MAX_PARTS = 18
"""Maximum number of parts on one card. Discord allows 40 components in a message, and a part with buttons may need two.
"""

MAX_PART_LENGTH = 1_400
"""Characters of one part: a longer one is cut, so that two always fit a card and none fills it alone."""

CONTINUED = "(continued)"
"""Label of a continued card, in English."""


def paginate(title: str, parts: Iterable[Part], url: str = "", *, continued: str = CONTINUED) -> list[Card]:
    """Split the parts into as few cards as possible, at least one. A heading is never the last part of a card.

    `continued` is appended to the title of every card but the first.
    """
    cards: list[list[Part]] = [[]]
    continued_title = f"{title} {continued}"
    room = LIMIT - len(continued_title)
    room_left = room
    for part in (piece for whole in parts for piece in pieces(whole)):
        if cards[-1] and (size(part) > room_left or len(cards[-1]) >= MAX_PARTS):
            carried = _trailing_headings(cards[-1])
            cards.append(carried)
            room_left = room - sum(map(size, carried))
        cards[-1].append(part)
        room_left -= size(part)
    return [Card(continued_title if index else title, tuple(card), url=url) for index, card in enumerate(cards)]


def size(part: Part) -> int:
    """Number of characters of a part as rendered on a platform, including the addresses of links."""
    match part:
        case Heading(text):
            return len(text)
        case Text(words) | Note(words):
            return _length(words)
        case QuotePart(text, source):
            return len(text) + len(source) + 2 * (text.count("\n") + 1)
        case Points(items):
            return sum(_length(item) + 4 for item in items)
        case LinkRow(row):
            return _length(row)
        case Facts(pairs):
            return sum(len(label) + len(value) + 8 for label, value in pairs)
        case ListEntry() | Buttons() | ChartPart() | FigurePart() | File() | Divider():
            return 100
        case _:
            assert_never(part)


def pieces(part: Part) -> Iterator[Part]:
    """The part, or the parts it must be cut into because it is too long for one."""
    if size(part) <= MAX_PART_LENGTH:
        yield part
        return
    match part:
        case Text(words):
            yield from (Text(piece) for piece in _cut(words))
        case Note(words):
            yield from (Note(piece) for piece in _cut(words))
        case QuotePart(text, source):
            spans = [_plain_text(piece) for piece in _cut((text,))]
            yield from (QuotePart(quote, source if quote is spans[-1] else "") for quote in spans)
        case Points():
            yield from _rows(part)
        case LinkRow(row):
            yield from (LinkRow(tuple(s for s in piece if isinstance(s, Link))) for piece in _cut(row))
        case Heading() | Facts() | ListEntry() | Buttons() | ChartPart() | FigurePart() | File() | Divider():
            yield part
        case _:
            assert_never(part)


def _rows(points: Points) -> Iterator[Part]:
    """A long list split into several. A numbered list becomes lines with explicit numbers."""
    if points.numbered:
        for position, item in enumerate(points.items, 1):
            yield from pieces(Text((f"{position}. ", *item)))
        return
    batch: list[Words] = []
    for item in points.items:
        if batch and size(Points((*batch, item))) > MAX_PART_LENGTH:
            yield Points(tuple(batch))
            batch = []
        if _length(item) > MAX_PART_LENGTH - 4:
            first, *remaining = _cut(item)
            yield Points((first,))
            yield from (Text(piece) for piece in remaining)
        else:
            batch.append(item)
    if batch:
        yield Points(tuple(batch))


def _cut(words: Words) -> Iterator[Words]:
    """The words in stretches of at most `LONGEST`, cut between words where there are any."""
    piece_spans: list[Span] = []
    room_left = MAX_PART_LENGTH - 4
    for span in (piece for whole in words for piece in _short_spans(whole)):
        if piece_spans and _length((span,)) > room_left:
            yield tuple(piece_spans)
            piece_spans, room_left = [], MAX_PART_LENGTH - 4
        piece_spans.append(span)
        room_left -= _length((span,))
    if piece_spans:
        yield tuple(piece_spans)


def _short_spans(span: Span) -> Iterator[Span]:
    """A span split into pieces of a few hundred characters; links are not split."""
    if isinstance(span, Link | LocalTime | ChannelName) or len(_plain_text((span,))) <= 400:
        yield span
        return
    rest = _plain_text((span,))
    while rest:
        at = len(rest) if len(rest) <= 400 else rest.rfind(" ", 1, 400) + 1 or 400
        piece, rest = rest[:at], rest[at:]
        yield piece if isinstance(span, str) else replace(span, text=piece)


def _trailing_headings(card: list[Part]) -> list[Part]:
    """Remove the headings at the end of a card and return them, since they belong to the next card."""
    carried: list[Part] = []
    while len(card) > 1 and isinstance(card[-1], Heading):
        carried.insert(0, card.pop())
    return carried


def _length(words: Iterable[Span]) -> int:
    return sum(_span(span) for span in words)


def _span(span: Span) -> int:
    match span:
        case str():
            return len(span)
        case Link(_, url):
            return len(span.safe_label) + len(url) + 4
        case Bold(text) | Italic(text) | InlineCode(text):
            return len(text) + 4
        case LocalTime() | ChannelName():
            return len(span.text) + 4
        case _:
            assert_never(span)


def _plain_text(words: Iterable[Span]) -> str:
    return "".join(span if isinstance(span, str) else getattr(span, "text", "") for span in words)
