"""Whose turn it is to ask a source that wants its requests apart, such as arXiv (one every three seconds)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Protocol


class Turnstile(Protocol):
    """Lets one request at a time through to a source; the store keeps one that all processes share."""

    async def turn(self, name: str, gap: timedelta) -> None:
        """Return when it is this process's turn to ask `name`; turns of all processes are `gap` apart."""


class LocalTurns:
    """The turns of one process alone, for a demo or a test: nothing outside this object is kept apart."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._free_at: dict[str, float] = {}

    async def turn(self, name: str, gap: timedelta) -> None:
        """Take the next free moment and wait for it; a turn taken and then given up stays taken."""
        now = self._clock()
        mine = max(now, self._free_at.get(name, now))
        self._free_at[name] = mine + gap.total_seconds()
        if mine > now:
            await self._sleep(mine - now)
