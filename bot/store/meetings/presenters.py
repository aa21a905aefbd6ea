"""Presenters: offers to take over or to swap meetings, and how often each member presented."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update

from bot.domain.models import Meeting, MeetingResponse, MeetingState, Member, PresenterOffer
from bot.store.base.statements import for_update
from bot.store.base.transaction import ClubRepository


class PresenterOffers(ClubRepository):
    """Offers between the presenters of one club."""

    async def add(
        self, meeting_id: int, member_id: int, to_id: int, for_meeting_id: int | None, now: datetime
    ) -> PresenterOffer:
        """Store an offer; open ones for the same meeting are withdrawn."""
        await self.close(meeting_id, now)
        offer = PresenterOffer(
            club_id=self._club_id,
            meeting_id=meeting_id,
            member_id=member_id,
            to_id=to_id,
            for_meeting_id=for_meeting_id,
            at=now,
        )
        self._session.add(offer)
        await self._session.flush()
        return offer

    async def get(self, offer_id: int, *, lock: bool = False) -> PresenterOffer | None:
        """An offer by id."""
        statement = select(PresenterOffer).where(PresenterOffer.club_id == self._club_id, PresenterOffer.id == offer_id)
        return (await self._session.scalars(for_update(statement) if lock else statement)).first()

    async def open(
        self, meeting_id: int, member_id: int, to_id: int, for_meeting_id: int | None
    ) -> PresenterOffer | None:
        """The open offer of a member to another about a meeting, in return for the same one."""
        statement = select(PresenterOffer).where(
            PresenterOffer.club_id == self._club_id,
            PresenterOffer.settled_at.is_(None),
            PresenterOffer.meeting_id == meeting_id,
            PresenterOffer.member_id == member_id,
            PresenterOffer.to_id == to_id,
            PresenterOffer.for_meeting_id.is_(None)
            if for_meeting_id is None
            else PresenterOffer.for_meeting_id == for_meeting_id,
        )
        return (await self._session.scalars(statement)).first()

    async def close(self, meeting_id: int, now: datetime) -> None:
        """Withdraw the open offers about a meeting, as the one given or the one taken."""
        await self._session.execute(
            update(PresenterOffer)
            .where(PresenterOffer.club_id == self._club_id, PresenterOffer.settled_at.is_(None))
            .where((PresenterOffer.meeting_id == meeting_id) | (PresenterOffer.for_meeting_id == meeting_id))
            .values(settled_at=now)
            .execution_options(synchronize_session=False)
        )

    async def turns(self, now: datetime) -> Sequence[tuple[Member, int, datetime | None]]:
        """Members who presented or came to meetings, with the number of meetings that they presented or will, and the
        time of the last: those whose turn it is come first.
        """
        presented = (
            select(
                Meeting.presenter_id.label("member_id"),
                func.count().label("times"),
                func.max(Meeting.starts_at).label("last"),
            )
            .where(Meeting.club_id == self._club_id, Meeting.state == MeetingState.PLANNED)
            .where(Meeting.presenter_id.is_not(None))
            .group_by(Meeting.presenter_id)
            .subquery()
        )
        attended = select(MeetingResponse.member_id).where(
            MeetingResponse.club_id == self._club_id, MeetingResponse.answer == "yes"
        )
        rows = await self._session.execute(
            select(Member, func.coalesce(presented.c.times, 0), presented.c.last)
            .outerjoin(presented, presented.c.member_id == Member.id)
            .where(Member.club_id == self._club_id)
            .where(presented.c.member_id.is_not(None) | Member.id.in_(attended))
        )
        found = [(member, int(times), last) for member, times, last in rows]
        return sorted(found, key=lambda row: (row[1], row[2] is not None, row[2] or now, row[0].id))
