"""A program whose time runs faster: its clock, its timers and its time limits, all by the same factor.

A lease of a minute is over after some seconds, so that many kills can be lived through in an hour. Shared seconds stand
still while a process that is watched is at work: on a busy machine no lease runs out for want of a processor.
"""

from __future__ import annotations

import asyncio
import mmap
import struct
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from selectors import DefaultSelector
from typing import Any

from tests.protocol.slack_server.clock import Clock

_NUMBER = struct.Struct("d")
STEP = 0.01
"""Seconds of this machine between two steps of shared seconds."""
MOST = 0.05
"""Seconds of this machine by which shared seconds go on at most in one step."""


class SharedSeconds:
    """A number of seconds in a file, the same in every process that has the file open."""

    def __init__(self, path: Path) -> None:
        """Open the file; a new one begins at 0."""
        path.touch()
        with path.open("r+b") as file:
            if not path.stat().st_size:
                file.write(_NUMBER.pack(0.0))
                file.flush()
            self._page = mmap.mmap(file.fileno(), _NUMBER.size)

    def get(self) -> float:
        """The number."""
        value: float = _NUMBER.unpack_from(self._page)[0]
        return value

    def set(self, value: float) -> None:
        """Change the number, for all."""
        _NUMBER.pack_into(self._page, 0, value)


@dataclass(frozen=True, slots=True)
class FastTime:
    """Time that runs `speed` times as fast as this machine's, and agreed with it at `origin` (seconds since 1970)."""

    origin: float
    speed: float
    shared: SharedSeconds | None = None
    """Seconds since the origin, where somebody advances them; else this machine's clock alone is asked."""

    def seconds(self) -> float:
        """Seconds since 1970."""
        return self.origin + (self.shared.get() if self.shared else (time.time() - self.origin) * self.speed)

    def now(self) -> datetime:
        """The same as an aware time in UTC."""
        return datetime.fromtimestamp(self.seconds(), UTC)

    async def sleep(self, seconds: float) -> None:
        """Sleep fast seconds, in a loop that goes by this machine's clock."""
        until = self.seconds() + seconds
        while (left := until - self.seconds()) > 0:  # noqa: ASYNC110  another process advances it
            await asyncio.sleep(max(left / self.speed, 0.005))

    def loop(self) -> asyncio.AbstractEventLoop:
        """An event loop whose timers go by this time."""
        return _FastLoop(self)


@dataclass(slots=True)
class Advance:
    """Advances shared seconds while all watched processes wait for something else than a processor."""

    fast: FastTime
    _at: float = field(default_factory=time.monotonic)

    def step(self, pids: Iterable[int]) -> None:
        """Go on by what has passed since the last step, if nobody is at work now."""
        assert self.fast.shared is not None
        now = time.monotonic()
        if not any(map(_is_at_work, pids)):
            self.fast.shared.set(self.fast.shared.get() + min(now - self._at, MOST) * self.fast.speed)
        self._at = now


def children(pid: int) -> list[int]:
    """Ids of the processes that a process has started."""
    with suppress(OSError):
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def _is_at_work(pid: int) -> bool:
    """True if a thread of the process runs, wants to run, or waits for a disk."""
    with suppress(OSError):
        return any(task.joinpath("stat").read_text().rpartition(") ")[2][0] in "RD" for task in _threads(pid))
    return False


def _threads(pid: int) -> Iterable[Path]:
    return Path(f"/proc/{pid}/task").iterdir()


class _FastSelector(DefaultSelector):
    """A selector that is told how long to wait in the loop's fast seconds."""

    speed, least = 1.0, 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        """Wait for as long as that is on this machine."""
        return super().select(timeout if timeout is None or timeout <= 0 else max(timeout / self.speed, self.least))


class _FastLoop(asyncio.SelectorEventLoop):
    def __init__(self, fast: FastTime) -> None:
        selector = _FastSelector()
        selector.speed = fast.speed
        selector.least = 2 * STEP if fast.shared else 0.0  # who wakes up more often is at work at every step
        self._fast = fast
        super().__init__(selector)

    def time(self) -> float:
        """Seconds of the fast clock; shared ones since the origin.

        Seconds since 1970 would be too large: their floats are further apart than the loop's resolution, so that a
        timer of this very moment is not yet due and not in the future. The loop would be at work with that for ever,
        while shared seconds stand still.
        """
        return self._fast.shared.get() if self._fast.shared else time.monotonic() * self._fast.speed


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
