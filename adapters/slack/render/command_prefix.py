"""Adds the installation's prefix to command names: `/jc-paper` if another app of the workspace has `/paper` already."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from typing import assert_never

from bot.chat.cards import (
    Button,
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
from bot.chat.rich_text import Bold, InlineCode, Span, Words


class CommandPrefixer:
    """Adds the prefix to the commands that a card names. People's own texts stay unchanged."""

    def __init__(self, prefix: str, roots: Collection[str]) -> None:
        self._prefix = prefix
        self._command = re.compile(rf"^/(?=(?:{'|'.join(map(re.escape, roots))})(?:\s|$))")

    def apply(self, card: Card) -> Card:
        """The card with prefixed command names."""
        if not self._prefix:
            return card
        return replace(card, title=self._prefixed(card.title), parts=tuple(map(self._part, card.parts)))

    def _prefixed(self, text: str) -> str:
        return self._command.sub(f"/{self._prefix}", text)

    def _words(self, words: Words) -> Words:
        return tuple(map(self._span, words))

    def _span(self, span: Span) -> Span:
        return replace(span, text=self._prefixed(span.text)) if isinstance(span, InlineCode | Bold) else span

    def _part(self, part: Part) -> Part:
        match part:
            case Text(words) | Note(words):
                return replace(part, words=self._words(words))
            case Points(items):
                return replace(part, items=tuple(map(self._words, items)))
            case ListEntry(words, note):
                return replace(part, words=self._words(words), note=self._words(note))
            case Buttons(row, more):
                return Buttons(tuple(map(self._button, row)), tuple(map(self._button, more)))
            case Heading() | QuotePart() | Facts() | LinkRow() | ChartPart() | FigurePart() | File() | Divider():
                return part
            case _:
                assert_never(part)

    def _button(self, button: Button) -> Button:
        return replace(button, label=self._prefixed(button.label))
