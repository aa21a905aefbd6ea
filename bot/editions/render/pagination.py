"""Cards that fit: a long run of parts cut into as many cards as both platforms need, without losing a word."""

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
from bot.chat.rich_text import Bold, InlineCode, Italic, Link, Span, Words

LIMIT = 3_000
"""Characters of one card. Discord takes 4,000 over all of a message's texts and Slack 3,000 in one section; the rest is
room for escaping, the live tally and the buttons."""

MAX_PARTS = 18
"""Parts of one card. Discord takes 40 components in a message, and a part with its buttons may need two."""

MAX_PART_LENGTH = 1_400
"""Characters of one part: a longer one is cut, so that two always fit a card and none fills it alone."""

CONTINUED = "(continued)"
"""The sign of a card that goes on, in English."""


def paginate(title: str, parts: Iterable[Part], url: str = "", *, continued: str = CONTINUED) -> list[Card]:
    """The parts on as few cards as they fit on, at least one. A heading is never the last line of a card.

    `continued` stands after the title of every card but the first.
    """
    cards: list[list[Part]] = [[]]
    again = f"{title} {continued}"
    room = LIMIT - len(again)
    left = room
    for part in (piece for whole in parts for piece in pieces(whole)):
        if cards[-1] and (size(part) > left or len(cards[-1]) >= MAX_PARTS):
            carried = _trailing_headings(cards[-1])
            cards.append(carried)
            left = room - sum(map(size, carried))
        cards[-1].append(part)
        left -= size(part)
    return [Card(again if place else title, tuple(card), url=url) for place, card in enumerate(cards)]


def size(part: Part) -> int:
    """How many characters a part takes on a platform, where a link takes its address too."""
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
        case ListEntry() | Buttons() | ChartPart() | File() | Divider():
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
            yield from (QuotePart(said, source if said is spans[-1] else "") for said in spans)
        case Points():
            yield from _rows(part)
        case LinkRow(row):
            yield from (LinkRow(tuple(s for s in piece if isinstance(s, Link))) for piece in _cut(row))
        case Heading() | Facts() | ListEntry() | Buttons() | ChartPart() | File() | Divider():
            yield part
        case _:
            assert_never(part)


def _rows(points: Points) -> Iterator[Part]:
    """A long list as several. A numbered one becomes lines that carry their numbers, so that counting goes on."""
    if points.numbered:
        for place, item in enumerate(points.items, 1):
            yield from pieces(Text((f"{place}. ", *item)))
        return
    taken: list[Words] = []
    for item in points.items:
        if taken and size(Points((*taken, item))) > MAX_PART_LENGTH:
            yield Points(tuple(taken))
            taken = []
        if _length(item) > MAX_PART_LENGTH - 4:
            first, *others = _cut(item)
            yield Points((first,))
            yield from (Text(piece) for piece in others)
        else:
            taken.append(item)
    if taken:
        yield Points(tuple(taken))


def _cut(words: Words) -> Iterator[Words]:
    """The words in stretches of at most `LONGEST`, cut between words where there are any."""
    taken: list[Span] = []
    left = MAX_PART_LENGTH - 4
    for span in (piece for whole in words for piece in _short_spans(whole)):
        if taken and _length((span,)) > left:
            yield tuple(taken)
            taken, left = [], MAX_PART_LENGTH - 4
        taken.append(span)
        left -= _length((span,))
    if taken:
        yield tuple(taken)


def _short_spans(span: Span) -> Iterator[Span]:
    """A span in pieces of a few hundred characters; a link stays whole."""
    if isinstance(span, Link) or len(_plain_text((span,))) <= 400:
        yield span
        return
    rest = _plain_text((span,))
    while rest:
        at = len(rest) if len(rest) <= 400 else rest.rfind(" ", 1, 400) + 1 or 400
        piece, rest = rest[:at], rest[at:]
        yield piece if isinstance(span, str) else replace(span, text=piece)


def _trailing_headings(card: list[Part]) -> list[Part]:
    """The headings at the end of a card, taken off it: they belong to what comes next."""
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
        case Link(label, url):
            return len(label) + len(url) + 4
        case Bold(text) | Italic(text) | InlineCode(text):
            return len(text) + 4
        case _:
            assert_never(span)


def _plain_text(words: Iterable[Span]) -> str:
    return "".join(span if isinstance(span, str) else getattr(span, "text", "") for span in words)
