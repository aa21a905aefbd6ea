"""One loop for one kind of scheduled task: claims what is due in small batches and works on some clubs at a time.

Tasks are independent: an error or a slow task in one club neither ends nor delays those of others.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from bot.app import App
from bot.domain.models import TaskKind
from bot.locale.current import in_language
from bot.runtime.heartbeat import Heartbeat
from bot.store.admin.scheduled_tasks import TaskClaim
from bot.store.base.transaction import run_to_completion
from bot.store.database.outage import write_until_stored

log = logging.getLogger(__name__)

POLL_INTERVAL = 30.0
"""Seconds between two looks if nothing wakes the loop before: then the scheduler's ticker does."""
MIN_POLL_INTERVAL = 0.5
"""Minimum seconds between two looks that nothing woke."""
LEASE = timedelta(seconds=20)
"""Duration of a task's lease without a heartbeat, and so the longest interruption after a process died."""
RETRY_DELAY = timedelta(seconds=30)
"""Time after which a failed task is tried again."""
DRAIN_SECONDS = 8.0
"""Seconds within which work in progress must end when the loop stops."""

Work = Callable[[int], Awaitable[datetime | None]]
"""Does what is due in a club. Returns the time of the next work there; None if only a change can bring any."""


class TaskLoop:
    """Any number of processes may run one for the same kind."""

    def __init__(
        self, app: App, kind: TaskKind, work: Work, *, owner: str, at_once: int, heartbeat: Heartbeat[TaskClaim]
    ) -> None:
        self.kind = kind
        self._app = app
        self._work = work
        self._owner = owner
        self._at_once = at_once
        self._heartbeat = heartbeat
        self._running: dict[int, asyncio.Task[None]] = {}
        self._look = asyncio.Event()
        self._ended: dict[TaskClaim, datetime | None] = {}
        """Tasks whose work has ended and that are not released yet, with the time of what comes next."""
        self._releasing = asyncio.Lock()

    async def run(self) -> None:
        """Look at once and then whenever it is woken or something comes due, until cancelled."""
        stop_waking = self._app.store.commit_listeners.subscribe(self.kind, self._look.set)
        try:
            while True:
                self._look.clear()
                try:
                    await self._claim()
                except Exception:
                    log.exception("could not look for due tasks (%s); it is tried again", self.kind)
                await self._wait()
        finally:
            stop_waking()
            await self._end()

    async def round(self) -> None:
        """Do all that is due now, each club once, and wait for it."""
        done: set[int] = set()
        while claimed := await self._claim(done):
            done |= claimed
            await asyncio.gather(*self._running.values())

    def look(self) -> None:
        """Have the loop look for due tasks now."""
        self._look.set()

    def cancel(self, claim: TaskClaim) -> None:
        """Stop work that another process has taken over."""
        if task := self._running.get(claim.club_id):
            task.cancel()

    @property
    def _is_full(self) -> bool:
        """True while so many tasks are in progress that none is claimed: a few free places are worth no query."""
        return len(self._running) > self._at_once * 3 // 4

    async def _wait(self) -> None:
        """Wait until the loop is woken, or something comes due or is left behind before the next tick."""
        seconds = None
        if self._is_full:
            await self._look.wait()
            return
        with suppress(Exception):
            now = self._app.now()
            async with self._app.store.read_admin_session() as admin:
                coming = await admin.tasks.next_due(self.kind, self._owner, now)
            if coming and (coming - now).total_seconds() < POLL_INTERVAL:
                seconds = max((coming - now).total_seconds(), MIN_POLL_INTERVAL)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._look.wait()

    async def _claim(self, done: set[int] | frozenset[int] = frozenset()) -> set[int]:
        """Claim as many tasks as there is room for, and start them. Returns their clubs' ids."""
        if self._is_full:
            return set()
        room = self._at_once - len(self._running)
        now = self._app.now()
        async with self._app.store.read_admin_session() as admin:
            if not await admin.tasks.may_have_due(self.kind, self._owner, now):
                return set()
        busy = done | self._running.keys()
        async with self._app.store.admin_session() as admin:
            claims = await admin.tasks.claim(self.kind, self._owner, now, LEASE, except_clubs=busy, limit=room)
        for claim in claims:
            task = asyncio.create_task(self._serve(claim), name=f"{claim.kind} of club {claim.club_id}")
            self._running[claim.club_id] = task
            task.add_done_callback(partial(self._on_ended, claim.club_id))
        if claims:
            self._look.set()  # more may be due than there was room for, and some of that room may be free again
        return {claim.club_id for claim in claims}

    async def _serve(self, claim: TaskClaim) -> None:
        with self._heartbeat.holding(claim):
            try:
                with in_language(claim.language):
                    next_due = await self._work(claim.club_id)
            except asyncio.CancelledError:
                if claim in self._heartbeat.held:  # not because another process has it
                    raise
                return
            except Exception:
                log.exception("%s of club %s failed; it is tried again", claim.kind, claim.club_id)
                next_due = self._app.now() + RETRY_DELAY
            await self._release_ended(claim, next_due)

    async def _release_ended(self, claim: TaskClaim, next_due: datetime | None) -> None:
        """Release a task, in one transaction with those whose work ended while others were being released."""
        self._ended[claim] = next_due
        async with self._releasing:
            if claim not in self._ended:  # released with others
                return
            ended, self._ended = self._ended, {}
            for each in ended:  # else a renewal between the release and the end would find it taken by another process
                self._heartbeat.drop(each)
            clubs = ", ".join(str(claim.club_id) for claim in ended)
            await run_to_completion(write_until_stored(f"{self.kind} of {clubs}", partial(self._release, ended)))

    async def _release(self, ended: Mapping[TaskClaim, datetime | None]) -> None:
        async with self._app.store.admin_session() as admin:  # in one order, so that two never wait for each other
            claims = sorted(ended, key=lambda claim: claim.club_id)
            woken = [await admin.tasks.release(claim, self._owner, ended[claim]) for claim in claims]
        if any(woken):
            self._look.set()

    def _on_ended(self, club_id: int, task: asyncio.Task[None]) -> None:
        was_full = self._is_full
        del self._running[club_id]
        if was_full and not self._is_full:
            self._look.set()  # more may be waiting
        if not task.cancelled() and (error := task.exception()):
            log.error("%s of club %s could not be released", self.kind, club_id, exc_info=error)

    async def _end(self) -> None:
        """Give work in progress a moment to end; the rest is released, for another process or the next start."""
        if not self._running:
            return
        tasks = [*self._running.values()]
        _, late = await asyncio.wait(tasks, timeout=DRAIN_SECONDS)
        for task in late:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
