"""A rate gate without a database, for tests."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta


class LocalRateGate:
    """A rate gate for one process, with its state in this object."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._free_at: dict[str, float] = {}

    async def wait(self, name: str, gap: timedelta) -> None:
        """Reserve the next free time and wait for it; a reservation is not returned on cancellation."""
        now = self._clock()
        reserved = max(now, self._free_at.get(name, now))
        self._free_at[name] = reserved + gap.total_seconds()
        if reserved > now:
            await self._sleep(reserved - now)
