"""A program whose time runs faster: its clock, its timers and its time limits, all by the same factor.

A lease of a minute is over after some seconds, so that many kills can be lived through in an hour. Shared seconds stand
still while a process that is watched waits for a processor: on a busy machine no lease runs out for want of one.
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
    """Advances shared seconds: by the time in which none of the watched processes waited for a processor."""

    fast: FastTime
    _at: float = field(default_factory=time.monotonic)
    _waited: dict[int, int] = field(default_factory=dict)

    def step(self, pids: Iterable[int]) -> None:
        """Go on by what has passed since the last step."""
        assert self.fast.shared is not None
        now, waits = time.monotonic(), {pid: _nanoseconds_waited(pid) for pid in pids}
        longest = max((waited - self._waited.get(pid, waited) for pid, waited in waits.items()), default=0)
        passed = min(max(now - self._at - longest / 1e9, 0.0), MOST)
        self.fast.shared.set(self.fast.shared.get() + passed * self.fast.speed)
        self._at, self._waited = now, waits


def children(pid: int) -> list[int]:
    """Ids of the processes that a process has started."""
    with suppress(OSError):
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def _nanoseconds_waited(pid: int) -> int:
    """Time that a process's first thread has waited for a processor, by Linux's count."""
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1])
    return 0


class _FastSelector(DefaultSelector):
    """A selector that is told how long to wait in the loop's fast seconds."""

    speed = 1.0

    def select(self, timeout: float | None = None) -> list[Any]:
        """Wait for as long as that is on this machine."""
        return super().select(timeout if timeout is None or timeout <= 0 else timeout / self.speed)


class _FastLoop(asyncio.SelectorEventLoop):
    def __init__(self, fast: FastTime) -> None:
        selector = _FastSelector()
        selector.speed = fast.speed
        self._fast = fast
        super().__init__(selector)

    def time(self) -> float:
        """Seconds of the fast clock."""
        return self._fast.seconds() if self._fast.shared else time.monotonic() * self._fast.speed


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
