"""The pictures of a card, drawn for platforms that take files."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from bot.chat.cards import Card, Plot
from bot.editions import png
from bot.editions.document import Chart


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as a file, with its name there and what it shows in words."""

    name: str
    title: str
    alt: str
    content: bytes


def pictures(card: Card) -> tuple[Picture, ...]:
    """The card's plots as PNG, in order. Each takes some milliseconds to draw."""
    plots = [part for part in card.parts if isinstance(part, Plot)]
    return tuple(
        Picture(name_of(number), plot.title, plot.alt, png.draw(Chart(plot.title, plot.points)))
        for number, plot in enumerate(plots, 1)
    )


async def drawn(card: Card) -> tuple[Picture, ...]:
    """The same, drawn beside everything else; nothing is begun for a card without plots, which most are."""
    return await asyncio.to_thread(pictures, card) if without(card) is not card else ()


def without(card: Card) -> Card:
    """The card for places that take no files: beside a plot stand the parts that tell it in words."""
    if not any(isinstance(part, Plot) for part in card.parts):
        return card
    return replace(card, parts=tuple(part for part in card.parts if not isinstance(part, Plot)))


def name_of(number: int) -> str:
    """What the file of a card's plot is called; they are counted from 1."""
    return f"chart-{number}.png"
