"""Addresses of an edition's figures in a rendered text: where its readers can load a stored one from."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from bot.chat.rich_text import Link
from bot.domain.archive_urls import LinkBuilder
from bot.domain.figure_names import is_figure_name, media_type
from bot.editions.model.blocks import Block, Figure
from bot.editions.model.document import Document

FigureAddress = Callable[[str], str]
"""Function from a figure's URL in the document to its address in a rendered text; empty if it cannot be shown."""


@dataclass(frozen=True, slots=True)
class FigureAddresses:
    """Addresses of stored figures below the club's web pages, or embedded in the text where there are none."""

    home: str = ""
    """Address of the club's pages, with a slash at its end; empty for addresses relative to the text's file."""
    contents: Mapping[str, bytes] = field(default_factory=dict)
    """Contents of figures by name, for texts that hold their pictures."""

    def __call__(self, url: str) -> str:
        """The address of a figure; empty if it cannot be shown. Pictures elsewhere keep theirs."""
        if not is_figure_name(url):
            return url if Link("", url).is_safe else ""
        if content := self.contents.get(url):
            return f"data:{media_type(url)};base64,{base64.b64encode(content).decode()}"
        return f"{self.home}{url}"


def _without_pages(url: str) -> str:
    """Address of a picture elsewhere; stored figures have none where the club has no pages."""
    return "" if is_figure_name(url) else FigureAddresses()(url)


WITHOUT_PAGES: FigureAddress = _without_pages
"""Addresses where stored figures cannot be loaded from: their descriptions are shown."""


BESIDE_TEXT: FigureAddress = FigureAddresses()
"""Addresses of files in the folder `figures` beside the text."""


def with_addresses(document: Document, figures: FigureAddress) -> Document:
    """The document with the addresses of its figures in place of their names, for a text format."""

    def addressed(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        return tuple(
            replace(block, url=figures(block.url) or block.url) if isinstance(block, Figure) else block
            for block in blocks
        )

    letter = replace(document.letter, blocks=addressed(document.letter.blocks)) if document.letter else None
    sections = (
        replace(
            section,
            items=tuple(
                replace(
                    item,
                    why_more=addressed(item.why_more),
                    insights=addressed(item.insights),
                    passages=addressed(item.passages),
                )
                for item in section.items
            ),
        )
        for section in document.sections
    )
    return replace(document, letter=letter, sections=tuple(sections))


def on_pages(home: str, link: LinkBuilder) -> FigureAddress:
    """Addresses for a page of the archive, whose links `link` builds. `home` is the address of the club's pages."""

    def address(url: str) -> str:
        return link(f"{home}/{url}") if is_figure_name(url) else FigureAddresses()(url)

    return address


def stored_figures(document: Document) -> tuple[str, ...]:
    """Names of the stored figures of an edition, in order, each once."""
    letter: tuple[Block, ...] = document.letter.blocks if document.letter else ()
    blocks = (*letter, *(block for item in document.items for block in item.blocks))
    names = (block.url for block in blocks if isinstance(block, Figure) and is_figure_name(block.url))
    return tuple(dict.fromkeys(names))
