"""Slack's own time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from typing import TypeVar

from tests.protocol.change_notifier import ChangeNotifier
from tests.unloaded_clock import unloaded

T = TypeVar("T")


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
        self._jumped.notify()

    async def sleep(self, seconds: float) -> None:
        """Sleep `seconds` of Slack's time."""
        end = self.for_limits() + seconds
        while (left := end - self.for_limits()) > 0:
            await self._jumped.next_change(left)

    async def within(self, work: Awaitable[T], seconds: float) -> T:
        """The result of `work`, or TimeoutError when it is not there before `seconds` of Slack's time."""
        end = self.for_limits() + seconds
        task = asyncio.ensure_future(work)
        timer = asyncio.ensure_future(self.sleep(seconds))
        try:
            await asyncio.wait({task, timer}, return_when=asyncio.FIRST_COMPLETED)
            if task.done() and self.for_limits() < end:
                return task.result()
            raise TimeoutError
        finally:
            timer.cancel()
            if not task.done():
                task.cancel()
