"""How fast Slack may be asked: one message a second in a channel, one redraw a second of a message, pauses obeyed.

The first is documented (docs.slack.dev, "Rate limits"); the second keeps a hot card, voted for many times a second,
to as many edits as a reader can follow. A pause that Slack asked for holds for a method in a workspace.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from adapters.slack.transport.outcomes import RateLimited

MAX_KEYS = 10_000
"""Places that are remembered before those whose time has come are forgotten."""


@dataclass(slots=True)
class RateLimiter:
    """When each place may be used again. Times are this process's own."""

    gap: float
    """Seconds between two messages in a channel, and between two redraws of one message or home tab: a little more
    than the second that Slack counts, since it counts at its end."""
    clock: Callable[[], float] = monotonic
    _next_allowed: dict[tuple[str, ...], float] = field(default_factory=dict)
    _paused_until: dict[tuple[str, str], float] = field(default_factory=dict)

    async def wait(self, *place: str) -> None:
        """Wait for one's turn at a channel, or at one message of it. Whoever asks first is first."""
        if (wait := self._reserve(place)) > 0:
            await asyncio.sleep(wait)

    def pause(self, team: str, method: str, seconds: float) -> None:
        """Leave a method alone in a workspace, as Slack asked."""
        self._paused_until[team, method] = self.clock() + seconds

    def check_pause(self, team: str, method: str) -> None:
        """Raises Paused while a pause holds: asking all the same only makes it longer."""
        until = self._paused_until.get((team, method))
        if until is None:
            return
        if (left := until - self.clock()) > 0:
            raise RateLimited("Slack asks for a pause", left)
        del self._paused_until[team, method]

    def _reserve(self, place: tuple[str, ...]) -> float:
        now = self.clock()
        if len(self._next_allowed) >= MAX_KEYS:
            self._next_allowed = {known: at for known, at in self._next_allowed.items() if at > now}
        mine = max(now, self._next_allowed.get(place, now))
        self._next_allowed[place] = mine + self.gap
        return mine - now
