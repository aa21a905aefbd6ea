"""The herald: tells members by direct message what they asked to be told of what they follow.

What there is to tell is rows, so that it is told once whoever tells it, and one message after an outage says all that
was missed. Nothing waits for the herald, and it works beside the schedule: a platform that is slow holds up no edition.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Collection
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from bot.app import App
from bot.domain.models import AlertState, TaskKind
from bot.features.notifications.collect import collect_notifications, next_collection
from bot.features.notifications.send import send_notifications
from bot.runtime.heartbeat import Heartbeat
from bot.runtime.task_loop import LEASE, TaskLoop
from bot.store.admin.scheduled_tasks import TaskClaim

log = logging.getLogger(__name__)

EVERY = 20.0
"""Seconds between two looks: as soon as "at once" is."""
AT_A_TIME = 4
"""Members who are told at the same time."""
DRAIN_SECONDS = 8.0
"""Seconds that messages under way have to end in when the herald is told to stop."""
MOST = 200
"""Members who are told in one round; of each club those who wait longest come first, club by club in turn."""
ENOUGH = 20
"""Refusals after which the rest waits for the next round: of too many, Discord thinks that a bot has run wild."""
EARLIEST = datetime.min.replace(tzinfo=UTC)
TIDY = timedelta(minutes=1)
"""How often it is looked for what a dead process was telling, and for what is long past."""
KEEP = timedelta(days=30)
"""How long it is remembered what was told, and how long what could not be is kept for."""


class NotificationWorker:
    """Any number of processes may run one each."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._me = uuid4().hex
        self._leaving = False
        self._refused = 0
        self._tidied = EARLIEST
        self._heartbeat = Heartbeat(self._renew, self._lost)
        self._news = TaskLoop(
            app, TaskKind.NEWS, self._collect, owner=self._me, at_once=AT_A_TIME, heartbeat=self._heartbeat
        )

    async def run(self) -> None:
        """Look at once and then again and again, until cancelled; what is being told then is given a moment to end."""
        while True:
            round_ = asyncio.create_task(self._try("look what there is to tell", self.round()), name="tell the news")
            try:
                await asyncio.shield(round_)
            except asyncio.CancelledError:
                self._leaving = True
                await asyncio.wait([round_], timeout=DRAIN_SECONDS)
                round_.cancel()
                raise
            await asyncio.sleep(EVERY)

    async def round(self) -> None:
        """Write down what is news where something has changed, and tell it to whom it is time to."""
        self._refused = 0
        if self._app.now() - self._tidied >= TIDY:
            async with self._app.store.admin_session() as admin:
                await admin.watch.tidy(self._app.now(), KEEP)
            self._tidied = self._app.now()
        async with self._heartbeat.beating():
            await self._news.round()
        await self._tell()

    async def _collect(self, club_id: int) -> datetime | None:
        await collect_notifications(self._app, club_id)
        return await next_collection(self._app, club_id)

    async def _renew(self, claims: Collection[TaskClaim]) -> Collection[TaskClaim]:
        async with self._app.store.admin_session() as admin:
            return await admin.tasks.renew(self._me, claims, self._app.now() + LEASE)

    def _lost(self, claim: TaskClaim) -> None:
        self._news.cancel(claim)

    async def _tell(self) -> None:
        async with self._app.store.read_admin_session() as admin:
            due = await admin.watch.due(self._app.now(), list(self._app.gateways), limit=MOST)
        room = asyncio.Semaphore(AT_A_TIME)

        async def one(club_id: int, member_id: int) -> None:
            async with room:
                if self._leaving or self._refused >= ENOUGH:
                    return
                await self._try(f"tell a member of club {club_id}", self._tell_one(club_id, member_id))

        await asyncio.gather(*(one(club_id, member_id) for club_id, member_id in due))

    async def _tell_one(self, club_id: int, member_id: int) -> None:
        self._refused += await send_notifications(self._app, club_id, member_id, self._me) == AlertState.FAILED

    async def _try(self, what: str, doing: Awaitable[None]) -> None:
        try:
            await doing
        except Exception:
            log.exception("could not %s; it is tried again", what)
