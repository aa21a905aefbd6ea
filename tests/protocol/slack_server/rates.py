"""Slack's patience: so many messages a second in a channel, so many calls a minute of a method."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field

from tests.protocol.slack_server.clock import Clock
from tests.protocol.slack_server.world import Refusal

POSTING = ("chat.postMessage", "chat.postEphemeral")


class Flood(Refusal):
    """Too much at once: HTTP 429, and the seconds of Retry-After."""

    def __init__(self, seconds: float) -> None:
        super().__init__("ratelimited")
        self.seconds = max(1, math.ceil(seconds))


@dataclass(slots=True)
class Rates:
    """The limits in force; both are off until a test sets them.

    `channel_seconds` is the least time between two messages to a channel (Slack allows about one a second),
    `per_minute` how often a method may be called in a workspace in any 60 seconds.
    """

    clock: Clock
    channel_seconds: float | None = None
    per_minute: dict[str, int] = field(default_factory=dict)
    _last: dict[tuple[str, str], float] = field(default_factory=dict)
    _calls: dict[tuple[str, str], deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def admit(self, method: str, team: str, channel: str) -> None:
        """Count a call, or raise Flood with the whole seconds to wait."""
        now = self.clock.now()
        calls = self._calls[method, team]
        while calls and calls[0] <= now - 60:
            calls.popleft()
        if len(calls) >= self.per_minute.get(method, len(calls) + 1):
            raise Flood(calls[0] + 60 - now)
        if self.channel_seconds is not None and method in POSTING:
            before = self._last.get((team, channel))
            if before is not None and (left := before + self.channel_seconds - now) > 0:
                raise Flood(left)
            self._last[team, channel] = now
        if method in self.per_minute:
            calls.append(now)
