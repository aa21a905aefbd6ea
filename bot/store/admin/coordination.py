"""Coordination of processes: leases, rate gates, cached facts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update

from bot.domain.models import CachedFact, Lease, RateGateState
from bot.store.base.statements import insert_if_absent
from bot.store.base.transaction import BaseRepository

MAX_RATE_GATE_WAIT = 500
"""Requests that may be scheduled ahead. A row further ahead comes from a wrong clock and is ignored."""
FORMER_FACT_NAMES: Mapping[str, str] = {"arxiv volume ": "outpour "}
"""Former beginnings of the names of facts, by the present ones. Rows of earlier releases are still read."""


class Leases(BaseRepository):
    """Leases shared by all processes of a database. The lease of a process that died ends when it expires."""

    async def take(self, name: str, owner: str, now: datetime, length: timedelta) -> bool:
        """Take or renew a lease; False if another process holds it."""
        until = now + length
        if await insert_if_absent(self._session, Lease, {"name": name, "owner": owner, "until": until}):
            return True
        available = or_(Lease.owner == owner, Lease.until < now)
        taken = update(Lease).where(Lease.name == name, available).values(owner=owner, until=until)
        return (await self._session.execute(taken.returning(Lease.name))).first() is not None

    async def active(self, prefix: str, now: datetime) -> Sequence[Lease]:
        """The leases that somebody holds now, of those whose name begins like this, by name."""
        held = select(Lease).where(Lease.name.startswith(prefix, autoescape=True), Lease.until >= now)
        return (await self._session.scalars(held.order_by(Lease.name))).all()

    async def free_all(self) -> int:
        """End every lease, where no other process can hold one. Returns their number."""
        return len((await self._session.execute(delete(Lease).returning(Lease.name))).all())

    async def release(self, owner: str) -> None:
        """Release all leases of an owner."""
        await self._session.execute(delete(Lease).where(Lease.owner == owner))


class RateGates(BaseRepository):
    """Times at which the processes of a database may send requests to a host, one after another."""

    async def reserve(self, name: str, gap: timedelta, now: datetime) -> datetime:
        """The time at which the caller may send a request to `name`; times of all processes are `gap` apart."""
        await insert_if_absent(self._session, RateGateState, {"name": name, "next_at": now})
        gate = await self._session.get_one(RateGateState, name, with_for_update=True, populate_existing=True)
        reserved = gate.next_at if now < gate.next_at <= now + MAX_RATE_GATE_WAIT * gap else now
        gate.next_at = reserved + gap
        return reserved


class CachedFacts(BaseRepository):
    """Small values that are stored between starts, by name."""

    async def value(self, name: str) -> str:
        """A stored value; empty if there is none."""
        return (await self.values([name])).get(name, "")

    async def values(self, names: Collection[str]) -> dict[str, str]:
        """The stored values among these names, also where a value is stored under the fact's former name."""
        former = {_former_name(name): name for name in names}
        either = CachedFact.name.in_({*names, *former})
        found = await self._session.execute(select(CachedFact.name, CachedFact.value).where(either))
        stored = {row.name: row.value for row in found}
        return {
            name: stored.get(name, stored.get(old, "")) for old, name in former.items() if {old, name} & set(stored)
        }

    async def beginning(self, prefix: str) -> dict[str, str]:
        """The stored values whose names start with `prefix`, by name."""
        named = CachedFact.name.startswith(prefix, autoescape=True)
        found = await self._session.execute(select(CachedFact.name, CachedFact.value).where(named))
        return {row.name: row.value for row in found}

    async def forget(self, name: str) -> None:
        """Delete a stored value, if there is one."""
        await self._session.execute(delete(CachedFact).where(CachedFact.name == name))

    async def store(self, name: str, value: str) -> None:
        """Store a value."""
        await insert_if_absent(self._session, CachedFact, {"name": name, "value": value}, keys=("name",))


def _former_name(name: str) -> str:
    """The name that earlier releases gave a fact; the same for most."""
    for present, former in FORMER_FACT_NAMES.items():
        if name.startswith(present):
            return former + name.removeprefix(present)
    return name
