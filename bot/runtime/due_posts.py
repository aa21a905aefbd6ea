"""Publishing when the time has come: the approved edition is posted, and called published when all of it is out."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.app import App
from bot.domain.club_settings import ClubSettings
from bot.domain.models import DeliveryKind, EditionState
from bot.features.editions.draft.draft_card import deadline
from bot.features.editions.draft.edition_posts import edition_rooms
from bot.features.editions.publishing import publish as publishing
from bot.features.editions.review import skipping
from bot.features.editions.review.paper_updates import drop_withdrawn
from bot.runtime.deadlines import decide_alone, too_late

RETRY_DELAY = timedelta(seconds=30)
"""Time between two checks if all is posted, where no wake-up event comes before."""


async def publish_due(app: App, club_id: int) -> datetime | None:
    """Post the club's approved edition when its time has come; the time of the next look, None where there is none.

    Before the first part is planned the sources are asked once more, so that nothing withdrawn goes out.
    """
    async with app.store.read(club_id) as db:
        club, edition = await db.club(), await db.editions.current()
        slot = await db.slots.get(edition.slot_id) if edition and edition.slot_id else None
        parts = await db.deliveries.by_subject(DeliveryKind.EDITION, edition.id) if edition else ()
        rooms = {room.id for room in await edition_rooms(db)}
    planned = {part.room_id for part in parts}
    due, now, rules = deadline(edition, slot) if edition else None, app.now(), ClubSettings.of(club.settings)
    if edition is None or due is None:
        return None
    if edition.state == EditionState.DRAFT:
        if not edition.is_unscheduled:
            return None  # its due time sees to it
        if due > now:
            return due
        await decide_alone(app, edition, rules)
        return now + timedelta(hours=1) if rules.at_deadline == "hold" else None
    if due > now:
        return due
    if now - due > timedelta(hours=rules.stale_hours) and not planned:
        await skipping.skip(app, club_id, too_late(club, due), by=None)
        return None
    if not planned:
        await drop_withdrawn(app, club_id)
    if not rooms <= planned and await publishing.publish(app, club_id, edition.id):
        return now + RETRY_DELAY  # the last part wakes this task when it is settled
    if not await publishing.finish(app, club_id, edition.id):
        return now + RETRY_DELAY
    return await publish_due(app, club_id)  # the draft after it may have a time of its own
