"""The turns that all processes of one database share: a row says when the next request may leave."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.domain.clock import utc_now
from bot.store.sessions import Store


class SharedRateGate:
    """`RateGate` that all processes of a database share."""

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
        """Take the next free moment, write it down, and wait for it outside the transaction."""
        now = self._now()
        async with self._store.admin_session() as admin:
            mine = await admin.rate_gates.reserve(name, gap, now)
        if mine > now:
            await self._sleep((mine - now).total_seconds())
