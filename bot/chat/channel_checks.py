"""Check of a channel before it is used, as an optional part of a gateway."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from bot.chat.gateway import Location


@runtime_checkable
class ChecksChannels(Protocol):
    """A gateway whose platform has channels that cannot be used, or kinds that do not serve every purpose."""

    async def unsuitable(self, where: Location, purpose: str) -> str:
        """Reason why a channel cannot serve a purpose, in the language in use; empty if it can, or if the channel
        cannot be looked at now.
        """
