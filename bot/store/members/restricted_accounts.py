"""Measures of moderators that outlast the deletion of a member's data, so that nobody escapes them by returning."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from bot.domain.models import Account, MeasureKind, Member, MemberMeasure
from bot.domain.models.members import DELETED_MEMBER
from bot.store.base.transaction import ClubRepository
from bot.store.moderation.measures import MemberMeasures


class RestrictedAccounts(ClubRepository):
    """Accounts of members whose votes are excluded, or whose submissions are paused."""

    async def is_restricted(self, member_id: int, now: datetime) -> bool:
        """True if a measure about the member holds now."""
        member = await self._session.get_one(Member, member_id)
        return member.votes_excluded or await self._pause(member_id, now) is not None

    async def carry_over(self, member_id: int, now: datetime) -> None:
        """Give the member's accounts to a new member without a name or a reason, under the measures that hold now."""
        member, pause = await self._session.get_one(Member, member_id), await self._pause(member_id, now)
        successor = Member(
            club_id=self._club_id, name=DELETED_MEMBER, created_at=now, votes_excluded=member.votes_excluded
        )
        self._session.add(successor)
        await self._session.flush()
        if pause:
            self._session.add(
                MemberMeasure(
                    club_id=self._club_id, member_id=successor.id, by_id=pause.by_id, kind=MeasureKind.PAUSE,
                    until=pause.until, at=now,
                )
            )  # fmt: skip
            await self._session.flush()
        accounts = update(Account).where(Account.member_id == member_id, Account.club_id == self._club_id)
        await self._session.execute(
            accounts.values(member_id=successor.id, name=DELETED_MEMBER).execution_options(synchronize_session=False)
        )

    async def _pause(self, member_id: int, now: datetime) -> MemberMeasure | None:
        return await MemberMeasures(*self._arguments()).pause(member_id, now)
