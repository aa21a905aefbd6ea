"""The schedule: looks every half minute what is due, and does it. The rows are the truth, the ticker only looks.

A slot is a row for each club and period, so an edition is due once whatever the clocks do. Whoever claims the slot
works on it; every step is safe to do again, so what one process left half done another finishes. After an outage what
was missed is caught up with, or given up with a notice where it would come too late.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import assert_never
from uuid import uuid4

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.app import App
from bot.chat.cards import Card
from bot.chat.text import plural
from bot.domain import edition_calendar
from bot.domain.club_settings import ClubSettings, zone
from bot.domain.models import Club, DeliveryKind, Edition, EditionState, Slot, SlotState
from bot.errors import UserError
from bot.features.editions.draft.draft_card import deadline
from bot.features.editions.draft.draft_pipeline import NothingToPublish, draft
from bot.features.editions.draft.empty_period import Reason
from bot.features.editions.publishing import publish as publishing
from bot.features.editions.publishing.completion import complete
from bot.features.editions.review import approval, skipping
from bot.features.editions.review.paper_updates import check_for_updates, drop_withdrawn
from bot.features.shared import metadata_backfill

log = logging.getLogger(__name__)

EVERY = 30
"""Seconds between two looks."""
LEASE = timedelta(minutes=15)
"""How long a slot is a process's own. A draft of 60 papers with a slow model takes five minutes."""
AHEAD = timedelta(hours=168)
"""The longest that a draft is made before it is due: the most that `review_hours` may be."""
HORIZON = timedelta(days=100)
"""How far beyond those that are taken already the next due time is looked for."""
SKIPPED = 1_000
"""Due times that may be skipped ahead: more than anybody has the patience for."""
VERSIONS = timedelta(minutes=30)
"""How often a process looks whether there is a paper to be asked about again. Which those are, their rows say."""
EARLIEST = datetime.min.replace(tzinfo=UTC)
SIDE_BY_SIDE = 4
"""Clubs whose editions are worked on at the same time."""


class Scheduler:
    """Keeps the clubs' editions on time. Any number of processes may run one each."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._me = uuid4().hex
        self._look = asyncio.Event()
        self._look_again: dict[int, datetime] = {}

    async def run(self) -> None:
        """Look at once and then every half minute, until cancelled."""
        ticker = AsyncIOScheduler(timezone="UTC")
        ticker.add_job(self._wake, "interval", seconds=EVERY, misfire_grace_time=None, coalesce=True)
        ticker.start()
        self._look.set()
        try:
            while True:
                await self._look.wait()
                self._look.clear()
                await self._try("look at what is due", self.tick)
        finally:
            ticker.shutdown(wait=False)

    async def _wake(self) -> None:
        """All that APScheduler does. Its executor would cancel longer work at shutdown, and swallow that it did."""
        self._look.set()

    async def tick(self) -> None:
        """Do everything that is due now, once."""
        await self._try("see what is late", self._measure)
        async with self._app.store.read_admin_session() as admin:
            clubs = await admin.directory.active_clubs()
        for club in clubs:
            await self._try(f"plan for club {club.id}", partial(self._plan, club))
        async with self._app.store.read_admin_session() as admin:
            slots = await admin.slots.due(self._app.now() + AHEAD, self._app.now())
        room = asyncio.Semaphore(SIDE_BY_SIDE)
        turns = [self._process_due_slot(slot, room) for slot in slots if await self._is_time(slot)]
        await asyncio.gather(*turns)
        for club in clubs:
            await self._try(f"publish for club {club.id}", partial(self._publish, club))
            await self._try(f"fill in for club {club.id}", partial(self._fill_in, club))
            if self._app.now() >= self._look_again.get(club.id, EARLIEST):
                self._look_again[club.id] = self._app.now() + VERSIONS
                await self._try(
                    f"look for new versions for club {club.id}", partial(check_for_updates, self._app, club.id)
                )

    async def _fill_in(self, club: Club) -> None:
        """Ask for details that are still to follow, and complete what went out without them."""
        if await metadata_backfill.backfill(self._app, club.id):
            await complete(self._app, club.id)

    async def _measure(self) -> None:
        """Tell the metrics what an operator should be woken for: doubtful posts and late editions, how old they are."""
        now, none = self._app.now(), timedelta(0)
        async with self._app.store.read_admin_session() as admin:
            doubtful, late = await admin.claims.doubtful_since(), await admin.slots.late_since(now)
        self._app.metrics.unknown_age(max(now - doubtful if doubtful else none, none).total_seconds())
        self._app.metrics.digest_late(max(now - late if late else none, none).total_seconds())

    # When editions are due

    async def _plan(self, club: Club) -> None:
        """Write down the due time that was missed last, if any, and the next; move the next where the rules changed."""
        rules, now = ClubSettings.of(club.settings), self._app.now()
        rhythm, where = edition_calendar.PublicationTime.read(rules.digest_at), zone(club.timezone)
        async with self._app.store.read(club.id) as db:
            known = await db.slots.recent()
            if known and known[-1].due_at > now:  # so many are skipped ahead that there is no place for the others
                known = await db.slots.recent(limit=SKIPPED)
        ahead = next((slot for slot in known if slot.state == SlotState.DUE and slot.due_at > now), None)
        past = next((slot.due_at for slot in known if slot.due_at <= now), None)
        taken = {slot.key for slot in known if slot is not ahead}
        missed = edition_calendar.due_between(rhythm, rules.cadence, where, past, now) if past else ()
        wanted = [due for due in missed if due.key not in taken][-1:]
        furthest = max([now, *(slot.due_at for slot in known[:1])])
        later = edition_calendar.due_between(rhythm, rules.cadence, where, now, furthest + HORIZON)
        coming = next(due for due in later if due.key not in taken)
        if ahead and (ahead.key, ahead.due_at) == (coming.key, coming.at) and not wanted:
            return
        async with self._app.store.begin(club.id) as db:
            for due in wanted:
                await db.slots.plan(due)
            moved = await db.slots.get(ahead.id, lock=True) if ahead else None
            if moved and moved.state == SlotState.DUE:
                moved.key, moved.due_at = coming.key, coming.at
            else:
                await db.slots.plan(coming)

    # One due time

    async def _process_due_slot(self, slot: Slot, room: asyncio.Semaphore) -> None:
        """Do what a due time asks for, if no other process is at it."""
        async with room:
            async with self._app.store.admin_session() as admin:
                if not await admin.slots.claim(slot.id, self._me, self._app.now(), LEASE):
                    return
            trouble = "the program stopped while it was at work on this"
            try:
                await self._work(slot)
                trouble = ""
            except UserError as error:
                trouble = str(error)
                log.info("the edition %s of club %s waits: %s", slot.key, slot.club_id, error)
            except Exception as error:
                trouble = f"Something broke on our side ({type(error).__name__}); the log says what"
                log.exception("the edition %s of club %s stumbled; it is tried again", slot.key, slot.club_id)
            finally:
                async with self._app.store.admin_session() as admin:
                    await admin.slots.release(slot.id, self._me, trouble)

    async def _work(self, slot: Slot) -> None:
        """Draft when it is time for review, decide at the deadline. What is approved is posted by `_publish`."""
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
            await self._give_up(slot, edition, too_late(club, due))
            return
        if edition is None:
            made = await self._draft(slot)
            if isinstance(made, Reason):
                if self._app.now() >= slot.due_at:
                    await skipping.skip_empty_slot(self._app, slot.club_id, slot.id, made)
                return
            edition = made
        if edition.state == EditionState.DRAFT and now >= (deadline(edition, slot) or due):
            await self._decide(slot, edition, rules)

    async def _decide(self, slot: Slot, edition: Edition, rules: ClubSettings) -> None:
        """What the club wants with a draft that nobody approved in time."""
        match rules.at_deadline:
            case "publish":
                try:
                    await approval.freeze(self._app, slot.club_id, edition.id)
                except UserError as error:
                    log.info("edition %s is drafted anew: %s", edition.id, error)
                    made = await self._draft(slot)
                    if isinstance(made, Reason):
                        await self._give_up(slot, edition, made.say, notice=made.card)
                        return
                    await approval.freeze(self._app, slot.club_id, made.id)
            case "skip":
                why = "It was not approved in time."
                await skipping.skip(self._app, slot.club_id, why, by=None, slot_id=slot.id)
            case "hold":
                await approval.remind(self._app, slot.club_id, edition.id)
            case _:
                assert_never(rules.at_deadline)

    async def _decide_alone(self, edition: Edition, rules: ClubSettings) -> None:
        """The same for a draft that a moderator has set to go out by itself, without a due time of the club's."""
        match rules.at_deadline:
            case "publish":
                await approval.freeze(self._app, edition.club_id, edition.id)
            case "skip":
                await skipping.skip(self._app, edition.club_id, "It was not approved in time.", by=None)
            case "hold":
                await approval.remind(self._app, edition.club_id, edition.id)

    async def _draft(self, slot: Slot) -> Edition | Reason:
        """Make the draft; or why there is nothing to make one of."""
        edition = None
        try:
            async for step in draft(self._app, slot.club_id, slot_id=slot.id, owner=self._me):
                edition = step.edition
        except NothingToPublish as nothing:
            return nothing.reason
        assert edition is not None
        return edition

    async def _give_up(self, slot: Slot, edition: Edition | None, why: str, *, notice: Card | None = None) -> None:
        """Skip what comes too late. Where a later one is due already, this one goes without a word."""
        async with self._app.store.read(slot.club_id) as db:
            later = [s for s in await db.slots.recent() if slot.due_at < s.due_at <= self._app.now()]
        await skipping.skip(
            self._app, slot.club_id, why, by=None, slot_id=slot.id, with_notice=not later, notice=notice
        )
        log.warning("the edition %s of club %s was given up: %s", slot.key, slot.club_id, why)

    async def _edition(self, slot: Slot) -> tuple[Club, Edition | None]:
        async with self._app.store.read(slot.club_id) as db:
            return await db.club(), await db.editions.of_slot(slot.id)

    async def _is_time(self, slot: Slot) -> bool:
        """Whether a due time asks for work now: the draft is missing and may be made, or its deadline has come."""
        club, edition = await self._edition(slot)
        now = self._app.now()
        if edition is None:
            return slot.due_at - timedelta(hours=ClubSettings.of(club.settings).review_hours) <= now
        return edition.state == EditionState.DRAFT and (deadline(edition, slot) or slot.due_at) <= now

    # What is approved

    async def _publish(self, club: Club) -> None:
        """Post the approved edition when its time has come, and call it published when all of it is posted.

        Before the first part is planned the sources are asked once more, so that nothing withdrawn goes out.
        """
        async with self._app.store.read(club.id) as db:
            edition = await db.editions.current()
            slot = await db.slots.get(edition.slot_id) if edition and edition.slot_id else None
            planned = bool(edition and await db.deliveries.of(DeliveryKind.EDITION, edition.id))
        due, now = deadline(edition, slot) if edition else None, self._app.now()
        if edition is None or due is None or due > now:
            return
        if edition.state == EditionState.DRAFT and edition.goes_alone:
            await self._decide_alone(edition, ClubSettings.of(club.settings))
            return
        if edition.state != EditionState.APPROVED:
            return
        stale = timedelta(hours=ClubSettings.of(club.settings).stale_hours)
        if now - due > stale and not planned:
            await skipping.skip(self._app, club.id, too_late(club, due), by=None)
            return
        if not planned:
            await drop_withdrawn(self._app, club.id)
        await publishing.publish(self._app, club.id, edition.id)
        await publishing.finish(self._app, club.id, edition.id)

    async def _try(self, what: str, do: Callable[[], Awaitable[object]]) -> None:
        """Do something for one club; what goes wrong there keeps no other club waiting."""
        try:
            await do()
        except Exception:
            log.exception("could not %s; it is tried again", what)


def too_late(club: Club, due: datetime) -> str:
    """Why an edition is given up that could not go out within the hours that the club lets it be late."""
    hours = plural(ClubSettings.of(club.settings).stale_hours, "hour")
    when = edition_calendar.moment(due, zone(club.timezone))
    return f"It was due {when} and did not go out within {hours}, which is as late as this club lets an edition be."
