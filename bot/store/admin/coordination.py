"""Coordination of processes: leases, rate gates, cached facts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update

from bot.domain.models import CachedFact, Lease, RateGateState
from bot.store.base.statements import insert_if_absent
from bot.store.base.transaction import BaseRepository

MAX_RATE_GATE_WAIT = 500
"""Turns that may be taken ahead. A row further ahead was written by a clock that was wrong, and nobody waits for it."""


class Leases(BaseRepository):
    """All processes of one database see the same ones. Whoever dies while holding one is found out when it runs out."""

    async def take(self, name: str, owner: str, now: datetime, length: timedelta) -> bool:
        """Take a lease, or make one's own longer; False while another holds it."""
        until = now + length
        if await insert_if_absent(self._session, Lease, {"name": name, "owner": owner, "until": until}):
            return True
        mine = or_(Lease.owner == owner, Lease.until < now)
        taken = update(Lease).where(Lease.name == name, mine).values(owner=owner, until=until).returning(Lease.name)
        return (await self._session.execute(taken)).first() is not None

    async def active(self, prefix: str, now: datetime) -> Sequence[Lease]:
        """The leases that somebody holds now, of those whose name begins like this, by name."""
        held = select(Lease).where(Lease.name.startswith(prefix, autoescape=True), Lease.until >= now)
        return (await self._session.scalars(held.order_by(Lease.name))).all()

    async def release(self, owner: str) -> None:
        """Let all go that an owner holds."""
        await self._session.execute(delete(Lease).where(Lease.owner == owner))


class RateGates(BaseRepository):
    """Moments at which all processes together may ask a host, one after another."""

    async def reserve(self, name: str, gap: timedelta, now: datetime) -> datetime:
        """When this caller may ask `name`: turns of all processes are `gap` apart."""
        await insert_if_absent(self._session, RateGateState, {"name": name, "next_at": now})
        turn = await self._session.get_one(RateGateState, name, with_for_update=True, populate_existing=True)
        mine = turn.next_at if now < turn.next_at <= now + MAX_RATE_GATE_WAIT * gap else now
        turn.next_at = mine + gap
        return mine


class CachedFacts(BaseRepository):
    """Small values remembered between starts, by name."""

    async def value(self, name: str) -> str:
        """A small thing remembered between starts; empty if it is not."""
        return await self._session.scalar(select(CachedFact.value).where(CachedFact.name == name)) or ""

    async def values(self, names: Collection[str]) -> dict[str, str]:
        """Those of these small things that are remembered."""
        found = await self._session.execute(select(CachedFact.name, CachedFact.value).where(CachedFact.name.in_(names)))
        return {row.name: row.value for row in found}

    async def beginning(self, prefix: str) -> dict[str, str]:
        """The small things whose names begin like this, by name."""
        named = CachedFact.name.startswith(prefix, autoescape=True)
        found = await self._session.execute(select(CachedFact.name, CachedFact.value).where(named))
        return {row.name: row.value for row in found}

    async def forget(self, name: str) -> None:
        """Remember a small thing no longer."""
        await self._session.execute(delete(CachedFact).where(CachedFact.name == name))

    async def store(self, name: str, value: str) -> None:
        """Remember a small thing."""
        await insert_if_absent(self._session, CachedFact, {"name": name, "value": value}, keys=("name",))
