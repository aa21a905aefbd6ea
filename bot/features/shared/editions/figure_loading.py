"""Loading of the stored figures that a card or a file of an edition shows."""

from __future__ import annotations

from collections.abc import Mapping

from bot.app import App, Context
from bot.chat.cards import Card
from bot.editions.model.document import Document
from bot.editions.render.attachments import NO_FIGURES, figure_names, without_missing
from bot.editions.render.export_formats import Format
from bot.editions.render.figure_addresses import BESIDE_TEXT, FigureAddress, FigureAddresses, stored_figures

EMBEDDED: tuple[Format, ...] = ("html", "email")
"""Formats that can hold pictures."""


async def load_figures(app: App, platform: str, workspace: str, card: Card) -> tuple[Card, Mapping[str, bytes]]:
    """The card and the contents of its figures by name, of the club that the workspace belongs to, for its platform.

    A figure whose content is gone is described in the card instead.
    """
    if not (names := figure_names(card)):
        return card, NO_FIGURES
    async with app.store.read_admin_session() as admin:
        found = await admin.directory.workspace(platform, workspace)
    if found is None:
        return without_missing(card, NO_FIGURES), NO_FIGURES
    async with app.store.read(found.club_id) as db:
        figures = await db.figures.contents(names)
    return without_missing(card, figures), figures


async def figures_of_file(ctx: Context, document: Document, form: Format, url: str) -> FigureAddress:
    """Addresses of an edition's figures in a file that is sent: on the web if they are public, else in it.

    `url` is the edition's public page, empty if it has none.

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
