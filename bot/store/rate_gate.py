"""Rate gate that all processes of a database share: a row holds the time of the next request."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.domain.clock import utc_now
from bot.store.sessions import Store


class SharedRateGate:
    """`RateGate` shared by all processes of a database."""

    def __init__(
        self,
        store: Store,
        *,
        now: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._store = store
        self._now = now
        self._sleep = sleep

    async def wait(self, name: str, gap: timedelta) -> None:
        """Reserve the next free time in the database, then wait for it outside the transaction."""
        now = self._now()
        async with self._store.admin_session() as admin:
            reserved = await admin.rate_gates.reserve(name, gap, now)
        if reserved > now:
            await self._sleep((reserved - now).total_seconds())
