"""Contents of the stored figures that a card shows, for the platform that it is sent to."""

from __future__ import annotations

from collections.abc import Mapping

from bot.app import App
from bot.chat.cards import Card
from bot.editions.render.attachments import NO_FIGURES, figure_names, without_missing


async def load_figures(app: App, platform: str, workspace: str, card: Card) -> tuple[Card, Mapping[str, bytes]]:
    """The card and the contents of its figures by name, of the club that the workspace belongs to.

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
