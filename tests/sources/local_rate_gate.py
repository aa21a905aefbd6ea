"""Turns without a database, for tests of what takes them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta


class LocalRateGate:
    """The turns of one process alone: nothing outside this object is kept apart."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._free_at: dict[str, float] = {}

    async def wait(self, name: str, gap: timedelta) -> None:
        """Take the next free moment and wait for it; a turn taken and then given up stays taken."""
        now = self._clock()
        mine = max(now, self._free_at.get(name, now))
        self._free_at[name] = mine + gap.total_seconds()
        if mine > now:
            await self._sleep(mine - now)
