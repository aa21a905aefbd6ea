"""Timeouts and back-off intervals for Discord."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Timeouts:
    """All waits of the connection, in seconds unless typed otherwise. Tests use shorter ones."""

    identify_gap: timedelta = timedelta(seconds=5)
    """Time between two identifies (Discord, "Sharding": `max_concurrency` of them every five seconds)."""
    check_interval: float = 5.0
    """Time between two checks of the watchdog."""
    shard_down: float = 60.0
    """Time that a shard may be without a session before its client is replaced. discord.py reconnects by itself in most
    cases within this time, but waits longer after each failure.
    """
    heartbeat_overdue: float = 20.0
    """Time without a heartbeat's answer after which an open WebSocket counts as dead. discord.py itself waits for up to
    a hundred seconds.
    """
    min_backoff: float = 1.0
    max_backoff: float = 60.0
    """Longest time between two clients: it doubles after each one that did not last, so that an outage costs few
    identifies.
    """
    stable_after: float = 600.0
    """Time after which a client counts as one that lasted."""
    refused_window: float = 900.0
    """Time for which a refusal of the token is tried again if it was accepted before: Discord refuses good tokens while
    it is in trouble.
    """
    login: float = 30.0
    """Time limit for logging in."""
    shard_lease: timedelta = timedelta(seconds=15)
    """Time that a shard stays leased after the last renewal; renewals are three times as often."""
    close: float = 3.0
    """Time limit for closing one WebSocket."""
    drain: float = 8.0
    """Time that answers and posts in progress may take to end at shutdown."""


DEFAULT_TIMEOUTS = Timeouts()
