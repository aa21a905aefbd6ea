"""Watches each shard's session, and Discord's limit of new sessions."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic

SESSION_RESERVE = 200
"""New sessions of the day's thousand that are held in reserve: from here on they are spread over the rest of the day. A
bot that starts more has its token reset (Discord, "Gateway").
"""


class ShardWatchdog:
    """Seconds that each shard has been without a session. Shards start one after another; the time they wait for their
    turn does not count.
    """

    def __init__(self, shards: Iterable[int]) -> None:
        self._starting = deque(shards)
        self._since: dict[int, float] = {}
        self._shards_down = set(self._starting)
        self._expect_next()

    def mark_up(self, shard: int) -> None:
        """A shard has started or resumed its session."""
        self._since.pop(shard, None)
        self._shards_down.discard(shard)
        self._expect_next()

    def mark_down(self, shard: int) -> None:
        """A shard has lost its connection."""
        self._since.setdefault(shard, monotonic())
        self._shards_down.add(shard)

    @property
    def all_up(self) -> bool:
        """True if every shard has a session, including those that waited for their turn."""
        return not self._shards_down

    @contextmanager
    def waiting_for_turn(self, shard: int) -> Iterator[None]:
        """A block in which a shard waits for its turn."""
        elapsed = monotonic() - self._since.pop(shard, monotonic())
        try:
            yield
        finally:
            self._since[shard] = monotonic() - elapsed

    def seconds_down(self) -> float:
        """Seconds for which the longest-disconnected shard has been without a session."""
        return monotonic() - min(self._since.values()) if self._since else 0.0

    def _expect_next(self) -> None:
        if self._starting:
            self.mark_down(self._starting.popleft())


@dataclass(slots=True)
class SessionStartLimit:
    """Discord's limit of new sessions: number left, time of the reset, and number that may start at once."""

    remaining: int
    reset_at: float
    """Time of the reset, on the monotonic clock."""
    max_concurrency: int
    min_gap: timedelta
    """Least time between two session starts."""

    def take(self) -> timedelta:
        """Count one session start, and return the time to wait before the next."""
        gap = self.min_gap
        if self.remaining < SESSION_RESERVE:
            gap = max(gap, timedelta(seconds=(self.reset_at - monotonic()) / max(self.remaining, 1)))
        self.remaining -= 1
        return gap
