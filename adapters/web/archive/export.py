"""Writes the archive as static files for any web server or a disk."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

from adapters.web.archive.catalogue import Catalogues
from adapters.web.archive.clubs import club_not_found, clubs, not_found, public_clubs
from adapters.web.archive.crawling import ROBOTS, SITEMAP, robots, sitemap
from adapters.web.archive.page_registry import PAGE_KINDS
from adapters.web.archive.page_request import Page, open_page_request
from bot.app import App
from bot.domain.archive_urls import CLUBS, LinkBuilder, file_path, relative_file_path
from bot.errors import UserError
from bot.locale.current import in_page_language

NOT_FOUND = "/404.html"
"""Page that web servers of static files show for missing addresses."""
UNFINISHED = ".journalclub-unfinished"
"""File in the folder that is being written, before it gets its name."""


async def export(app: App, folder: Path, *, club: str = "") -> list[Path]:
    """Write the archives of all public clubs, or of one, into a folder, and return the number of files.

    Existing pages are overwritten, nothing is removed. Search needs a server and is left out. Raises UserError if no
    club is public, or the named one is not.
    """
    chosen = await public_clubs(app, club)
    if not chosen:
        raise UserError("No club is public. An admin can change that: `/clubadmin settings public yes`.")
    written = [await _write(folder, "/", await clubs(app, "/", link=relative_file_path("/")))]
    written.append(await _write(folder, CLUBS, await clubs(app, CLUBS, link=relative_file_path(CLUBS))))
    catalogues = Catalogues(app.store)
    written.append(await _write(folder, ROBOTS, await robots(app)))
    if app.installation.public_url:
        written.append(await _write(folder, SITEMAP, await sitemap(app, catalogues, ending="/")))
    written.append(await _write(folder, NOT_FOUND, await _not_found(app, catalogues, [row.id for row in chosen])))
    for club_row in chosen:
        async for address, page in _pages(app, catalogues, club_row.id):
            written.append(await _write(folder, address, page))
    return written


async def _not_found(app: App, catalogues: Catalogues, club_ids: Sequence[int]) -> Page:
    """The page for missing addresses: in the dress of the only club, or without one if there are several."""
    if len(club_ids) != 1:
        return await not_found(app, NOT_FOUND, link=_from_the_root(app))
    request = await open_page_request(app, catalogues, club_ids[0], "")
    request = replace(request, searchable=False, here=NOT_FOUND, link=_from_the_root(app))
    with in_page_language(request.rules.language):
        return club_not_found(request)


def _from_the_root(app: App) -> LinkBuilder:
    """Links of the page for missing addresses, which a web server shows at any depth."""
    return lambda address: app.installation.public_url + file_path(address).removesuffix("index.html")


async def _pages(app: App, catalogues: Catalogues, club_id: int) -> AsyncIterator[tuple[str, Page]]:
    """Every page of a club with its URL."""
    request = replace(await open_page_request(app, catalogues, club_id, ""), searchable=False)
    for place in PAGE_KINDS:
        for words in await place.every(request):
            address = place.address(club_id, words)
            here = replace(request, here=address, link=relative_file_path(address))
            with in_page_language(request.rules.language):
                page = await place.make(here, words)
            yield address, page


async def _write(folder: Path, address: str, page: Page) -> Path:
    file = folder / unquote(file_path(address)).lstrip("/")
    await asyncio.to_thread(write_whole, folder, file, page.body)
    return file


def write_whole(folder: Path, file: Path, body: bytes) -> None:
    """Write a file of the folder: whoever reads it, also after a crash or with a full disk, has the old or the new one.

    What a crash leaves has always the same name, and the next file takes its place.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = folder / UNFINISHED
    try:
        unfinished.write_bytes(body)
        os.replace(unfinished, file)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise
