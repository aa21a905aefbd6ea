"""Due slots of all clubs, and their claims by processes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select, update

from bot.domain.models import Club, Edition, EditionState, Quarantine, Slot, SlotState
from bot.store.base.transaction import BaseRepository

AT_WORK = and_(Club.paused_at.is_(None), Club.id.not_in(select(Quarantine.club_id)))
"""Neither paused nor in quarantine after a restore."""


class SlotClaims(BaseRepository):
    """Due times of editions, each worked on by one process at a time under a lease."""

    async def due(self, until: datetime, now: datetime) -> Sequence[Slot]:
        """Slots due until then that nobody is at work on, earliest first."""
        found = await self._session.scalars(
            select(Slot)
            .join(Club, Club.id == Slot.club_id)
            .where(Slot.state == SlotState.DUE, Slot.due_at <= until, AT_WORK)
            .where(or_(Slot.lease_until.is_(None), Slot.lease_until < now))
            .order_by(Slot.due_at)
        )
        return found.all()

    async def late_since(self, now: datetime) -> datetime | None:
        """When the most overdue edition was due; one that waits to be approved is not late, nor a paused club's."""
        waiting = select(Edition.id).where(Edition.slot_id == Slot.id, Edition.state == EditionState.DRAFT).exists()
        return await self._session.scalar(
            select(func.min(Slot.due_at))
            .join(Club, Club.id == Slot.club_id)
            .where(Slot.state == SlotState.DUE, Slot.due_at <= now, AT_WORK, ~waiting)
        )

    async def claim(self, slot_id: int, owner: str, now: datetime, lease: timedelta) -> bool:
        """Take a slot for this process; False if another was quicker."""
        claimed = (
            update(Slot)
            .where(Slot.id == slot_id, Slot.state == SlotState.DUE)
            .where(or_(Slot.lease_until.is_(None), Slot.lease_until < now))
            .values(owner=owner, lease_until=now + lease, tries=Slot.tries + 1)
            .returning(Slot.id)
        )
        return (await self._session.execute(claimed)).first() is not None

    async def release(self, slot_id: int, owner: str, trouble: str = "") -> None:
        """Let a slot go, whether it is done or to be tried again."""
        await self._session.execute(
            update(Slot).where(Slot.id == slot_id, Slot.owner == owner).values(lease_until=None, trouble=trouble)
        )
