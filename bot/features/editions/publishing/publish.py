"""Publication of an approved edition: plan its posts, and finish when all are delivered. Each can be repeated.

Posts are planned from the frozen document. The edition is published when each of them is settled.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.app import App
from bot.chat.cards import to_json
from bot.domain.club_settings import ClubSettings
from bot.domain.models import DeliveryKind, EditionState
from bot.editions.compose.composer import submissions
from bot.editions.model.document import from_json, sha256
from bot.editions.render import export_formats
from bot.editions.render.figure_addresses import stored_figures
from bot.errors import UserError
from bot.features.editions.draft.draft_card import deadline
from bot.features.editions.draft.draft_state import show_draft
from bot.features.editions.draft.edition_posts import edition_rooms, layout_of, render_posts
from bot.features.editions.publishing.delays import report_end
from bot.features.editions.publishing.published_papers import register_papers
from bot.features.shared.editions.edition_lookup import edition_url
from bot.features.shared.languages import club_language
from bot.locale.current import _
from bot.store.delivery.delivery_values import PlannedPart

log = logging.getLogger(__name__)


async def publish(app: App, club_id: int, edition_id: int) -> bool:
    """Plan every post of an approved edition that is due, in each of its channels.

    Returns False if the edition is not approved or not due, or if all of it is planned already.
    """
    now = app.now()
    async with app.store.begin(club_id) as db:
        edition = await db.editions.get(edition_id, lock=True)
        if edition is None or edition.state != EditionState.APPROVED:
            return False
        club = await db.club()
        slot = await db.slots.get(edition.slot_id) if edition.slot_id else None
        if (due := deadline(edition, slot)) is None or due > now:
            return False
        if sha256(edition.document) != edition.sha:
            raise RuntimeError(f"edition {edition.id} of club {club_id} is not what was approved")
        begun = {part.room_id for part in await db.deliveries.by_subject(DeliveryKind.EDITION, edition.id)}
        if "layout" not in edition.making:
            layout = "messages" if begun else layout_of(club, edition)  # begun by an older release
            edition.making = edition.making | {"layout": layout}
        rooms = [room for room in await edition_rooms(db) if room.id not in begun]  # a room's parts are planned as one
        if not rooms:
            return False
        async with club_language(db):
            posts = {
                platform: render_posts(app, club, edition, names=await db.members.shown_names(platform))
                for platform in {room.workspace.platform for room in rooms}
            }
        parts = []
        for room in rooms:
            ping = ClubSettings.of(club.settings).pinged(room.workspace.platform)
            for number, post in enumerate(posts[room.workspace.platform]):
                card = replace(post.card, ping=ping) if ping and not number else post.card
                parts.append(
                    PlannedPart(room, number, to_json(card), post.submission or None, in_thread=post.in_thread)
                )
        planned = await db.deliveries.plan_parts(DeliveryKind.EDITION, edition.id, parts, now)
    app.wake_up.set()
    return planned > 0


async def finish(app: App, club_id: int, edition_id: int) -> bool:
    """Mark an edition as published once no post of it is open. True if it is published now.

    Posts that failed for longer than the club's `stale_hours` are given up, so that they do not arrive days later.
    """
    now = app.now()
    async with app.store.begin(club_id) as db:
        edition = await db.editions.get(edition_id, lock=True)
        if edition is None or edition.state != EditionState.APPROVED:
            return edition is not None and edition.state == EditionState.PUBLISHED
        slot = await db.slots.get(edition.slot_id, lock=True) if edition.slot_id else None
        due = deadline(edition, slot)
        if due is None or due > now:
            return False
        parts = await db.deliveries.by_subject(DeliveryKind.EDITION, edition.id)
        if not parts and await edition_rooms(db):
            return False
        if open_deliveries := await db.deliveries.unfinished(DeliveryKind.EDITION, edition.id):
            stale = timedelta(hours=ClubSettings.of((await db.club()).settings).stale_hours)
            if now - due <= stale:
                return False
            given_up = await db.deliveries.give_up(
                DeliveryKind.EDITION, edition.id, _("it could not be posted in time")
            )
            log.warning(
                "edition %s: %s of %s open parts were given up as stale", edition.id, given_up, len(open_deliveries)
            )
        corrected = {name: value for name, value in edition.making.items() if name in ("parts", "layout")}
        edition.state, edition.published_at, edition.making = EditionState.PUBLISHED, now, corrected
        await register_papers(db, edition)
        if slot:
            await db.slots.close(slot, now)
        await db.deliveries.mark_published(submissions(from_json(edition.document)))
        await db.audit_log.append("publish", None, now, edition_id=edition.id)
        await show_draft(app, db, edition)
        await report_end(app, db, edition, parts, due)
    app.wake_up.set()
    return True


async def export(app: App, club_id: int, number: int, folder: Path) -> list[Path]:
    """Write an edition into a folder as HTML, Markdown and JSON. Returns the files in this order.

    Raises UserError if the club has no edition of this number.
    """
    async with app.store.read(club_id) as db:
        edition = await db.editions.by_number(number)
        if edition is None:
            raise UserError(_("There is no edition No. {number}.", number=number))
        club = await db.club()
        url = edition_url(app.installation.public_url, club, number)
        document = from_json(edition.document)
        figures = await db.figures.contents(stored_figures(document))
    accent = ClubSettings.of(club.settings).accent
    return await asyncio.to_thread(export_formats.write, document, folder, url=url, figures=figures, accent=accent)
