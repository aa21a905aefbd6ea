"""Time and ids: the two things Discord hands out that must never run backwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tests.unloaded_clock import unloaded

EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
"""The first millisecond of snowflake time (Discord: Reference, Snowflakes)."""


def _wall() -> datetime:
    return datetime.now(UTC)


class Clock:
    """What time it is at Discord: the wall clock unless a test moves it or brings its own."""

    def __init__(self, now: Callable[[], datetime] | None = None) -> None:
        self._now = now or _wall
        self._is_own = now is not None
        self._ahead = timedelta()

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return self._now() + self._ahead

    def for_limits(self) -> datetime:
        """The moment for limits of what the bot has to do in time: a busy machine is no fault of the bot.

        Like the present one, but time does not pass while the machine kept the test, or a program that it started,
        from running; unless the test brought its own clock.
        """
        return self.now() if self._is_own else EPOCH + timedelta(seconds=unloaded()) + self._ahead

    def advance(self, step: timedelta) -> None:
        """Let time pass at once."""
        self._ahead += step


class Snowflakes:
    """Ids that sort by time and never repeat: milliseconds since 2015 above bit 22, a counter below."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0
        self._guilds = 0

    def next(self) -> int:
        """A new id, larger than every id before it."""
        self._last = max(snowflake_of(self._clock.now()), self._last + 1)
        return self._last

    def next_guild(self) -> int:
        """A guild's id: the n-th guild (from 0) lies on shard n % count, so tests know who owns it."""
        base = 60_480_000_000  # ms since 2015, late 2016: a multiple of every shard count up to 10
        self._guilds += 1
        return (base + self._guilds - 1) << 22


def snowflake_of(moment: datetime) -> int:
    """The smallest id of a moment."""
    return int((moment - EPOCH) / timedelta(milliseconds=1)) << 22


def stamp(moment: datetime) -> str:
    """A moment as Discord writes it."""
    return moment.isoformat(timespec="microseconds")
