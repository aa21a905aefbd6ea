"""State of a thread before people are sent there, as an optional part of a gateway."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol, runtime_checkable

from bot.chat.gateway import Location


class ThreadState(StrEnum):
    """State of a thread for those who may write in its channel."""

    OPEN = "open"
    LOCKED = "locked"
    """Only moderators can write there."""
    GONE = "gone"


@runtime_checkable
class ChecksThreads(Protocol):
    """A gateway whose platform locks and deletes threads."""

    async def thread_state(self, where: Location) -> ThreadState:
        """State of the thread `where.thread`; OPEN too if it cannot be looked at now."""
