"""Due times of editions: a draft is made when it is time for review, and decided about at its deadline.

Every step is safe to do again, so what one process left half done another finishes.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import assert_never

from bot.app import App
from bot.chat.cards import Card
from bot.domain.club_settings import ClubSettings
from bot.domain.models import Club, Edition, EditionState, Slot
from bot.errors import UserError
from bot.features.editions.draft import draft_recovery
from bot.features.editions.draft.draft_card import deadline
from bot.features.editions.draft.draft_pipeline import NothingToPublish, draft
from bot.features.editions.review import approval, skipping
from bot.locale.current import _
from bot.runtime.deadlines import NOT_APPROVED, too_late
from bot.runtime.task_loop import LEASE, RETRY_DELAY
from bot.store.database.outage import write_until_stored

log = logging.getLogger(__name__)

RETRY = timedelta(minutes=10)
"""Time between attempts at a draft while there are papers but none that may go out yet, for example without votes."""
REMIND = timedelta(hours=1)
"""Time between two checks if moderators need a reminder of a draft that is held for them."""


class DueEditions:
    """Work on the due times of a club, under this process's name."""

    def __init__(self, app: App, owner: str) -> None:
        self._app = app
        self._me = owner

    async def work(self, club_id: int) -> datetime | None:
        """Do what the club's due times ask for now. Returns the time of the next work, None if there is none."""
        async with self._app.store.read(club_id) as db:
            slots = await db.slots.open()
            editions = await db.editions.by_slots([slot.id for slot in slots])
            rules = ClubSettings.of((await db.club()).settings)
        times = []
        for slot in slots:
            edition = editions.get(slot.id)
            when = _starts(slot, edition, rules)
            times.append(when if when is None or when > self._app.now() else await self._look_after(slot, edition))
        return min((at for at in times if at), default=None)

    async def _look_after(self, slot: Slot, edition: Edition | None) -> datetime | None:
        """Do what a due time asks for now, if no other process is at it. Returns when to look at it next."""
        interrupted = slot.lease_until is not None and slot.owner != self._me
        async with self._app.store.admin_session() as admin:
            if not await admin.slots.claim(slot.id, self._me, self._app.now(), LEASE):
                return self._app.now() + RETRY_DELAY
        next_due: datetime | None = self._app.now() + RETRY_DELAY
        trouble = "the program stopped while it was at work on this"
        try:
            if interrupted and edition is None:
                await draft_recovery.announce_restart(self._app, slot)
            next_due = await self._work(slot)
            trouble = ""
        except UserError as error:
            trouble = str(error)
            log.info("the edition %s of club %s waits: %s", slot.key, slot.club_id, error)
        except Exception as error:
            trouble = _("Something went wrong on our side ({name}); see the log", name=type(error).__name__)
            log.exception("the edition %s of club %s failed; it is tried again", slot.key, slot.club_id)
        await write_until_stored(f"the edition {slot.key}", partial(self._release, slot, trouble))
        return next_due

    async def _release(self, slot: Slot, trouble: str) -> None:
        async with self._app.store.admin_session() as admin:
            await admin.slots.release(slot.id, self._me, trouble)

    async def _work(self, slot: Slot) -> datetime | None:
        """Draft when it is time for review, decide at the deadline. Returns when to look again if nothing changes."""
        club, edition = await self._edition(slot)
        rules, now = ClubSettings.of(club.settings), self._app.now()
        due = deadline(edition, slot) if edition else slot.due_at
        assert due is not None
        held = edition is not None and rules.at_deadline == "hold"
        if (
            now - due > timedelta(hours=rules.stale_hours)
            and not held
            and (edition is None or edition.state == EditionState.DRAFT)
        ):
            await self._give_up(slot, too_late(club, due))
            return None
        if edition is None:
            made = await self._draft(slot)
            if isinstance(made, NothingToPublish):
                if self._app.now() < slot.due_at:
                    return min(slot.due_at, self._app.now() + RETRY) if made.waiting else slot.due_at
                await skipping.skip_empty_slot(self._app, slot.club_id, slot.id, made.reason)
                return None
            edition = made
        due = deadline(edition, slot) or due
        if edition.state == EditionState.DRAFT and now >= due:
            await self._decide(slot, edition, rules)
            return now + REMIND if rules.at_deadline == "hold" else None
        return due if edition.state == EditionState.DRAFT else None

    async def _decide(self, slot: Slot, edition: Edition, rules: ClubSettings) -> None:
        """Do what the club wants with a draft that nobody approved in time."""
        match rules.at_deadline:
            case "publish":
                try:
                    await approval.freeze(self._app, slot.club_id, edition.id)
                except UserError as error:
                    log.info("edition %s is drafted anew: %s", edition.id, error)
                    made = await self._draft(slot)
                    if isinstance(made, NothingToPublish):
                        await self._give_up(slot, made.reason.say, notice=made.reason.card)
                        return
                    await approval.freeze(self._app, slot.club_id, made.id)
            case "skip":
                await skipping.skip(self._app, slot.club_id, _(NOT_APPROVED), by=None, slot_id=slot.id)
            case "hold":
                await approval.remind(self._app, slot.club_id, edition.id)
            case _:
                assert_never(rules.at_deadline)

    async def _draft(self, slot: Slot) -> Edition | NothingToPublish:
        """Make the draft. Returns it, or the reason why there is nothing to make one of."""
        edition = None
        try:
            async for step in draft(self._app, slot.club_id, slot_id=slot.id, owner=self._me):
                edition = step.edition
        except NothingToPublish as nothing:
            return nothing
        assert edition is not None
        return edition

    async def _give_up(self, slot: Slot, why: str, *, notice: Card | None = None) -> None:
        """Skip what comes too late. Where a later one is due already, this one is skipped without a notice."""
        async with self._app.store.read(slot.club_id) as db:
            later = [s for s in await db.slots.recent() if slot.due_at < s.due_at <= self._app.now()]
        await skipping.skip(
            self._app, slot.club_id, why, by=None, slot_id=slot.id, with_notice=not later, notice=notice
        )
        log.warning("the edition %s of club %s was given up: %s", slot.key, slot.club_id, why)

    async def _edition(self, slot: Slot) -> tuple[Club, Edition | None]:
        async with self._app.store.read(slot.club_id) as db:
            return await db.club(), await db.editions.by_slot(slot.id)


def _starts(slot: Slot, edition: Edition | None, rules: ClubSettings) -> datetime | None:
    """Time at which a slot needs work: the drafting where there is no draft, else its deadline; None once approved."""
    if edition is None:
        return slot.due_at - timedelta(hours=rules.review_hours)
    return (deadline(edition, slot) or slot.due_at) if edition.state == EditionState.DRAFT else None
