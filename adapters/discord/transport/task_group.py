"""Tasks in progress that shutdown waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from adapters.discord.transport.timeouts import DEFAULT_TIMEOUTS


class TaskGroup:
    """Counts answers and posts in progress."""

    def __init__(self, timeout: float = DEFAULT_TIMEOUTS.drain) -> None:
        self._timeout = timeout
        self._count = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @contextmanager
    def track(self) -> Iterator[None]:
        """A block that shutdown waits for."""
        self._count += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._count -= 1
            if not self._count:
                self._idle.set()

    async def wait_idle(self) -> None:
        """Wait until nothing is in progress, up to the time limit."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), self._timeout)
