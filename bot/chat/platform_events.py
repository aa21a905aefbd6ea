"""Events of platforms that have them (Discord's scheduled events), as an optional part of a gateway."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from bot.chat.gateway import Location


@dataclass(frozen=True, slots=True)
class PlatformEvent:
    """An event to be shown. `key` is unique to it, to find it again."""

    key: str
    name: str
    description: str
    location: str
    starts_at: datetime
    ends_at: datetime


class EventGone(Exception):
    """The event was deleted, or is over, so that it cannot be changed."""


@runtime_checkable
class HasEvents(Protocol):
    """A gateway whose platform has events. Calls raise NotSent, Refused and OutcomeUnknown."""

    async def events(self, where: Location) -> Mapping[str, str]:
        """Ids of our events to come in a workspace, by key."""

    async def create_event(self, where: Location, event: PlatformEvent) -> str:
        """Create an event. Returns its id."""

    async def change_event(self, where: Location, id: str, event: PlatformEvent) -> None:
        """Change an event. Raises EventGone if it is not there any more."""

    async def cancel_event(self, where: Location, id: str) -> None:
        """Cancel an event. A missing one is no error."""
