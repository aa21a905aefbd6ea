"""The pictures of a card, drawn for platforms that take files."""

from __future__ import annotations

from dataclasses import dataclass

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


def name_of(number: int) -> str:
    """What the file of a card's plot is called; they are counted from 1."""
    return f"chart-{number}.png"
