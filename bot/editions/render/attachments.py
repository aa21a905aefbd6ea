"""Files attached to a card on platforms that accept them: charts and figures as images, and documents."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from bot.chat.cards import Card, ChartPart, FigurePart, File, Part, PicturePart, note, text
from bot.chat.rich_text import Link
from bot.domain.figure_names import is_figure_name
from bot.editions.model.document import Chart
from bot.editions.model.translation import DOMAIN
from bot.editions.render.charts import image as chart_image
from bot.locale import translator
from bot.locale.current import _


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file with its name and title; `alt` is the alternative text of an image."""

    name: str
    title: str
    content: bytes
    alt: str = ""


NO_FIGURES: Mapping[str, bytes] = {}


def figure_names(card: Card) -> frozenset[str]:
    """Names of the stored figures that a card shows."""
    return frozenset(part.url for part in card.parts if isinstance(part, FigurePart) and is_figure_name(part.url))


def attached(card: Card, figures: Mapping[str, bytes] = NO_FIGURES) -> tuple[Attachment, ...]:
    """The card's charts as PNG, its figures and its files, in order. Drawing a chart takes some milliseconds.

    `figures` are the contents of the stored figures by name; one that is missing is left out.
    """
    return tuple(_attached(card, figures))


def _attached(card: Card, figures: Mapping[str, bytes]) -> Iterator[Attachment]:
    drawn = draw_pictures([part for part in card.parts if isinstance(part, PicturePart)], figures)
    pictures = [file for _, file in drawn]
    files = [part for part in card.parts if isinstance(part, File)]
    yield from pictures
    yield from map(attachment_of, files)


def is_uploaded(part: PicturePart) -> bool:
    """True for charts and stored figures; a picture elsewhere is only linked."""
    return isinstance(part, ChartPart) or is_figure_name(part.url)


def draw_pictures(
    parts: Iterable[PicturePart], figures: Mapping[str, bytes]
) -> Iterator[tuple[PicturePart, Attachment]]:
    """Charts as PNG and stored figures, each with its part. A figure without its content is left out."""
    plots = pictures = 0
    for part in parts:
        if isinstance(part, ChartPart):
            plots += 1
            chart, words = Chart(part.title, part.points, part.unit), translator(DOMAIN, part.language)
            yield part, Attachment(name_of(plots), part.title, chart_image.draw(chart, words), part.alt)
        elif part.url in figures:
            pictures += 1
            yield part, Attachment(figure_file_name(pictures, part.url), part.alt, figures[part.url], part.alt)


def attachment_of(file: File) -> Attachment:
    """A file as it is sent. Half a character of UTF-16, which UTF-8 cannot write, becomes a question mark."""
    return Attachment(file.name, file.title or file.name, file.content.encode("utf-8", "replace"))


async def render_attachments(card: Card, figures: Mapping[str, bytes] = NO_FIGURES) -> tuple[Attachment, ...]:
    """The attachments of a card, drawn in a thread; no thread is used for a card without any."""
    return await asyncio.to_thread(attached, card, figures) if without_files(card) is not card else ()


def without_files(card: Card) -> Card:
    """The card for places without file support: descriptions of its figures; the text next to a chart describes it."""
    if not any(isinstance(part, ChartPart | FigurePart | File) for part in card.parts):
        return card
    parts = (described(part) for part in card.parts if not isinstance(part, ChartPart | File))
    return replace(card, parts=tuple(parts))


def without_missing(card: Card, figures: Mapping[str, bytes]) -> Card:
    """The card with a description in place of each stored figure whose content is missing."""
    if figure_names(card) <= figures.keys():
        return card
    missing = figure_names(card) - figures.keys()
    shown = (described(p) if isinstance(p, FigurePart) and p.url in missing else p for p in card.parts)
    return replace(card, parts=tuple(shown))


def described(part: Part) -> Part:
    """The description of a figure, with a link to a picture elsewhere; any other part as it is."""
    if not isinstance(part, FigurePart):
        return part
    if is_figure_name(part.url):
        return note(_("Figure: {alt}", alt=part.alt))
    return text(Link(part.alt, part.url))


def name_of(number: int) -> str:
    """File name of a card's chart; `number` counts from 1."""
    return f"chart-{number}.png"


def figure_file_name(number: int, name: str) -> str:
    """File name of a card's stored figure; `number` counts from 1 those that have their content."""
    return f"figure-{number}.{name.rpartition('.')[2]}"
