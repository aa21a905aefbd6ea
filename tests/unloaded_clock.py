"""A clock for time limits: it does not count the time in which other programs kept this one from running.

A test waits for what must happen within some seconds. On a machine that runs other things too, a program gets a
fraction of a processor, and a limit by the wall clock says more about the machine than about the program.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from time import monotonic

SLOWEST = 0.05
"""Seconds that pass here during a second of the wall clock, at the least: a limit is reached on every machine."""

WATCHED: set[int] = set()
"""Ids of the other processes that tests wait for: programs that they have started."""


GLANCE = 0.005
"""Seconds of the wall clock for which the last look at the processes is good enough."""


def queued(pid: int | str = "self") -> dict[str, float]:
    """By each thread of a process: the seconds in which it was ready to run and waited for a processor.

    It is the second number of `/proc/<pid>/task/<thread>/schedstat` in Linux, in nanoseconds; empty where the system
    does not tell.
    """
    waited = {}
    for path in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with suppress(OSError, IndexError, ValueError):  # a thread that has just ended
            waited[path.parent.name] = int(path.read_text("ascii").split()[1]) / 1e9
    return waited


def all_queued() -> dict[str, float]:
    """The same of this process and of each that is watched: threads have ids that are unlike in all of them."""
    waited = queued()
    for pid in WATCHED:
        waited |= queued(pid)
    return waited


class UnloadedClock:
    """Seconds of the wall clock, without those in which this process or a watched one waited for a processor."""

    def __init__(
        self, wall: Callable[[], float] = monotonic, waited: Callable[[], dict[str, float]] = all_queued
    ) -> None:
        self._wall, self._waited = wall, waited
        self._now, self._looked_at, self._before = 0.0, wall(), waited()

    def now(self) -> float:
        """Seconds since some moment; they never run backwards."""
        at = self._wall()
        if (passed := at - self._looked_at) < GLANCE:
            return self._now + passed * SLOWEST
        waited = self._waited()
        lost = sum(max(0.0, seconds - self._before.get(thread, seconds)) for thread, seconds in waited.items())
        self._now += max(passed - lost, passed * SLOWEST)
        self._looked_at, self._before = at, waited
        return self._now


_CLOCK = UnloadedClock()


def unloaded() -> float:
    """Seconds of the one unloaded clock of this process, for differences."""
    return _CLOCK.now()


async def happened(event: asyncio.Event, seconds: float | None) -> bool:
    """Wait for an event. False if `seconds` of the unloaded clock went by without it."""
    if seconds is None:
        return await event.wait()
    end = unloaded() + seconds
    while not event.is_set() and (left := end - unloaded()) > 0:
        waiting = asyncio.ensure_future(event.wait())
        try:
            await asyncio.wait([waiting], timeout=left)
        finally:
            waiting.cancel()
    return event.is_set()


@asynccontextmanager
async def unloaded_timeout(seconds: float) -> AsyncIterator[None]:
    """End the block with TimeoutError after so many seconds of the unloaded clock, as `asyncio.timeout` does."""
    loop, deadline = asyncio.get_running_loop(), unloaded() + seconds
    looks: list[asyncio.TimerHandle] = []
    async with asyncio.timeout(None) as limit:

        def look() -> None:
            left = deadline - unloaded()
            if left > 0:
                looks[:] = [loop.call_later(left, look)]
            else:
                limit.reschedule(loop.time())

        look()
        try:
            yield
        finally:
            for handle in looks:
                handle.cancel()
