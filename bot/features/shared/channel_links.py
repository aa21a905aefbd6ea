"""Names of the club's channels in sentences, as values that a platform shows as links."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from bot.chat.cards import Card, ListEntry, Note, Part, Points, Text
from bot.chat.rich_text import Bold, ChannelName, Span, Words
from bot.domain.models import Room
from bot.features.shared.platform_texts import CHANNEL_DELETED


def link_channels(words: Words, rooms: Collection[Room]) -> Words:
    """The words of a sentence of this program with the names of these channels ("#papers") as values.

    The name of a deleted channel stays text, since no platform can link it; so does a name that two channels share,
    unless their platforms are named before it ("Slack #papers").
    """
    channels = _by_name(rooms)
    if not channels:
        return words
    names = "|".join(re.escape(name) for name in sorted(channels, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w#])(?:{names})(?![\w-])")
    return tuple(part for span in words for part in _split(span, pattern, channels))


def link_channels_in(card: Card, rooms: Collection[Room]) -> Card:
    """The same for all sentences of a card without words of people: links are made of nothing that somebody typed."""
    return replace(card, parts=tuple(_part(part, rooms) for part in card.parts))


def _part(part: Part, rooms: Collection[Room]) -> Part:
    if isinstance(part, Text | Note):
        return replace(part, words=link_channels(part.words, rooms))
    if isinstance(part, Points):
        return replace(part, items=tuple(link_channels(item, rooms) for item in part.items))
    if isinstance(part, ListEntry):
        return replace(part, words=link_channels(part.words, rooms), note=link_channels(part.note, rooms))
    return part


def _by_name(rooms: Collection[Room]) -> dict[str, ChannelName]:
    """Channels by the words for them: "Slack #papers", and "#papers" where no other has that name."""
    found: dict[str, ChannelName] = {}
    shared: set[str] = set()
    for room in rooms:
        platform, name = room.workspace.platform, room.name or room.external_id
        channel = ChannelName(name, platform, room.external_id)
        for words in (f"{platform.title()} {channel.text}", channel.text):
            is_gone = room.trouble == CHANNEL_DELETED  # another one may have its name now
            if is_gone or found.setdefault(words, channel) != channel:
                shared.add(words)
    return {words: channel for words, channel in found.items() if words not in shared}


def _split(span: Span, pattern: re.Pattern[str], channels: dict[str, ChannelName]) -> Iterator[Span]:
    """A span in pieces, with the channels in it as spans of their own."""
    if not isinstance(span, str | Bold):
        yield span
        return
    content, end = span if isinstance(span, str) else span.text, 0
    for found in pattern.finditer(content):
        before = content[end : found.start()] + found[0].rpartition("#")[0]
        if before:
            yield before if isinstance(span, str) else Bold(before)
        yield channels[found[0]]
        end = found.end()
    if rest := content[end:]:
        yield rest if isinstance(span, str) else Bold(rest)
