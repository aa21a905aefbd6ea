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

MAX_KEYS = 10_000
"""Channels and messages that are remembered before expired ones are dropped."""


@dataclass(slots=True)
class RateLimiter:
    """The next allowed time of each channel and message, in this process."""

    gap: float
    """Seconds between two messages in a channel, and between two updates of one message or Home tab: a little more than
    the second that Slack counts, since it counts at its end.
    """
    clock: Callable[[], float] = monotonic
    _next_allowed: dict[tuple[str, ...], float] = field(default_factory=dict)
    _paused_until: dict[tuple[str, str], float] = field(default_factory=dict)

    async def wait(self, *place: str) -> None:
        """Wait for the next allowed time of a channel, or of one message of it. Waiters are served in order."""
        if (wait := self._reserve(place)) > 0:
            await asyncio.sleep(wait)

    def pause(self, team: str, method: str, seconds: float) -> None:
        """Record a pause of a method in a workspace."""
        self._paused_until[team, method] = self.clock() + seconds

    def check_pause(self, team: str, method: str) -> None:
        """Raises RateLimited while a pause holds: a request would only make it longer."""
        until = self._paused_until.get((team, method))
        if until is None:
            return
        if (left := until - self.clock()) > 0:
            raise RateLimited("Slack’s rate limit was reached", left)
        del self._paused_until[team, method]

    def _reserve(self, place: tuple[str, ...]) -> float:
        now = self.clock()
        if len(self._next_allowed) >= MAX_KEYS:
            self._next_allowed = {known: at for known, at in self._next_allowed.items() if at > now}
        mine = max(now, self._next_allowed.get(place, now))
        self._next_allowed[place] = mine + self.gap
        return mine - now
