"""Limits requests to one message a second in a channel and one update a second of a message, and obeys pauses.

The first limit is documented (docs.slack.dev, "Rate limits"). The second keeps a card with many votes a second to as
many edits as a reader can follow. A pause that Slack asks for holds for a method in a workspace.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from adapters.slack.transport.outcomes import RateLimited

MOST = 10_000
"""Channels and messages that are remembered before expired ones are dropped."""


@dataclass(slots=True)
class RateLimiter:
    """The next allowed time of each channel and message, in this process."""

    gap: float
    """Seconds between two messages in a channel, and between two updates of one message or Home tab: a little more than
    the second that Slack counts, since it counts at its end.
    """
    clock: Callable[[], float] = monotonic
    _next: dict[tuple[str, ...], float] = field(default_factory=dict)
    _paused: dict[tuple[str, str], float] = field(default_factory=dict)

    async def wait(self, *place: str) -> None:
        """Wait for the next allowed time of a channel, or of one message of it. Waiters are served in order."""
        if (wait := self._take(place)) > 0:
            await asyncio.sleep(wait)

    def pause(self, team: str, method: str, seconds: float) -> None:
        """Record a pause of a method in a workspace."""
        self._paused[team, method] = self.clock() + seconds

    def admit(self, team: str, method: str) -> None:
        """Raises RateLimited while a pause holds: a request would only make it longer."""
        until = self._paused.get((team, method))
        if until is None:
            return
        if (left := until - self.clock()) > 0:
            raise RateLimited("Slack asks for a pause", left)
        del self._paused[team, method]

    def _take(self, place: tuple[str, ...]) -> float:
        now = self.clock()
        if len(self._next) >= MOST:
            self._next = {known: at for known, at in self._next.items() if at > now}
        mine = max(now, self._next.get(place, now))
        self._next[place] = mine + self.gap
        return mine - now
