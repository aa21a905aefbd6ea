"""Skipping of an edition: by a moderator, because it is too late, or because there is nothing to publish."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.app import App
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Tone, text, to_json
from bot.domain.club_settings import ClubSettings
from bot.domain.edition_calendar import Cadence
from bot.domain.models import DeliveryKind, Edition, Slot, SlotState
from bot.errors import UserError
from bot.features.editions.draft.draft_state import release_items, show_draft
from bot.features.editions.draft.edition_posts import edition_rooms
from bot.features.editions.draft.empty_period import Reason
from bot.features.shared.delivery.moderator_posts import call_moderators
from bot.features.shared.languages import club_language
from bot.locale.current import _
from bot.store import UnitOfWork

EARLY: dict[Cadence, timedelta] = {"weekly": timedelta(days=6), "monthly": timedelta(days=25)}
"""Time before a due time from which an edition that was published early takes its place, by cadence."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """An edition that was skipped: its name, or "The next edition", and when it was due, if it had a due time."""

    name: str
    due_at: datetime | None


async def skipped_ahead(db: UnitOfWork, now: datetime) -> tuple[Slot, Slot] | None:
    """The latest due time to come that is skipped, and the next one; None if nothing to come is skipped."""
    following = await db.slots.next()
    skipped = [slot for slot in await db.slots.recent() if slot.state == SlotState.SKIPPED and slot.due_at > now]
    if following is None or not skipped or skipped[0].due_at > following.due_at or await db.editions.current():
        return None
    return skipped[0], following


async def skip(
    app: App,
    club_id: int,
    why: str,
    *,
    by: int | None,
    slot_id: int | None = None,
    with_notice: bool = True,
    notice: Card | None = None,
) -> Skipped:
    """Skip the current edition and its due time (or `slot_id`).

    With `with_notice` the channels get a notice, which says `why` unless another one is given. If the club skips by
    itself, the moderators get a new post. Raises UserError if nothing is due, or if the edition is being posted.
    """
    now = app.now()
    async with app.store.begin(club_id) as db:
        edition = await db.editions.by_slot(slot_id) if slot_id else await db.editions.current()
        edition = await db.editions.get(edition.id, lock=True) if edition else None
        if edition and await db.deliveries.by_subject(DeliveryKind.EDITION, edition.id):
            raise UserError(_("No. {edition_number} is already being posted.", edition_number=edition.number))
        chosen = slot_id or (edition.slot_id if edition else None)
        slot = await db.slots.get(chosen, lock=True) if chosen else (None if edition else await db.slots.next())
        if edition is None and slot is None:
            raise UserError(_("No edition is due and there is no draft."))
        name = _name(edition)  # a draft that is abandoned has no number any more
        act = await db.audit_log.append("skip", by, now, edition_id=edition.id if edition else None, why=why)
        if edition:
            await release_items(db, edition)
            await db.editions.abandon_draft(edition)
            async with club_language(db):
                say = _("{name} was skipped: {why}", name=name, why=why)
                await show_draft(app, db, edition, say=say)
                if by is None:
                    row = Buttons((Button(_("Create a new draft"), Call.of("edition draft")),))
                    await call_moderators(
                        app, db, act, Card(_("{name} was skipped", name=name), (text(why), row), Tone.BAD)
                    )
        if slot and slot.state == SlotState.DUE:
            slot.state, slot.why, slot.lease_until = SlotState.SKIPPED, why, None
            if with_notice:
                async with club_language(db):
                    notice = notice or Card(_("No edition this time"), (text(why),), Tone.QUIET)
                await post_notice(app, db, slot, notice)
    app.wake_up.set()
    return Skipped(name, slot.due_at if slot else None)


def _name(edition: Edition | None) -> str:
    return _("No. {edition_number}", edition_number=edition.number) if edition else _("The next edition")


async def skip_empty_slot(app: App, club_id: int, slot_id: int, reason: Reason) -> None:
    """Close a due time for which there was nothing to publish, with a notice if the club wants one.

    There is no notice shortly after an edition, whose readers do not miss another one.
    """
    async with app.store.begin(club_id) as db:
        slot = await db.slots.get(slot_id, lock=True)
        if slot is None or slot.state != SlotState.DUE:
            return
        slot.state, slot.why, slot.lease_until = SlotState.DONE, reason.why, None
        cadence = ClubSettings.of((await db.club()).settings).cadence
        if early := await db.editions.published_since(slot.due_at - EARLY[cadence]):
            slot.why = _("No. {number} had come out shortly before", number=early[-1].number)
            return
        await post_notice(app, db, slot, reason.card)
    app.wake_up.set()


async def post_notice(app: App, db: UnitOfWork, slot: Slot, card: Card) -> None:
    """Post a short notice in place of the edition, unless the club's settings say silence."""
    if ClubSettings.of((await db.club()).settings).empty == "silence":
        return
    for room in await edition_rooms(db):
        await db.deliveries.plan(DeliveryKind.SKIP_NOTICE, slot.id, room, app.now(), card=to_json(card))
