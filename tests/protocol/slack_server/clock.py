"""Slack's own time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from typing import TypeVar

from tests.protocol.change_notifier import ChangeNotifier

T = TypeVar("T")


class Clock:
    """The time at Slack: it runs by itself, and a test may push it forward.

    Lifetimes (3 s for an answer, 30 min for a response_url, +5 min for the last retry) are measured with it,
    so that a test need not wait for them.
    """

    def __init__(self, start: float | None = None) -> None:
        self._start = time.time() if start is None else start
        self._begun = time.monotonic()
        self._ahead = 0.0
        self._jumped = ChangeNotifier()

    def now(self) -> float:
        """Seconds since 1970."""
        return self._start + (time.monotonic() - self._begun) + self._ahead

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass at once; whoever sleeps until then wakes up."""
        self._ahead += seconds
        self._jumped.notify()

    async def sleep(self, seconds: float) -> None:
        """Sleep `seconds` of Slack's time."""
        end = self.now() + seconds
        while (left := end - self.now()) > 0:
            await self._jumped.next_change(left)

    async def within(self, work: Awaitable[T], seconds: float) -> T:
        """The result of `work`, or TimeoutError when it is not there before `seconds` of Slack's time."""
        end = self.now() + seconds
        task = asyncio.ensure_future(work)
        alarm = asyncio.ensure_future(self.sleep(seconds))
        try:
            await asyncio.wait({task, alarm}, return_when=asyncio.FIRST_COMPLETED)
            if task.done() and self.now() < end:
                return task.result()
            raise TimeoutError
        finally:
            alarm.cancel()
            if not task.done():
                task.cancel()
