"""How long things take on the way to Discord: what is waited for, and how patiently."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Timeouts:
    """All waits of the connection, in seconds. Tests bring quicker ones."""

    identify_gap: timedelta = timedelta(seconds=5)
    """How far apart identifies must be (Discord, "Sharding": `max_concurrency` of them every five seconds)."""
    check_interval: float = 5.0
    """Between two looks of the watchdog."""
    shard_down: float = 60.0
    """How long a shard may be without a session before its client is replaced. discord.py comes back by itself from
    most troubles within this time, but waits ever longer after each failure."""
    heartbeat_overdue: float = 20.0
    """How long a heartbeat may go unanswered before a line that looks open counts as dead. discord.py itself waits
    for up to a hundred seconds."""
    min_backoff: float = 1.0
    max_backoff: float = 60.0
    """Between two lives of the client: doubled after each that did not last, so that an outage costs few identifies."""
    stable_after: float = 600.0
    """After how long a life counts as one that lasted."""
    login: float = 30.0
    """How long logging in may take."""
    shard_lease: timedelta = timedelta(seconds=15)
    """How long a shard stays a process's own after that was last written down, which is three times as often."""
    close: float = 3.0
    """How long closing one line may take."""
    drain: float = 8.0
    """How long answers and posts under way may take to end when it is time to leave."""


DEFAULT_TIMEOUTS = Timeouts()
