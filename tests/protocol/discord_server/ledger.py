"""What the bot asked, when, and what came of it: the truth that tests compare with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from .errors import Problem

BAN_WINDOW = timedelta(minutes=10)
"""Cloudflare bans an address after 10,000 answers of 401, 403 or 429 in this time (Discord: Rate Limits)."""


@dataclass(slots=True)
class Request:
    """One request of the bot."""

    at: datetime
    method: str
    path: str
    route: str
    """Method and template, e.g. `POST /channels/{channel_id}/messages`; the path itself where there is none."""
    query: dict[str, str]
    body: Any
    files: tuple[str, ...] = ()
    status: int | None = None
    """What it was answered; None while it runs, or when the connection was cut instead."""
    answer: Any = None
    applied: bool = False
    """Whether it took effect, whatever the bot was told."""
    fault: str = ""
    """The scripted fault it met, if any."""
    shared: bool = False
    """A 429 of shared scope: not counted against the ban budget."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule of the platform, or of the club, that a request broke."""

    request: Request
    problems: tuple[Problem, ...]

    def __str__(self) -> str:
        return f"{self.request.route}: {'; '.join(map(str, self.problems))}"


@dataclass(slots=True)
class RequestLog:
    """Every request in the order it came."""

    requests: list[Request] = field(default_factory=list)
    running: int = 0
    """How many requests are being served now."""

    def to(self, route: str) -> list[Request]:
        """The requests to one route, e.g. `POST /channels/{channel_id}/messages`."""
        return [request for request in self.requests if request.route == route]

    def applied(self, route: str) -> list[Request]:
        """The requests to one route that took effect."""
        return [request for request in self.to(route) if request.applied]

    def invalid(self, now: datetime) -> int:
        """How much of the ban budget is used: answers of 401, 403, 429 (not shared) in the last 10 minutes."""
        return sum(
            request.status in (401, 403, 429) and not request.shared
            for request in self.requests
            if now - request.at <= BAN_WINDOW
        )
