"""Check that a platform's payload contains every word of its card."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from bot.chat.calls import Call
from bot.chat.cards import Card, ChartPart, FigurePart, File
from bot.chat.rich_text import ChannelName, LocalTime

_WORD = re.compile(r"[^\W_]+")
_UNREAD_FIELDS = {"url", "kind", "style", "tone"}
"""Fields of a card that readers do not see."""
_UNREAD_KEYS = {"custom_id", "value", "action_id", "block_id", "type", "style"}
"""Keys of a payload that readers do not see."""


def missing_words(card: Card, body: Any) -> list[str]:
    """Words of a card that are not in its payload, in order. Punctuation and escapes do not count.

    If a word occurs too few times, its last occurrences are missing, since truncation removes the end.
    """
    available = Counter(word for text in _payload_texts(body) for word in _WORD.findall(text))
    missing = []
    for text in _card_texts(card):
        for word in _WORD.findall(text):
            if available[word]:
                available[word] -= 1
            else:
                missing.append(word)
    return missing


def _card_texts(value: object) -> Iterator[str]:
    """Texts of a card in reading order, without charts and files."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _card_texts(item)
    elif isinstance(value, ChannelName):
        pass  # its own platform shows it as a link
    elif isinstance(value, LocalTime):
        yield value.local  # the platform writes the rest
    elif is_dataclass(value) and not isinstance(value, Call | ChartPart | FigurePart | File):
        for field in fields(value):
            if field.name not in _UNREAD_FIELDS:
                yield from _card_texts(getattr(value, field.name))


def _payload_texts(body: Any) -> Iterator[str]:
    if isinstance(body, str):
        yield body
    elif isinstance(body, dict):
        for key, value in body.items():
            if key not in _UNREAD_KEYS:
                yield from _payload_texts(value)
    elif isinstance(body, list | tuple):
        for value in body:
            yield from _payload_texts(value)
