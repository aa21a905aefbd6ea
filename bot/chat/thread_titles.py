"""Titles of threads, as an optional part of a gateway."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from bot.chat.gateway import Location


@runtime_checkable
class RenamesThreads(Protocol):
    """A gateway whose platform gives threads a title of their own."""

    async def rename_thread(self, where: Location, title: str) -> None:
        """Give the thread `where.thread` another title. Raises NotSent, Refused and OutcomeUnknown."""
