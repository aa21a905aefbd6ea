"""The herald: tells members by direct message what they asked to be told of what they follow.

What there is to tell is rows, so that it is told once whoever tells it, and one message after an outage says all that
was missed. Nothing waits for the herald, and it works beside the schedule: a platform that is slow holds up no edition.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from datetime import timedelta
from uuid import uuid4

from bot.app import App
from bot.domain.models import AlertState
from bot.features.notifications.collect import collect_notifications
from bot.features.notifications.send import send_notifications

log = logging.getLogger(__name__)

ROUND_INTERVAL = 20.0
"""Seconds between two looks: as soon as "at once" is."""
CONCURRENT_MEMBERS = 4
"""Members who are told at the same time."""
DRAIN_SECONDS = 8.0
"""Seconds that messages under way have to end in when the herald is told to stop."""
MAX_MEMBERS = 200
"""Members of one club who are told in one round, so that a large club does not keep the others waiting."""
MAX_REFUSALS = 20
"""Refusals after which the rest waits for the next round: of too many, Discord thinks that a bot has run wild."""
RETENTION = timedelta(days=30)
"""How long it is remembered what was told, and how long what could not be is kept for."""


class NotificationWorker:
    """Any number of processes may run one each."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._me = uuid4().hex
        self._is_stopping = False
        self._refused = 0

    async def run(self) -> None:
        """Look at once and then again and again, until cancelled; what is being told then is given a moment to end."""
        while True:
            round_ = asyncio.create_task(self._try("look what there is to tell", self.round()), name="tell the news")
            try:
                await asyncio.shield(round_)
            except asyncio.CancelledError:
                self._is_stopping = True
                await asyncio.wait([round_], timeout=DRAIN_SECONDS)
                round_.cancel()
                raise
            await asyncio.sleep(ROUND_INTERVAL)

    async def round(self) -> None:
        """Write down what is news in every club, and tell it to whom it is time to."""
        self._refused = 0
        async with self._app.store.read_admin_session() as admin:
            clubs = await admin.notification_queue.clubs(self._app.now())
        if not clubs:
            return
        async with self._app.store.admin_session() as admin:
            await admin.notification_queue.clean_up(self._app.now(), RETENTION)
        for club_id in clubs:
            await self._try(f"write down the news of club {club_id}", collect_notifications(self._app, club_id))
            await self._try(f"tell the news of club {club_id}", self._notify_club(club_id))

    async def _notify_club(self, club_id: int) -> None:
        async with self._app.store.read_admin_session() as admin:
            due = await admin.notification_queue.due(club_id, self._app.now(), list(self._app.gateways), limit=MAX_MEMBERS)
        room = asyncio.Semaphore(CONCURRENT_MEMBERS)

        async def one(member_id: int) -> None:
            async with room:
                if self._is_stopping or self._refused >= MAX_REFUSALS:
                    return
                await self._try(f"tell a member of club {club_id}", self._notify_member(club_id, member_id))

        await asyncio.gather(*map(one, due))

    async def _notify_member(self, club_id: int, member_id: int) -> None:
        self._refused += await send_notifications(self._app, club_id, member_id, self._me) == AlertState.FAILED

    async def _try(self, what: str, work: Awaitable[None]) -> None:
        try:
            await work
        except Exception:
            log.exception("could not %s; it is tried again", what)
