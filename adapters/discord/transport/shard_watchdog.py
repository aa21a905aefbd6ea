"""Whether each shard has a session, and how much of Discord's allowance for beginning new ones is left."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic

SESSION_RESERVE = 200
"""When so few new sessions are left of the day's thousand, they are spread over what is left of the day. Whoever
begins more has their token reset (Discord, "Gateway")."""


class ShardWatchdog:
    """Since when each shard has been without a session. Shards start one after another, and wait for their turns; the
    time of waiting does not count."""

    def __init__(self, shards: Iterable[int]) -> None:
        self._starting = deque(shards)
        self._since: dict[int, float] = {}
        self._shards_down = set(self._starting)
        self._expect_next()

    def mark_up(self, shard: int) -> None:
        """A shard has its session, or has it back."""
        self._since.pop(shard, None)
        self._shards_down.discard(shard)
        self._expect_next()

    def mark_down(self, shard: int) -> None:
        """A shard has lost its connection."""
        self._since.setdefault(shard, monotonic())
        self._shards_down.add(shard)

    @property
    def all_up(self) -> bool:
        """Whether every shard has its session, those that wait for their turns included."""
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
        """For how many seconds the worst of them has been without."""
        return monotonic() - min(self._since.values()) if self._since else 0.0

    def _expect_next(self) -> None:
        if self._starting:
            self.mark_down(self._starting.popleft())


@dataclass(slots=True)
class SessionStartLimit:
    """What Discord says of new sessions: how many are left, until when, and how many may begin at once."""

    remaining: int
    reset_at: float
    """On the monotonic clock."""
    max_concurrency: int
    min_gap: timedelta
    """How far apart they must be at least."""

    def take(self) -> timedelta:
        """Count one off, and say how far from the next it must be."""
        gap = self.min_gap
        if self.remaining < SESSION_RESERVE:
            gap = max(gap, timedelta(seconds=(self.reset_at - monotonic()) / max(self.remaining, 1)))
        self.remaining -= 1
        return gap
