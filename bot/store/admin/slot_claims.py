"""Slots of all clubs: the leases under which processes work on them, and how overdue they are."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update

from bot.domain.models import AT_ONCE, Club, Edition, EditionState, Slot, SlotState
from bot.store.base.transaction import BaseRepository


class SlotClaims(BaseRepository):
    """Due times of editions, each worked on by one process at a time under a lease."""

    async def oldest_overdue(self, now: datetime) -> datetime | None:
        """Due time of the most overdue slot. Drafts that wait for approval and paused clubs do not count."""
        waiting = select(Edition.id).where(Edition.slot_id == Slot.id, Edition.state == EditionState.DRAFT).exists()
        return await self._session.scalar(
            select(func.min(Slot.due_at))
            .join(Club, Club.id == Slot.club_id)
            .where(Slot.state == SlotState.DUE, Slot.due_at <= now, Club.paused_at.is_(None), ~waiting)
        )

    async def claim(self, slot_id: int, owner: str, now: datetime, lease: timedelta) -> bool:
        """Claim a slot for a process, also one that it holds already; False if another process has it."""
        claimed = (
            update(Slot)
            .where(Slot.id == slot_id, Slot.state == SlotState.DUE)
            .where(or_(Slot.lease_until.is_(None), Slot.lease_until < now, Slot.owner == owner))
            .values(owner=owner, lease_until=now + lease, tries=Slot.tries + 1)
            .returning(Slot.id)
        )
        return (await self._session.execute(claimed)).first() is not None

    async def renew(self, owner: str, until: datetime) -> None:
        """Hold for longer what a process is at work on."""
        await self._session.execute(
            update(Slot).where(Slot.owner == owner, Slot.lease_until.is_not(None)).values(lease_until=until)
        )

    async def free_all(self) -> None:
        """Let all go that anybody holds: for a start on a database that only one process may use."""
        await self._session.execute(update(Slot).where(Slot.lease_until.is_not(None)).values(lease_until=AT_ONCE))

    async def release(self, slot_id: int, owner: str, trouble: str = "") -> None:
        """Release a claimed slot, done or to be retried, with the error text if there was one."""
        await self._session.execute(
            update(Slot).where(Slot.id == slot_id, Slot.owner == owner).values(lease_until=None, trouble=trouble)
        )
