"""Restore review: at the start, the channels of restored clubs are compared with their rows."""

from __future__ import annotations

import asyncio
import logging
from uuid import uuid4

from bot.app import App
from bot.features.shared.delivery.restored_club import review
from bot.runtime.exclusive_lease import exclusive_lease

log = logging.getLogger(__name__)

RETRY_DELAY = 10.0
"""Seconds until a platform is asked again that could not be."""


class RestoreReview:
    """Reviews each club in quarantine once. Any number of processes may run one each."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._me = uuid4().hex

    async def run(self) -> None:
        """Review until nothing is left to review; then wait to be cancelled: a restore needs a start."""
        while await self.round():  # noqa: ASYNC110  a platform is waited for, which sets no event
            await asyncio.sleep(RETRY_DELAY)
        await asyncio.Event().wait()

    async def round(self) -> int:
        """Review what can be reviewed now. Returns the number of clubs that are still to be reviewed."""
        async with self._app.store.read_admin_session() as admin:
            waiting = [club for club in await admin.restored.quarantined() if not club.reviewed]
        left = 0
        for club in waiting:
            try:
                left += not await self._review(club.club_id)
            except Exception as error:
                log.info("club %s cannot be compared with its channels yet: %r", club.club_id, error)
                left += 1
        return left

    async def _review(self, club_id: int) -> bool:
        """Review one club; False while another process does."""
        async with exclusive_lease(self._app, f"review:{club_id}", self._me) as mine:
            if mine:
                await review(self._app, club_id)
        return mine
