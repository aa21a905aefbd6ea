"""An edition's page and its downloads."""

from __future__ import annotations

import asyncio
from weakref import WeakKeyDictionary

from adapters.web.archive.catalogue import Catalogue, CatalogueEdition
from adapters.web.archive.feeds import recall_sentence
from adapters.web.archive.page_request import NotFound, Page, PageRequest, encoded
from bot.domain.archive_urls import slug
from bot.domain.figure_names import FOLDER, media_type
from bot.editions.model.document import Document
from bot.editions.render import export_formats, html_page
from bot.editions.render.figure_addresses import FigureAddress, FigureAddresses
from bot.editions.render.page_outline import page_outline
from bot.editions.render.share_card import PAPERS, ShareCard, draw

RECALLED_STATUS = 410
"""HTTP's word for what was here and was taken away on purpose."""


DOWNLOADS = {form.extension: form for name, form in export_formats.EXPORT_FORMATS.items() if name != "html"}
"""The forms by the ending of their address. The web page is the address without one."""


async def edition(request: PageRequest, number: int) -> Page:
    """An edition as it stands, with where to go from it."""
    if number in request.catalogue.recalled:
        async with request.app.store.read(request.club.id) as db:
            gone = next(iter(await db.editions.recalled(number=number)), None)
        sentence = recall_sentence(request, gone) if gone else ""
        return request.draw("recalled.html.jinja", status=RECALLED_STATUS, number=number, sentence=sentence)
    document = await _document(request, number)
    before, after = request.catalogue.previous_and_next(number)
    return request.draw(
        "edition-page.html.jinja",
        number=number,
        outline=page_outline(document),
        references_at=html_page.references_on_page(document),
        before=before,
        after=after,
        forms=DOWNLOADS,
        paper_pages=paper_pages(document),
        card=share_card(request, request.catalogue.by_number[number]),
    )


def paper_pages(document: Document) -> dict[int, int]:
    """Numbers of the pages of an edition's papers, by submission."""
    return {item.submission: item.brought for item in document.items if item.submission and item.brought}


def share_card(request: PageRequest, issued: CatalogueEdition) -> ShareCard:
    """Texts of an edition's picture for link previews."""
    papers = [entry.title for entry in issued.entries if entry.kind == "paper"]
    others = [entry.title for entry in issued.entries if entry.kind != "paper"]
    return ShareCard(
        request.club.name, issued.dateline[0], issued.title, (*papers, *others)[:PAPERS], request.rules.accent
    )


_drawn: WeakKeyDictionary[Catalogue, dict[ShareCard, Page]] = WeakKeyDictionary()
"""Cached pictures for link previews."""


async def preview_picture(request: PageRequest, number: int) -> Page:
    """The picture of an edition for link previews."""
    issued = request.catalogue.by_number.get(number)
    if issued is None:
        raise NotFound
    known, card = _drawn.setdefault(request.catalogue, {}), share_card(request, issued)
    if card not in known:
        known[card] = Page(await asyncio.to_thread(draw, card), "image/png")
    return known[card]


async def download(request: PageRequest, number: int, ending: str) -> Page:
    """An edition as a file."""
    if ending not in DOWNLOADS:
        raise NotFound
    document = await _document(request, number)
    chosen = DOWNLOADS[ending]
    address = request.absolute(request.at.edition(number))
    text = chosen.write(document, address, figures_of_files(request), request.rules.accent)
    return Page(encoded(text), chosen.media_type, name=f"{slug(request.club.name)}-{number}{ending}")


def figures_of_files(request: PageRequest) -> FigureAddress:
    """Addresses of figures in the downloads beside the editions' pages: in full, so that a file can be moved."""
    return FigureAddresses(home=f"{request.absolute(request.at.home)}/" if request.absolute("/") else "../")


async def figure(request: PageRequest, name: str, ending: str) -> Page:
    """A figure of a published edition. Those of drafts are not public."""
    name = f"{FOLDER}{name}{ending}"
    if name not in request.catalogue.figures:
        raise NotFound
    async with request.app.store.read(request.club.id) as db:
        found = await db.figures.contents([name])
    if name not in found:
        raise NotFound
    return Page(found[name], media_type(name))


async def _document(request: PageRequest, number: int) -> Document:
    issued = request.catalogue.by_number.get(number)
    if issued is None:
        raise NotFound
    return await request.document(issued.id)
