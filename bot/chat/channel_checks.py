"""Check of a channel before it is used, as an optional part of a gateway."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from bot.chat.gateway import Location


@runtime_checkable
class ChecksChannels(Protocol):
    """A gateway whose platform has channels of several kinds, of which not each serves every purpose."""

    async def unsuitable(self, where: Location, purpose: str) -> str:
        """Reason why a channel's kind cannot serve a purpose, in the language in use; empty if it can, or if the
        channel cannot be looked at now.
        """
