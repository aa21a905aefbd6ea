"""Coordination of processes: leases, rate gates, cached facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update

from bot.domain.models import (
    Lease,
)
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

    async def held(self, prefix: str, now: datetime) -> Sequence[Lease]:
        """The leases that somebody holds now, of those whose name begins like this, by name."""
        held = select(Lease).where(Lease.name.startswith(prefix, autoescape=True), Lease.until >= now)
        return (await self._session.scalars(held.order_by(Lease.name))).all()

    async def release(self, owner: str) -> None:
        """Let all go that an owner holds."""
        await self._session.execute(delete(Lease).where(Lease.owner == owner))
