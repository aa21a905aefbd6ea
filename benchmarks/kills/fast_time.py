"""A program whose time runs faster: its clock, its timers and its time limits, all by the same factor.

A lease of a minute is over after three seconds, so that many kills can be lived through in an hour.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from selectors import DefaultSelector
from typing import Any

from tests.protocol.slack_server.clock import Clock


@dataclass(frozen=True, slots=True)
class FastTime:
    """Time that runs `speed` times as fast as this machine's, and agreed with it at `origin` (seconds since 1970)."""

    origin: float
    speed: float

    def seconds(self) -> float:
        """Seconds since 1970."""
        return self.origin + (time.time() - self.origin) * self.speed

    def now(self) -> datetime:
        """The same as an aware time in UTC."""
        return datetime.fromtimestamp(self.seconds(), UTC)

    def loop(self) -> asyncio.AbstractEventLoop:
        """An event loop whose timers go by this time."""
        return _FastLoop(self.speed)


class _FastSelector(DefaultSelector):
    """A selector that is told how long to wait in the loop's fast seconds."""

    speed = 1.0

    def select(self, timeout: float | None = None) -> list[Any]:
        """Wait for as long as that is on this machine."""
        return super().select(timeout if timeout is None or timeout <= 0 else timeout / self.speed)


class _FastLoop(asyncio.SelectorEventLoop):
    def __init__(self, speed: float) -> None:
        selector = _FastSelector()
        selector.speed = self._speed = speed
        super().__init__(selector)

    def time(self) -> float:
        """Seconds of the fast clock."""
        return time.monotonic() * self._speed


class FastClock(Clock):
    """The local Slack's clock in fast time. People and connections, which are real, keep their real patience."""

    def __init__(self, fast: FastTime) -> None:
        super().__init__()
        self._fast = fast

    def now(self) -> float:
        """Seconds since 1970, in fast time."""
        return self._fast.seconds() + self._ahead

    async def sleep(self, seconds: float) -> None:
        """Sleep real seconds."""
        await asyncio.sleep(seconds)
