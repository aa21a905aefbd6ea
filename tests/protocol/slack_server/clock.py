"""Slack's own time, and a bell that rings whenever something happens."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tests.unloaded_clock import happened, unloaded

T = TypeVar("T")


class ChangeNotifier:
    """Wakes everybody who waits for something to happen; rung from plain (not async) code."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        self._event.set()
        self._event = asyncio.Event()

    async def heard(self, seconds: float | None = None) -> bool:
        """Wait for the next ring; False when so many `seconds` of the unloaded clock went by in silence."""
        return await happened(self._event, seconds)

    async def until(self, predicate: Callable[[], T | None], patience: float) -> T:
        """Wait until `predicate` gives something true, looking again at each ring.

        Raises TimeoutError after `patience` seconds of the unloaded clock.
        """
        deadline = unloaded() + patience
        while not (found := predicate()):
            left = deadline - unloaded()
            if left <= 0 or not await self.heard(left):
                if found := predicate():
                    return found
                raise TimeoutError(f"Slack waited {patience:g} s and it did not happen")
        return found


class Clock:
    """The time at Slack: it runs by itself, and a test may push it forward.

    Lifetimes (3 s for an answer, 30 min for a response_url, +5 min for the last retry) are measured with it,
    so that a test need not wait for them. What the app has to do in time is measured by the unloaded clock that is
    pushed forward as well, since a busy machine is no fault of the app.
    """

    def __init__(self, start: float | None = None) -> None:
        self._start = time.time() if start is None else start
        self._begun = time.monotonic()
        self._ahead = 0.0
        self._jumped = ChangeNotifier()

    def now(self) -> float:
        """Seconds since 1970."""
        return self._start + (time.monotonic() - self._begun) + self._ahead

    def for_limits(self) -> float:
        """Seconds of the unloaded clock, for time limits."""
        return unloaded() + self._ahead

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass at once; whoever sleeps until then wakes up."""
        self._ahead += seconds
        self._jumped.ring()

    async def sleep(self, seconds: float) -> None:
        """Sleep `seconds` of Slack's time."""
        end = self.for_limits() + seconds
        while (left := end - self.for_limits()) > 0:
            await self._jumped.heard(left)

    async def within(self, work: Awaitable[T], seconds: float) -> T:
        """The result of `work`, or TimeoutError when it is not there before `seconds` of Slack's time."""
        end = self.for_limits() + seconds
        task = asyncio.ensure_future(work)
        alarm = asyncio.ensure_future(self.sleep(seconds))
        try:
            await asyncio.wait({task, alarm}, return_when=asyncio.FIRST_COMPLETED)
            if task.done() and self.for_limits() < end:
                return task.result()
            raise TimeoutError
        finally:
            alarm.cancel()
            if not task.done():
                task.cancel()
