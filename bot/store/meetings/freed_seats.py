"""Places at meetings that become free without a command at the meeting: a member leaves, or two become one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update

from bot.domain.attendance import Attendance, moved_up
from bot.domain.models import Delivery, DeliveryKind, DeliveryState, Meeting, MeetingResponse, MeetingState
from bot.store.base.transaction import ClubRepository
from bot.store.meetings.meeting_notifications import MeetingNotifications, NotificationKey
from bot.store.meetings.responses import MeetingResponses


class FreedSeats(ClubRepository):
    """Compares attendance before and after a change of members, and writes to those who have a place now."""

    async def attendance(self, member_ids: Collection[int], now: datetime) -> dict[int, Attendance]:
        """Attendance of the meetings to come that these members answered, by the meeting's id."""
        answered = select(MeetingResponse.meeting_id).where(
            MeetingResponse.club_id == self._club_id, MeetingResponse.member_id.in_(member_ids)
        )
        coming = (Meeting.club_id == self._club_id, Meeting.state == MeetingState.PLANNED, Meeting.starts_at > now)
        statement = select(Meeting.id).where(*coming, Meeting.id.in_(answered)).order_by(Meeting.id)
        found = await self._session.scalars(statement.with_for_update())
        return await self._attendance(list(found))

    async def fill(self, before: dict[int, Attendance], now: datetime) -> None:
        """Write a notification for each member who waited before and has a place now, and have the cards updated."""
        after = await self._attendance(list(before))
        notifications = MeetingNotifications(*self._arguments())
        for meeting_id, attendance in after.items():
            for member in moved_up(before[meeting_id], attendance):
                await notifications.add(NotificationKey(meeting_id, member.id, "place", now.isoformat()), now)
        await self._session.execute(
            update(Delivery)
            .where(Delivery.club_id == self._club_id, Delivery.kind == DeliveryKind.MEETING)
            .where(Delivery.subject_id.in_(before), Delivery.state == DeliveryState.SENT)
            .values(stale=True)
            .execution_options(synchronize_session=False)
        )

    async def _attendance(self, meeting_ids: Collection[int]) -> dict[int, Attendance]:
        found = await self._session.execute(
            select(Meeting.id, Meeting.size, Meeting.presenter_id).where(Meeting.id.in_(meeting_ids))
        )
        answers = await MeetingResponses(*self._arguments()).many(meeting_ids)
        return {id: Attendance.of(answers.get(id, []), size, presenter) for id, size, presenter in found}
