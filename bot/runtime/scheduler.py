"""The scheduler: every half minute it does the due work. The state is in the database; the ticker only triggers.

A slot is a row for each club and period, so an edition is due once, whatever the clocks do. The process that claims the
slot works on it; every step can safely be repeated, so another process can finish after a crash. After an outage a
missed edition is made late, or given up with a notice if it would be too late.
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
from bot.features.meetings.platform_events import EventSync
from bot.features.meetings.schedule import keep_planned
from bot.features.shared import metadata_backfill

log = logging.getLogger(__name__)

TICK_SECONDS = 30
"""Seconds between two checks."""
LEASE = timedelta(minutes=15)
"""Time for which a process owns a slot. A draft of 60 papers with a slow model takes five minutes."""
MAX_LEAD = timedelta(hours=168)
"""Longest time that a draft is made before it is due: the maximum of `review_hours`."""
PLAN_HORIZON = timedelta(days=100)
"""Time after the last planned slot in which the next due time is searched for."""
MAX_SKIPPED = 1_000
"""Due times that may be skipped ahead, more than anybody will skip."""
UPDATE_CHECK_INTERVAL = timedelta(minutes=30)
"""Time between two checks of one process for papers to ask the sources about again. The rows say which papers."""
NEVER = datetime.min.replace(tzinfo=UTC)
CONCURRENT_CLUBS = 4
"""Clubs whose editions are worked on at the same time."""


class Scheduler:
    """Keeps the clubs' editions on time. Any number of processes may run one each."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._me = uuid4().hex
        self._events = EventSync(app, self._me)
        self._tick_requested = asyncio.Event()
        self._next_update_check: dict[int, datetime] = {}

    async def run(self) -> None:
        """Check at once and then every half minute, until cancelled."""
        ticker = AsyncIOScheduler(timezone="UTC")
        ticker.add_job(self._wake, "interval", seconds=TICK_SECONDS, misfire_grace_time=None, coalesce=True)
        ticker.start()
        self._tick_requested.set()
        try:
            while True:
                await self._tick_requested.wait()
                self._tick_requested.clear()
                await self._try("look at what is due", self.tick)
        finally:
            ticker.shutdown(wait=False)

    async def _wake(self) -> None:
        """Trigger a check. APScheduler does no more: at shutdown its executor would cancel longer work silently."""
        self._tick_requested.set()

    async def tick(self) -> None:
        """Do all due work once."""
        await self._try("see what is late", self._measure)
        async with self._app.store.read_admin_session() as admin:
            clubs = await admin.directory.active_clubs()
        for club in clubs:
            await self._try(f"plan for club {club.id}", partial(self._plan, club))
        async with self._app.store.read_admin_session() as admin:
            slots = await admin.slots.due(self._app.now() + MAX_LEAD, self._app.now())
        room = asyncio.Semaphore(CONCURRENT_CLUBS)
        turns = [self._process_due_slot(slot, room) for slot in slots if await self._needs_work(slot)]
        await asyncio.gather(*turns)
        for club in clubs:
            await self._try(f"plan meetings for club {club.id}", partial(keep_planned, self._app, club.id))
            await self._try(f"show events for club {club.id}", partial(self._events.sync, club.id))
            await self._try(f"publish for club {club.id}", partial(self._publish, club))
            await self._try(f"fill in for club {club.id}", partial(self._fill_in, club))
            if self._app.now() >= self._next_update_check.get(club.id, NEVER):
                self._next_update_check[club.id] = self._app.now() + UPDATE_CHECK_INTERVAL
                await self._try(
                    f"look for new versions for club {club.id}", partial(check_for_updates, self._app, club.id)
                )

    async def _fill_in(self, club: Club) -> None:
        """Fetch missing details of papers, and complete posts that went out without them."""
        if await metadata_backfill.backfill(self._app, club.id):
            await complete(self._app, club.id)

    async def _measure(self) -> None:
        """Update the metrics for alerts: ages of the oldest doubtful post and of the most overdue edition."""
        now, none = self._app.now(), timedelta(0)
        async with self._app.store.read_admin_session() as admin:
            doubtful, late = await admin.claims.doubtful_since(), await admin.slots.oldest_overdue(now)
        self._app.metrics.unknown_age(max(now - doubtful if doubtful else none, none).total_seconds())
        self._app.metrics.digest_late(max(now - late if late else none, none).total_seconds())

    # Planning

    async def _plan(self, club: Club) -> None:
        """Plan the last missed due time, if any, and the next one; move the next one if the club's settings changed."""
        rules, now = ClubSettings.of(club.settings), self._app.now()
        rhythm, where = edition_calendar.PublicationTime.read(rules.digest_at), zone(club.timezone)
        async with self._app.store.read(club.id) as db:
            known = await db.slots.recent()
            if known and known[-1].due_at > now:
                # So many are skipped ahead that the recent ones do not reach back to now.
                known = await db.slots.recent(limit=MAX_SKIPPED)
        ahead = next((slot for slot in known if slot.state == SlotState.DUE and slot.due_at > now), None)
        past = next((slot.due_at for slot in known if slot.due_at <= now), None)
        taken = {slot.key for slot in known if slot is not ahead}
        missed = edition_calendar.due_between(rhythm, rules.cadence, where, past, now) if past else ()
        wanted = [due for due in missed if due.key not in taken][-1:]
        furthest = max([now, *(slot.due_at for slot in known[:1])])
        later = edition_calendar.due_between(rhythm, rules.cadence, where, now, furthest + PLAN_HORIZON)
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

    # Due slots

    async def _process_due_slot(self, slot: Slot, room: asyncio.Semaphore) -> None:
        """Work on a due slot, unless another process does."""
        async with room:
            async with self._app.store.admin_session() as admin:
                if not await admin.slots.claim(slot.id, self._me, self._app.now(), LEASE):
                    return
            error_text = "the program stopped while it was at work on this"
            try:
                await self._advance_slot(slot)
                error_text = ""
            except UserError as error:
                error_text = str(error)
                log.info("the edition %s of club %s waits: %s", slot.key, slot.club_id, error)
            except Exception as error:
                error_text = f"Something went wrong on our side ({type(error).__name__}); see the log"
                log.exception("the edition %s of club %s failed; it is tried again", slot.key, slot.club_id)
            finally:
                async with self._app.store.admin_session() as admin:
                    await admin.slots.release(slot.id, self._me, error_text)

    async def _advance_slot(self, slot: Slot) -> None:
        """Draft at the start of the review time, decide at the deadline. An approved edition is posted by
        `_publish`.
        """
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
        """Apply the club's setting for a draft that nobody approved in time."""
        match rules.at_deadline:
            case "publish":
                try:
                    await approval.freeze(self._app, slot.club_id, edition.id)
                except UserError as error:
                    log.info("edition %s is drafted again: %s", edition.id, error)
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

    async def _decide_without_slot(self, edition: Edition, rules: ClubSettings) -> None:
        """Apply the same setting to a draft without a slot that a moderator has set to be published by itself."""
        match rules.at_deadline:
            case "publish":
                await approval.freeze(self._app, edition.club_id, edition.id)
            case "skip":
                await skipping.skip(self._app, edition.club_id, "It was not approved in time.", by=None)
            case "hold":
                await approval.remind(self._app, edition.club_id, edition.id)

    async def _draft(self, slot: Slot) -> Edition | Reason:
        """Make the draft; if there is nothing to publish, return the reason."""
        edition = None
        try:
            async for step in draft(self._app, slot.club_id, slot_id=slot.id, owner=self._me):
                edition = step.edition
        except NothingToPublish as nothing:
            return nothing.reason
        assert edition is not None
        return edition

    async def _give_up(self, slot: Slot, edition: Edition | None, why: str, *, notice: Card | None = None) -> None:
        """Skip an edition that is too late. There is no notice if a later one is due already."""
        async with self._app.store.read(slot.club_id) as db:
            later = [s for s in await db.slots.recent() if slot.due_at < s.due_at <= self._app.now()]
        await skipping.skip(
            self._app, slot.club_id, why, by=None, slot_id=slot.id, with_notice=not later, notice=notice
        )
        log.warning("the edition %s of club %s was given up: %s", slot.key, slot.club_id, why)

    async def _edition(self, slot: Slot) -> tuple[Club, Edition | None]:
        async with self._app.store.read(slot.club_id) as db:
            return await db.club(), await db.editions.by_slot(slot.id)

    async def _needs_work(self, slot: Slot) -> bool:
        """True if a slot needs work now: its draft is missing and may be made, or its deadline has passed."""
        club, edition = await self._edition(slot)
        now = self._app.now()
        if edition is None:
            return slot.due_at - timedelta(hours=ClubSettings.of(club.settings).review_hours) <= now
        return edition.state == EditionState.DRAFT and (deadline(edition, slot) or slot.due_at) <= now

    # Publishing

    async def _publish(self, club: Club) -> None:
        """Post the approved edition at its time, and mark it published once all of it is posted.

        Before the first part is planned the sources are asked once more, so that no withdrawn paper is published.
        """
        async with self._app.store.read(club.id) as db:
            edition = await db.editions.current()
            slot = await db.slots.get(edition.slot_id) if edition and edition.slot_id else None
            planned = bool(edition and await db.deliveries.by_subject(DeliveryKind.EDITION, edition.id))
        due, now = deadline(edition, slot) if edition else None, self._app.now()
        if edition is None or due is None or due > now:
            return
        if edition.state == EditionState.DRAFT and edition.is_unscheduled:
            await self._decide_without_slot(edition, ClubSettings.of(club.settings))
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

    async def _try(self, what: str, action: Callable[[], Awaitable[object]]) -> None:
        """Do something for one club. Errors are logged, so that they delay no other club."""
        try:
            await action()
        except Exception:
            log.exception("could not %s; it is tried again", what)


def too_late(club: Club, due: datetime) -> str:
    """The notice for an edition that was not published within the club's limit of lateness."""
    hours = plural(ClubSettings.of(club.settings).stale_hours, "hour")
    when = edition_calendar.format_moment(due, zone(club.timezone))
    return f"It was due {when} and did not go out within {hours}, which is as late as this club lets an edition be."
