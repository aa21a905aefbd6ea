"""The notification worker: sends members direct messages about what they follow, decisions on their papers, meetings.

New papers of the club's sources are sent by `bot.runtime.stream_worker`, after it has read the sources.

Notifications are rows, so that each is sent once by any process, and one message after an outage holds all that was
missed. Nothing waits for this worker, and it runs beside the scheduler: a slow platform delays no edition.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from bot.app import App
from bot.domain.models import NotificationState, TaskKind
from bot.features.meetings.meeting_notifications import SOON, plan_reminders, send_meeting_notification
from bot.features.notifications.follow_notifications import send_notifications
from bot.features.notifications.news_detection import detect_news, next_detection
from bot.runtime.heartbeat import Heartbeat
from bot.runtime.logged_failures import log_failure
from bot.runtime.task_loop import LEASE, TaskLoop
from bot.store.admin.scheduled_tasks import TaskClaim
from bot.store.meetings.meeting_notifications import NotificationKey

log = logging.getLogger(__name__)

ROUND_INTERVAL = 20.0
"""Seconds between two rounds, and so the delay of notifications that are due at once."""
CONCURRENT_MEMBERS = 4
"""Members who are sent messages at the same time."""
DRAIN_SECONDS = 8.0
"""Seconds that messages in progress have to end in at shutdown."""
MAX_MEMBERS = 200
"""Members who are sent messages in one round; the clubs take turns."""
MAX_REFUSALS = 20
"""Refusals after which the rest waits for the next round: Discord treats a bot with too many as misbehaving."""
NEVER = datetime.min.replace(tzinfo=UTC)
CLEAN_UP_INTERVAL = timedelta(minutes=1)
"""Time between two clean-ups of notifications that a dead process was sending, and of old ones."""
RETENTION = timedelta(days=30)
"""Time for which sent and failed notifications are remembered."""


class NotificationWorker:
    """Collects and sends notifications. Any number of processes may run one each."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._me = uuid4().hex
        self._is_stopping = False
        self._refused = 0
        self._cleaned_up_at = NEVER
        self._heartbeat = Heartbeat(self._renew, self._lost)
        self._news = TaskLoop(
            app, TaskKind.NEWS, self._collect, owner=self._me, at_once=CONCURRENT_MEMBERS, heartbeat=self._heartbeat
        )

    async def run(self) -> None:
        """Run rounds until cancelled; then messages in progress are given a moment to end."""
        while True:
            round_ = asyncio.create_task(
                log_failure(log, "look what there is to tell", self.round()), name="tell the news"
            )
            try:
                await asyncio.shield(round_)
            except asyncio.CancelledError:
                self._is_stopping = True
                await asyncio.wait([round_], timeout=DRAIN_SECONDS)
                round_.cancel()
                raise
            await asyncio.sleep(ROUND_INTERVAL)

    async def round(self) -> None:
        """Collect notifications where something has changed, and send those that are due."""
        self._refused = 0
        if self._app.now() - self._cleaned_up_at >= CLEAN_UP_INTERVAL:
            async with self._app.store.admin_session() as admin:
                await admin.notification_queue.clean_up(self._app.now(), RETENTION)
                await admin.meeting_notification_queue.clean_up(self._app.now(), RETENTION)
            self._cleaned_up_at = self._app.now()
        async with self._heartbeat.beating():
            await self._news.round()
        await self._send_due()
        await self._meeting_round()

    async def _meeting_round(self) -> None:
        """Write down the reminders of meetings, and send what is due about meetings."""
        async with self._app.store.read_admin_session() as admin:
            clubs = await admin.meeting_notification_queue.clubs(self._app.now(), SOON)
        for club_id in clubs:
            await log_failure(log, f"write down the reminders of club {club_id}", plan_reminders(self._app, club_id))
            await log_failure(
                log, f"send the notifications of meetings of club {club_id}", self._send_meeting_notifications(club_id)
            )

    async def _send_meeting_notifications(self, club_id: int) -> None:
        async with self._app.store.read_admin_session() as admin:
            due = await admin.meeting_notification_queue.due(
                club_id, self._app.now(), list(self._app.gateways), limit=MAX_MEMBERS
            )
        await self._mark(due)
        room = asyncio.Semaphore(CONCURRENT_MEMBERS)

        async def send_one(key: NotificationKey) -> None:
            async with room:
                if not (self._is_stopping or self._refused >= MAX_REFUSALS):
                    await log_failure(
                        log, f"send a notification of club {club_id}", self._send_meeting_notification(club_id, key)
                    )

        await asyncio.gather(*map(send_one, due))

    async def _send_meeting_notification(self, club_id: int, key: NotificationKey) -> None:
        self._refused += await send_meeting_notification(self._app, club_id, key, self._me) == NotificationState.FAILED

    async def _collect(self, club_id: int) -> datetime | None:
        await detect_news(self._app, club_id)
        return await next_detection(self._app, club_id)

    async def _renew(self, claims: Collection[TaskClaim]) -> Collection[TaskClaim]:
        async with self._app.store.admin_session() as admin:
            return await admin.tasks.renew(self._me, claims, self._app.now() + LEASE)

    def _lost(self, claim: TaskClaim) -> None:
        self._news.cancel(claim)

    async def _send_due(self) -> None:
        async with self._app.store.read_admin_session() as admin:
            due = await admin.notification_queue.due(self._app.now(), list(self._app.gateways), limit=MAX_MEMBERS)
        await self._mark(due)
        room = asyncio.Semaphore(CONCURRENT_MEMBERS)

        async def notify_one(club_id: int, member_id: int) -> None:
            async with room:
                if self._is_stopping or self._refused >= MAX_REFUSALS:
                    return
                await log_failure(log, f"tell a member of club {club_id}", self._notify_member(club_id, member_id))

        await asyncio.gather(*(notify_one(club_id, member_id) for club_id, member_id in due))

    async def _mark(self, due: Sequence[object]) -> None:
        """Note outside the database that messages are going to be sent."""
        if due and self._app.posting_mark:
            await self._app.posting_mark.note(self._app.store, self._app.now())

    async def _notify_member(self, club_id: int, member_id: int) -> None:
        self._refused += await send_notifications(self._app, club_id, member_id, self._me) == NotificationState.FAILED
