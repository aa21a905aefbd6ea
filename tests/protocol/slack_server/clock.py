"""Slack's own time, and a bell that rings whenever something happens."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


class ChangeNotifier:
    """Wakes everybody who waits for something to happen; rung from plain (not async) code."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        self._event.set()
        self._event = asyncio.Event()

    async def heard(self, seconds: float | None = None) -> bool:
        """Wait for the next ring; False when so many `seconds` went by in silence."""
        try:
            await asyncio.wait_for(self._event.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def until(self, predicate: Callable[[], T | None], patience: float) -> T:
        """Wait until `predicate` gives something true, looking again at each ring.

        Raises TimeoutError after `patience` seconds of real time.
        """
        deadline = time.monotonic() + patience
        while not (found := predicate()):
            left = deadline - time.monotonic()
            if left <= 0 or not await self.heard(left):
                if found := predicate():
                    return found
                raise TimeoutError(f"Slack waited {patience:g} s and it did not happen")
        return found


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
        self._jumped.ring()

    async def sleep(self, seconds: float) -> None:
        """Sleep `seconds` of Slack's time."""
        end = self.now() + seconds
        while (left := end - self.now()) > 0:
            await self._jumped.heard(left)

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
