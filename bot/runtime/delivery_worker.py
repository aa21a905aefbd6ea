"""The delivery worker: posts due deliveries, updates changed cards, and resolves posts of unknown outcome.

Every post is a row. A process claims it with a lease, which it renews while the work goes on; what a dead process had
claimed is released when its lease ends. `bot.runtime.delivery_attempts` does what is claimed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from uuid import uuid4

from bot.app import App
from bot.domain.models import Delivery
from bot.runtime.delivery_attempts import DeliveryAttempts
from bot.runtime.heartbeat import Heartbeat
from bot.store.base.task_triggers import DELIVERY
from bot.store.database.outage import write_until_stored
from bot.store.delivery.claims import DueKind

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=26)
"""Time for which a process owns a delivery without a heartbeat, which renews it while the work goes on."""
POLL_INTERVAL = 4.0
"""Seconds between two looks if nothing wakes the worker."""
DRAIN_SECONDS = 8.0
"""Seconds that sends in progress have to end in at shutdown."""

ClaimedWork = tuple[Callable[[Delivery], Awaitable[None]], Delivery]


class DeliveryWorker:
    """Posts deliveries to their rooms. Any number of processes may run one each.

    Each room is served by a task of its own that does one thing at a time, so that parts keep their order and a room
    that is down does not delay the others.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._me = uuid4().hex
        self._rooms: dict[int, asyncio.Task[None]] = {}
        self._claiming: asyncio.Task[int] | None = None
        self._held: dict[int, datetime] = {}
        """End of this process's lease on each delivery, by id."""
        self._heartbeat = Heartbeat(self._renew, lambda id: self._held.pop(id, None))
        self._attempts = DeliveryAttempts(app, self._me, self._held.get)

    async def run(self) -> None:
        """Deliver until cancelled; what is claimed or being sent then is given a moment to end."""
        stop_waking = self._app.store.commit_listeners.subscribe(DELIVERY, self._app.wake_up.set)
        try:
            async with self._heartbeat.beating():
                try:
                    await write_until_stored("what was let go at the start", self._release_abandoned)
                    while True:
                        self._claiming = asyncio.create_task(self._claim_due(), name="look for what is due")
                        try:
                            await asyncio.shield(self._claiming)
                        except Exception:
                            log.exception("a round of the delivery worker failed; the next one follows")
                        await self._app.wake_up.wait(POLL_INTERVAL)
                finally:
                    await self._drain_tasks()
        finally:
            stop_waking()

    async def drain(self, rounds: int = 1000) -> None:
        """Deliver until nothing is left that can be delivered now."""
        for _unused in range(rounds):
            if not await self.round():
                return

    async def round(self) -> int:
        """Do what is due once: for every room one thing of each kind. Returns the number of things done."""
        done = await self._claim_due()
        if self._rooms:
            await asyncio.wait(self._rooms.values())
        return done

    async def _release_abandoned(self) -> None:
        """Release at once what a dead process had claimed, if no other process can be running."""
        if self._app.store.is_exclusive:
            async with self._app.store.admin_session() as admin:
                await admin.claims.release_expired(self._app.now() + LEASE)

    async def _claim_due(self) -> int:
        """Claim what is due for rooms where nothing is in progress, and start it. Returns the number of deliveries."""
        platforms, now = list(self._app.gateways), self._app.now()
        async with self._app.store.read_admin_session() as admin:
            due = await admin.claims.due_kinds(now) if platforms else frozenset[DueKind]()
        if not due:
            return 0
        terms = (platforms, self._me, now, LEASE, [*self._rooms])
        resting = [room for room in self._attempts.resting_rooms(now) if room not in self._rooms]
        if self._app.posting_mark and due & {DueKind.READY, DueKind.PROBE}:
            await self._app.posting_mark.note(self._app.store, now)
        posts: list[Delivery] = []
        work: list[ClaimedWork] = []
        async with self._app.store.admin_session() as admin:
            if DueKind.EXPIRED in due:
                await admin.claims.release_expired(now)
            if DueKind.READY in due:
                posts += await admin.claims.claim_ready(platforms, self._me, now, LEASE, [*self._rooms, *resting])
            if DueKind.PROBE in due:
                busy = [*self._rooms, *resting, *(delivery.room_id for delivery in posts)]
                posts += await admin.claims.claim_probes(platforms, self._me, now, LEASE, busy)
            work += [(self._attempts.post, delivery) for delivery in posts]
            if DueKind.UNKNOWN in due:
                work += [(self._attempts.search, delivery) for delivery in await admin.claims.claim_unknown(*terms)]
            if DueKind.STALE in due:
                work += [(self._attempts.redraw, delivery) for delivery in await admin.claims.claim_stale(*terms)]
        for _unused, delivery in work:
            self._held[delivery.id] = delivery.lease_until or now + LEASE
        self._heartbeat.hold(self._held.keys())
        for room, jobs in groupby(sorted(work, key=_room), key=_room):
            task = asyncio.create_task(self._serve(list(jobs)), name=f"room {room}")
            self._rooms[room] = task
            task.add_done_callback(partial(self._on_served, room))
        return len(work)

    async def _serve(self, jobs: Sequence[ClaimedWork]) -> None:
        for do, delivery in jobs:
            try:
                await do(delivery)
            except Exception:
                log.exception("%s failed; it is released when its lease runs out", delivery.key)
            finally:
                self._heartbeat.drop(delivery.id)
                self._held.pop(delivery.id, None)

    def _on_served(self, room: int, task: asyncio.Task[None]) -> None:
        self._rooms.pop(room, None)
        self._app.wake_up.set()

    async def _renew(self, ids: Collection[int]) -> Collection[int]:
        until = self._app.now() + LEASE
        async with self._app.store.admin_session() as admin:
            renewed = await admin.claims.renew(self._me, ids, until)
        self._held.update((id, end) for id, end in renewed.items() if id in self._held)
        return renewed.keys()

    async def _drain_tasks(self) -> None:
        """Let sends in progress end. A post whose send does not end is looked for when its lease has expired.

        A claim in progress is not cancelled between claiming and sending: its posts would count as doubtful.
        """
        if self._claiming:
            await asyncio.gather(self._claiming, return_exceptions=True)
        if self._rooms:
            _unused, late = await asyncio.wait(self._rooms.values(), timeout=DRAIN_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


def _room(work: ClaimedWork) -> int:
    return work[1].room_id
