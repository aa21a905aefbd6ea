"""Outages of platforms that a club's moderators were told of, so that each has one message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.store.admin.coordination import CachedFacts
from bot.store.base.transaction import ClubRepository

FACT = "outage:{platform}:{club}"
"""Name of the fact that holds an outage's entry of the audit log, so that a restart continues the same message."""


@dataclass(frozen=True, slots=True)
class Outage:
    """An outage that was reported to a club."""

    act_id: int
    since: datetime


class Outages(ClubRepository):
    """Reported outages of one club, at most one a platform."""

    async def locked(self, platform: str) -> Outage | None:
        """The outage that was reported, if one goes on. Others who report wait until this transaction ends."""
        await self.lock_club()
        value = await CachedFacts(self._transaction).value(self._name(platform))
        return read_outage(value) if value else None

    async def start(self, platform: str, outage: Outage) -> None:
        """Store that an outage was reported, in the transaction that plans its message."""
        await CachedFacts(self._transaction).store(self._name(platform), f"{outage.act_id} {outage.since.isoformat()}")

    async def end(self, platform: str) -> None:
        """Forget an outage that is over."""
        await CachedFacts(self._transaction).forget(self._name(platform))

    def _name(self, platform: str) -> str:
        return FACT.format(platform=platform, club=self._club_id)


def read_outage(value: str) -> Outage:
    """The outage of a stored fact."""
    act_id, _, since = value.partition(" ")
    return Outage(int(act_id), datetime.fromisoformat(since))
