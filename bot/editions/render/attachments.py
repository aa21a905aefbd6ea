"""Files attached to a card on platforms that accept them: charts as images, and documents."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.chat.cards import Card, ChartPart, File
from bot.editions.model.document import Chart
from bot.editions.model.translation import DOMAIN
from bot.editions.render.charts import image as chart_image
from bot.locale import translator


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file with its name and title; `alt` is the alternative text of an image."""

    name: str
    title: str
    content: bytes
    alt: str = ""


def attached(card: Card) -> tuple[Attachment, ...]:
    """The card's charts as PNG, and its files, in order. Drawing a chart takes some milliseconds."""
    return tuple(_attached(card))


def _attached(card: Card) -> Iterator[Attachment]:
    plots = 0
    for part in card.parts:
        if isinstance(part, ChartPart):
            plots += 1
            chart, words = Chart(part.title, part.points, part.unit), translator(DOMAIN, part.language)
            yield Attachment(name_of(plots), part.title, chart_image.draw(chart, words), part.alt)
        elif isinstance(part, File):
            yield attachment_of(part)


def attachment_of(file: File) -> Attachment:
    """A file as it is sent. Half a character of UTF-16, which UTF-8 cannot write, becomes a question mark."""
    return Attachment(file.name, file.title or file.name, file.content.encode("utf-8", "replace"))


async def render_attachments(card: Card) -> tuple[Attachment, ...]:
    """The attachments of a card, drawn in a thread; no thread is used for a card without any."""
    return await asyncio.to_thread(attached, card) if without_files(card) is not card else ()


def without_files(card: Card) -> Card:
    """The card for platforms without file support; the text parts next to a chart describe it."""
    if not any(isinstance(part, ChartPart | File) for part in card.parts):
        return card
    return replace(card, parts=tuple(part for part in card.parts if not isinstance(part, ChartPart | File)))


def name_of(number: int) -> str:
    """File name of a card's chart; `number` counts from 1."""
    return f"chart-{number}.png"
