"""The schedule: what is due is a row, and each kind of work has a loop of its own that looks for it.

A club that needs nothing costs nothing: due tasks are found by one indexed query a kind, however many clubs there are.
Whoever claims a task works on it under a lease that is renewed meanwhile; every step is safe to do again, so what one
process left half done another finishes. After an outage what was missed is caught up with, or given up with a notice
where it would come too late.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import uuid4

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.app import App
from bot.domain.models import TaskKind
from bot.features.ballots.closing import close_due_ballot, next_closing
from bot.features.editions.publishing.item_completion import complete
from bot.features.editions.review.paper_updates import check_for_updates, next_check
from bot.features.meetings.platform_events import EventSync
from bot.features.meetings.schedule import keep_planned
from bot.features.moderation.same_work import join_same_works
from bot.features.shared.papers import metadata_backfill
from bot.features.shared.votes.vote_age import count_waiting_votes
from bot.runtime.due_editions import DueEditions
from bot.runtime.due_posts import publish_due
from bot.runtime.heartbeat import Heartbeat
from bot.runtime.slot_planning import plan
from bot.runtime.task_loop import LEASE, POLL_INTERVAL, TaskLoop
from bot.store.admin.scheduled_tasks import TaskClaim

log = logging.getLogger(__name__)

AT_ONCE = {
    TaskKind.PLAN: 4,
    TaskKind.EDITION: 32,
    TaskKind.PUBLISH: 8,
    TaskKind.DETAILS: 4,
    TaskKind.UPDATES: 4,
    TaskKind.BALLOT: 8,
    TaskKind.MEETINGS: 4,
}
"""Clubs that are worked on at the same time, by kind. Drafts mostly wait for a model, so there may be many."""
CHECK_INTERVAL = timedelta(minutes=10)
"""Time between two looks for tasks that were not woken; there should be none."""


class Scheduler:
    """Keeps the clubs' editions and meetings on time. Any number of processes may run one each."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._me = uuid4().hex
        self._events = EventSync(app, self._me)
        self._begun = False
        self._ticked = asyncio.Event()
        self._checked_at: datetime | None = None
        self._heartbeat = Heartbeat(self._renew, self._lost)
        work = {
            TaskKind.PLAN: self._plan,
            TaskKind.EDITION: DueEditions(app, self._me).work,
            TaskKind.PUBLISH: self._publish,
            TaskKind.DETAILS: self._fill_in,
            TaskKind.UPDATES: self._check_for_updates,
            TaskKind.BALLOT: self._close_ballot,
            TaskKind.MEETINGS: self._look_after_meetings,
        }
        self._loops = {
            kind: TaskLoop(app, kind, do, owner=self._me, at_once=AT_ONCE[kind], heartbeat=self._heartbeat)
            for kind, do in work.items()
        }

    async def run(self) -> None:
        """Run a loop for each kind of work and the ticker that wakes them every half minute, until cancelled."""
        while not self._begun:
            try:
                await self._begin()
            except Exception:
                log.exception("the schedule could not begin; it is tried again")
                await asyncio.sleep(1)
        loops = [asyncio.create_task(loop.run(), name=f"{kind} loop") for kind, loop in self._loops.items()]
        loops.append(asyncio.create_task(self._look_after_all(), name="what is late"))
        ticker = self._ticker()
        async with self._heartbeat.beating():
            try:
                ticker.start()
                await asyncio.Event().wait()
            finally:
                ticker.shutdown(wait=False)
                for loop in loops:
                    loop.cancel()
                await asyncio.gather(*loops, return_exceptions=True)

    async def tick(self) -> None:
        """Do everything that is due now, once, one kind after the other."""
        await self._begin()
        await self._measure()
        await self._count_waiting_votes()
        await self._wake_overlooked()
        async with self._heartbeat.beating():
            for loop in self._loops.values():
                await loop.round()

    async def _begin(self) -> None:
        """Add missing tasks of clubs; take over a dead process's tasks at once if no other process can be running."""
        if self._begun:
            return
        async with self._app.store.admin_session() as admin:
            await admin.tasks.add_missing()
            if self._app.store.is_exclusive:
                await admin.tasks.free_all()
                await admin.slots.free_all()
        self._begun = True

    def _ticker(self) -> AsyncIOScheduler:
        """APScheduler's ticker, with its jobs in memory: what is due is a row, so a tick may be late or left out."""
        ticker = AsyncIOScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        ticker.add_job(self._wake_loops, "interval", seconds=POLL_INTERVAL)
        return ticker

    async def _wake_loops(self) -> None:
        """Have every loop look. APScheduler does only this: it would cancel longer work at shutdown."""
        for loop in self._loops.values():
            loop.look()
        self._ticked.set()

    async def _look_after_all(self) -> None:
        """At every tick, measure what is late and count votes that waited; now and then, wake what was overlooked."""
        while True:
            await self._measure()
            await self._count_waiting_votes()
            await self._wake_overlooked()
            await self._ticked.wait()
            self._ticked.clear()

    async def _wake_overlooked(self) -> None:
        """Wake tasks whose rows were changed by a program that knows no tasks: a process of the release before."""
        now = self._app.now()
        if self._checked_at and now - self._checked_at < CHECK_INTERVAL:
            return
        try:
            async with self._app.store.admin_session() as admin:
                await admin.tasks.wake_overlooked(now)
        except Exception:
            log.exception("could not see what was overlooked; it is tried again")
            return
        self._checked_at = now

    async def _count_waiting_votes(self) -> None:
        """Count the votes of new members whose waiting time is over; one query finds their clubs."""
        try:
            async with self._app.store.read_admin_session() as admin:
                waiting = await admin.directory.with_waiting_votes(self._app.now())
            for club_id in waiting:
                await count_waiting_votes(self._app, club_id)
        except Exception:
            log.exception("could not count the votes that waited; it is tried again")

    async def _measure(self) -> None:
        """Update the metrics for alerts: ages of the oldest doubtful post and of the most overdue edition."""
        now, none = self._app.now(), timedelta(0)
        try:
            async with self._app.store.read_admin_session() as admin:
                doubtful, late = await admin.claims.doubtful_since(), await admin.slots.oldest_overdue(now)
        except Exception:
            log.exception("could not see what is late; it is tried again")
            return
        self._app.metrics.unknown_age(max(now - doubtful if doubtful else none, none).total_seconds())
        self._app.metrics.digest_late(max(now - late if late else none, none).total_seconds())

    async def _plan(self, club_id: int) -> datetime:
        return await plan(self._app, club_id)

    async def _look_after_meetings(self, club_id: int) -> datetime | None:
        """Plan and announce meetings, and show their events; the earlier of the times to look again."""
        times = (await keep_planned(self._app, club_id), await self._events.sync(club_id))
        return min((at for at in times if at), default=None)

    async def _publish(self, club_id: int) -> datetime | None:
        return await publish_due(self._app, club_id)

    async def _fill_in(self, club_id: int) -> datetime | None:
        """Ask for missing details, and complete what was published without them.

        It is completed also where nothing came in now: an attempt may have failed after the details were stored.
        """
        await metadata_backfill.backfill(self._app, club_id)
        await complete(self._app, club_id)
        return await metadata_backfill.next_attempt(self._app, club_id)

    async def _check_for_updates(self, club_id: int) -> datetime | None:
        await check_for_updates(self._app, club_id)
        await join_same_works(self._app, club_id)
        return await next_check(self._app, club_id)

    async def _close_ballot(self, club_id: int) -> datetime | None:
        await close_due_ballot(self._app, club_id)
        return await next_closing(self._app, club_id)

    async def _renew(self, claims: Collection[TaskClaim]) -> Collection[TaskClaim]:
        until = self._app.now() + LEASE
        async with self._app.store.admin_session() as admin:
            await admin.slots.renew(self._me, until)
            return await admin.tasks.renew(self._me, claims, until)

    def _lost(self, claim: TaskClaim) -> None:
        self._loops[claim.kind].cancel(claim)
