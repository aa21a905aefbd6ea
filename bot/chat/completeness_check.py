"""Whether all that a card says is in what a platform is given for it: word by word, whoever drew it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from bot.chat.calls import Call
from bot.chat.cards import Card, ChartPart, File

_WORD = re.compile(r"[^\W_]+")
_UNREAD_FIELDS = {"url", "kind", "style", "tone"}
"""Fields of a card's values that are not read."""
_UNREAD_KEYS = {"custom_id", "value", "action_id", "block_id", "type", "style"}
"""Keys of a payload that nobody reads."""


def missing_words(card: Card, body: Any) -> list[str]:
    """The words of a card that are not in a payload, in order. Marks and escapes are not words, so they do not count.

    Of a word that is there too seldom, the last ones are lost: what does not fit is cut at its end.
    """
    there = Counter(word for text in _payload_texts(body) for word in _WORD.findall(text))
    gone = []
    for text in _card_texts(card):
        for word in _WORD.findall(text):
            if there[word]:
                there[word] -= 1
            else:
                gone.append(word)
    return gone


def _card_texts(value: object) -> Iterator[str]:
    """All that a card says, in the order in which it is read; pictures and files go beside it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _card_texts(one)
    elif is_dataclass(value) and not isinstance(value, Call | ChartPart | File):
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
