"""No edition this time: because a moderator says so, because it is too late, or because there was nothing to read."""

from __future__ import annotations

from bot.app import App
from bot.chat.cards import Card, Tone, note, text, to_json
from bot.domain.clubs import ClubSettings
from bot.domain.models import DeliveryKind, Slot, SlotState
from bot.errors import UserError
from bot.features.drafts import announce, release, rooms_for
from bot.store import UnitOfWork


async def skip(
    app: App, club_id: int, why: str, *, by: int | None, slot_id: int | None = None, aloud: bool = True
) -> str:
    """Give up the edition in the making and the due time it was for (or `slot_id`), with a notice if `aloud`. Its name.

    Raises UserError where nothing is due, or the edition is being posted already.
    """
    now = app.now()
    async with app.store.begin(club_id) as db:
        edition = await db.editions.of_slot(slot_id) if slot_id else await db.editions.current()
        edition = await db.editions.get(edition.id, lock=True) if edition else None
        if edition and await db.deliveries.of(DeliveryKind.EDITION, edition.id):
            raise UserError(f"No. {edition.number} is being posted already.")
        chosen = slot_id or (edition.slot_id if edition else None)
        slot = await db.slots.get(chosen, lock=True) if chosen else (None if edition else await db.slots.next())
        if edition is None and slot is None:
            raise UserError("No edition is due or in the making.")
        name = f"No. {edition.number}" if edition else "The next edition"
        await db.acts.note("skip", by, now, edition_id=edition.id if edition else None, why=why)
        if edition:
            await release(db, edition)
            await db.editions.set_aside(edition)
            await announce(app, db, edition, say=f"{name} was given up: {why}")
        if slot and slot.state == SlotState.DUE:
            slot.state, slot.why, slot.lease_until = SlotState.SKIPPED, why, None
            if aloud:
                await notify(app, db, slot, Card("No edition this time", (text(why),), Tone.QUIET))
    app.bell.ring()
    return name


async def rest(app: App, club_id: int, slot_id: int) -> None:
    """Close a due time for which there was nothing to publish, and say so where the club wants that."""
    async with app.store.begin(club_id) as db:
        slot = await db.slots.get(slot_id, lock=True)
        if slot is None or slot.state != SlotState.DUE:
            return
        slot.state, slot.why, slot.lease_until = SlotState.DONE, "nothing was brought", None
        say = text("Nobody brought a paper since the last edition, so there is none this time.")
        way = note("Bring one with /paper submit, and the next edition will have it.")
        await notify(app, db, slot, Card("A quiet week", (say, way), Tone.QUIET))
    app.bell.ring()


async def notify(app: App, db: UnitOfWork, slot: Slot, card: Card) -> None:
    """Post a short notice where the edition would have been, unless the club prefers silence."""
    if ClubSettings.of((await db.club()).settings).empty == "silence":
        return
    for room in await rooms_for(db):
        await db.deliveries.plan(DeliveryKind.SKIP_NOTICE, slot.id, room, app.now(), card=to_json(card))
