"""Whose turn it is to ask a source that wants its requests apart, such as arXiv (one every three seconds)."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol


class Turnstile(Protocol):
    """Lets one request at a time through to a source; the store keeps one that all processes share."""

    async def turn(self, name: str, gap: timedelta) -> None:
        """Return when it is this process's turn to ask `name`; turns of all processes are `gap` apart."""
