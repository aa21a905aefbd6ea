"""Figures of an edition as a file that somebody is sent has them: on the web if they are public, else in the file."""

from __future__ import annotations

from bot.app import Context
from bot.editions.model.document import Document
from bot.editions.render.export_formats import Format
from bot.editions.render.figure_addresses import BESIDE_TEXT, FigureAddress, FigureAddresses, stored_figures

EMBEDDED: tuple[Format, ...] = ("html", "email")
"""Formats that can hold pictures."""


async def figures_of_file(ctx: Context, document: Document, form: Format, url: str) -> FigureAddress:
    """Addresses of an edition's figures in a file. `url` is its public page, empty if it has none.

    Mail programs show no pictures that a message holds in its text, so mail has those of the page where there is one.
    """
    if not (names := stored_figures(document)):
        return BESIDE_TEXT
    if url and form != "html":
        return FigureAddresses(home=f"{url.rpartition('/editions/')[0]}/")
    if form not in EMBEDDED:
        return BESIDE_TEXT
    async with ctx.read() as db:
        return FigureAddresses(contents=await db.figures.contents(names))
