"""The pruning worker: once a day, deletes rows that nobody reads any more (`bot.domain.retention`).

It goes in small batches with pauses, so that members notice nothing; what one process leaves, another goes on with.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from bot.app import App
from bot.features.stream.source_reading import clean_up
from bot.runtime.exclusive_lease import exclusive_lease
from bot.store.admin.pruning import CONDITIONS

log = logging.getLogger(__name__)

FIRST, INTERVAL = 120.0, 3600.0
"""Seconds from the start to the first look, and between two looks."""
POLL_INTERVAL = timedelta(hours=22)
"""Time between two rounds, whichever process makes them."""
BATCH, BATCHES = 500, 200
"""Rows of one transaction, and transactions of one table in a round: what is left goes in the next one."""
PAUSE = 0.02
"""Seconds between two batches."""
NAME = "pruning"


class PruningWorker:
    """Deletes what is outdated. Any number of processes may run one each; one of them works."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._me = uuid4().hex

    async def run(self) -> None:
        """Look every hour whether a round is due, until cancelled."""
        await asyncio.sleep(FIRST)
        while True:
            try:
                await self.round()
            except Exception:
                log.exception("could not delete what is outdated; it is tried again")
            await asyncio.sleep(INTERVAL)

    async def round(self) -> dict[str, int]:
        """Delete what is outdated, unless that was done in the last day. Returns the number of rows by table."""
        now = self._app.now()
        async with self._app.store.read_admin_session() as admin:
            last = await admin.facts.value(NAME)
        if last and now - datetime.fromisoformat(last) < POLL_INTERVAL:
            return {}
        async with exclusive_lease(self._app, NAME, self._me) as mine:
            if not mine:
                return {}
            await clean_up(self._app, batches=BATCHES)
            deleted = {table.__tablename__: await self._prune(table, now) for table in CONDITIONS}
            async with self._app.store.admin_session() as admin:
                await admin.facts.store(NAME, now.isoformat())
        if any(deleted.values()):
            log.info("outdated rows deleted: %s", ", ".join(f"{name} {n}" for name, n in deleted.items() if n))
        return deleted

    async def _prune(self, table: type[Any], now: datetime) -> int:
        """Delete the outdated rows of one table, batch by batch."""
        deleted = 0
        for _unused in range(BATCHES):
            async with self._app.store.read_admin_session() as admin:
                keys = await admin.pruning.outdated(table, now, limit=BATCH)
            if not keys:
                break
            async with self._app.store.admin_session() as admin:
                deleted += await admin.pruning.delete(table, keys, now)
            await asyncio.sleep(PAUSE)
        return deleted
