"""Measures repository: notes on members, and pauses of their submissions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select

from bot.domain.models import MeasureKind, MemberMeasure
from bot.store.base.transaction import ClubRepository

_LAST_PAUSE = (
    select(MemberMeasure)
    .where(MemberMeasure.club_id == bindparam("club"), MemberMeasure.member_id == bindparam("member"))
    .where(MemberMeasure.kind.in_((MeasureKind.PAUSE, MeasureKind.RESUME)))
    .order_by(MemberMeasure.id.desc())
    .limit(1)
)


class MemberMeasures(ClubRepository):
    """Notes on members of the club, and measures that moderators took about them."""

    async def add(self, measure: MemberMeasure) -> None:
        """Store a note or a measure."""
        measure.club_id = self._club_id
        self._session.add(measure)
        await self._session.flush()

    async def of(self, member_id: int, *, limit: int = 10) -> Sequence[MemberMeasure]:
        """Notes and measures about a member, latest first."""
        found = await self._session.scalars(
            select(MemberMeasure)
            .where(MemberMeasure.club_id == self._club_id, MemberMeasure.member_id == member_id)
            .order_by(MemberMeasure.id.desc())
            .limit(limit)
        )
        return found.unique().all()

    async def remove_note(self, member_id: int) -> MemberMeasure | None:
        """Delete the latest note on a member, and return it; None if there is none."""
        last = await self._session.scalar(
            select(MemberMeasure)
            .where(MemberMeasure.club_id == self._club_id, MemberMeasure.member_id == member_id)
            .where(MemberMeasure.kind == MeasureKind.NOTE)
            .order_by(MemberMeasure.id.desc())
            .limit(1)
        )
        if last is not None:
            await self._session.delete(last)
            await self._session.flush()
        return last

    async def pause(self, member_id: int, now: datetime) -> MemberMeasure | None:
        """The pause under which a member may not submit now; None if there is none."""
        last = await self._one_of(_LAST_PAUSE, member=member_id)
        is_paused = last is not None and last.kind == MeasureKind.PAUSE and last.until is not None and last.until > now
        return last if is_paused else None
