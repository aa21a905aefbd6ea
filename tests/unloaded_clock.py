"""A clock for time limits: it does not count the time in which other programs kept this one from running.

A test waits for what must happen within some seconds. On a machine that runs other things too, a program gets a
fraction of a processor, and a limit by the wall clock says more about the machine than about the program.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from time import monotonic

SLOWEST = 0.05
"""Seconds that pass here during a second of the wall clock, at the least: a limit is reached on every machine."""

WATCHED: set[int] = set()
"""Ids of the other processes that tests wait for: programs that they have started."""


def queued(pid: int | str = "self") -> float:
    """Seconds in which a process was ready to run and waited for a processor; 0 where the system does not tell.

    It is the second number of `/proc/<pid>/schedstat` in Linux, in nanoseconds, for the process's main thread.
    """
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text("ascii").split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0


def all_queued() -> dict[int | str, float]:
    """Of this process (`own`) and of each that is watched: the seconds in which it waited for a processor."""
    return {"own": queued(), **{pid: queued(pid) for pid in WATCHED}}


class UnloadedClock:
    """Seconds of the wall clock, without those in which this process or a watched one waited for a processor."""

    def __init__(
        self, wall: Callable[[], float] = monotonic, waited: Callable[[], dict[int | str, float]] = all_queued
    ) -> None:
        self._wall, self._waited = wall, waited
        self._now, self._looked_at, self._before = 0.0, wall(), waited()

    def now(self) -> float:
        """Seconds since some moment; they never run backwards."""
        at, waited = self._wall(), self._waited()
        lost = sum(max(0.0, seconds - self._before.get(pid, seconds)) for pid, seconds in waited.items())
        passed = at - self._looked_at
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
