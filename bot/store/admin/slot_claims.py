"""Slots of all clubs: the leases under which processes work on them, and how overdue they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select, update

from bot.domain.models import AT_ONCE, Club, Edition, EditionState, Quarantine, Slot, SlotState
from bot.store.base.transaction import BaseRepository

AT_WORK = and_(Club.paused_at.is_(None), Club.id.not_in(select(Quarantine.club_id)))
"""Neither paused nor in quarantine after a restore."""


class SlotClaims(BaseRepository):
    """Due times of editions, each worked on by one process at a time under a lease."""

    async def oldest_overdue(self, now: datetime) -> datetime | None:
        """Due time of the most overdue edition, else None; waiting for approval or in a paused club is not late."""
        waiting = select(Edition.id).where(Edition.slot_id == Slot.id, Edition.state == EditionState.DRAFT).exists()
        return await self._session.scalar(
            select(func.min(Slot.due_at))
            .join(Club, Club.id == Slot.club_id)
            .where(Slot.state == SlotState.DUE, Slot.due_at <= now, AT_WORK, ~waiting)
        )

    async def late_editions(self, before: datetime) -> Sequence[tuple[int, int]]:
        """Approved editions that were due before then and are not out yet: club and edition, the latest first."""
        due = func.coalesce(Edition.publish_at, Slot.due_at)
        rows = await self._session.execute(
            select(Edition.club_id, Edition.id)
            .outerjoin(Slot, Slot.id == Edition.slot_id)
            .where(Edition.state.in_((EditionState.DRAFT, EditionState.APPROVED)))
            .where(Edition.state == EditionState.APPROVED, due < before)
            .order_by(due)
        )
        return [(club_id, edition_id) for club_id, edition_id in rows]

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
        """Renew the leases of the slots that a process works on. Locked rows are left for the next time."""
        mine = select(Slot.id).where(Slot.owner == owner, Slot.lease_until.is_not(None))
        await self._session.execute(
            update(Slot)
            .where(Slot.id.in_(mine.with_for_update(skip_locked=True)))
            .values(lease_until=until)
            .execution_options(synchronize_session=False)
        )

    async def free_all(self) -> None:
        """Let all go that anybody holds: for a start on a database that only one process may use."""
        await self._session.execute(update(Slot).where(Slot.lease_until.is_not(None)).values(lease_until=AT_ONCE))

    async def release(self, slot_id: int, owner: str, trouble: str = "") -> None:
        """Release a claimed slot, done or to be retried, with the error text if there was one."""
        await self._session.execute(
            update(Slot).where(Slot.id == slot_id, Slot.owner == owner).values(lease_until=None, trouble=trouble)
        )
