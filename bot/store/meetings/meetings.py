"""Meetings repository: series, meetings, and the paper that each meeting reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam, func, select, update

from bot.domain.models import (
    Delivery,
    DeliveryKind,
    DeliveryState,
    Meeting,
    MeetingSeries,
    MeetingState,
    Submission,
)
from bot.store.base.statements import for_update
from bot.store.base.transaction import ClubRepository

LONGEST = timedelta(days=1)
"""Longest duration of a meeting."""

_OF_CLUB = select(Meeting).where(Meeting.club_id == bindparam("club"))
_BETWEEN = _OF_CLUB.where(Meeting.starts_at > bindparam("since"), Meeting.starts_at <= bindparam("until")).order_by(
    Meeting.starts_at, Meeting.id
)
_OF_PAPER = _OF_CLUB.where(
    Meeting.submission_id == bindparam("submission"), Meeting.state == MeetingState.PLANNED
).order_by(Meeting.starts_at.desc())


class Meetings(ClubRepository):
    """Meetings and series of one club."""

    async def add_series(self, series: MeetingSeries) -> MeetingSeries:
        """Store a new series."""
        series.club_id = self._club_id
        self._session.add(series)
        await self._session.flush()
        return series

    async def add(self, meeting: Meeting) -> Meeting | None:
        """Store a new meeting with the club's next number; None if its series has a meeting on that date already."""
        await self.lock_club()
        if meeting.series_id is not None:
            same = select(Meeting.id).where(
                Meeting.club_id == self._club_id,
                Meeting.series_id == meeting.series_id,
                Meeting.occurrence == meeting.occurrence,
            )
            if await self._session.scalar(same):
                return None
        last = select(func.max(Meeting.number)).where(Meeting.club_id == self._club_id)
        meeting.club_id, meeting.number = self._club_id, (await self._session.scalar(last) or 0) + 1
        self._session.add(meeting)
        await self._session.flush()
        return await self.reload(meeting)

    async def reload(self, meeting: Meeting) -> Meeting:
        """The meeting with its current paper, presenter and note taker, after one of them was set."""
        await self._session.flush()
        await self._session.refresh(meeting)
        return meeting

    async def flush(self) -> None:
        """Write changed values now, before others that would break a unique key with them."""
        await self._session.flush()

    async def get(self, meeting_id: int, *, lock: bool = False) -> Meeting | None:
        """A meeting by id."""
        return await self._one(Meeting.id == meeting_id, lock=lock)

    async def by_number(self, number: int, *, lock: bool = False) -> Meeting | None:
        """A meeting by the number that members type."""
        return await self._one(Meeting.number == number, lock=lock)

    async def _one(self, condition: Any, *, lock: bool) -> Meeting | None:
        statement = self._all().where(condition)
        if lock:
            # First the lock, then the row: PostgreSQL would join a row that it waited for to what it saw before.
            await self._session.execute(
                select(Meeting.id).where(Meeting.club_id == self._club_id, condition).with_for_update()
            )
            statement = statement.execution_options(populate_existing=True)
        return (await self._session.scalars(statement)).first()

    async def next_meeting(self, now: datetime) -> Meeting | None:
        """The planned meeting that starts next, or is still on."""
        return next(iter(await self.upcoming(now, limit=1)), None)

    async def upcoming(
        self, now: datetime, *, until: datetime | None = None, skip: int = 0, limit: int = 10
    ) -> Sequence[Meeting]:
        """Planned meetings that are not over, soonest first."""
        statement = self._all().where(Meeting.state == MeetingState.PLANNED, Meeting.starts_at > now - LONGEST)
        if until is not None:
            statement = statement.where(Meeting.starts_at <= until)
        found = await self._session.scalars(statement.order_by(Meeting.starts_at, Meeting.id))
        ahead = [m for m in found.all() if m.starts_at + timedelta(minutes=m.minutes) > now]
        return ahead[skip : skip + limit]

    async def past(self, now: datetime, *, skip: int = 0, limit: int = 10) -> Sequence[Meeting]:
        """Meetings that took place, latest first."""
        statement = self._all().where(Meeting.state == MeetingState.PLANNED, Meeting.starts_at <= now)
        found = await self._session.scalars(
            statement.order_by(Meeting.starts_at.desc(), Meeting.id).offset(skip).limit(limit)
        )
        return found.all()

    async def between(self, since: datetime, until: datetime) -> Sequence[Meeting]:
        """Planned and cancelled meetings that start in a time, soonest first."""
        return await self._all_of(_BETWEEN, since=since, until=until)

    async def all(self) -> Sequence[Meeting]:
        """All meetings, earliest first."""
        return (await self._session.scalars(self._all().order_by(Meeting.starts_at, Meeting.id))).all()

    async def reading_days(self, now: datetime) -> dict[int, datetime]:
        """Start of the latest meeting that read each paper, in its zone, by the submission's id.

        Of a merged paper it is the meeting of the paper that it was merged into.
        """
        paper = func.coalesce(Submission.merged_into_id, Submission.id)
        found = await self._session.execute(
            select(paper, Meeting.starts_at, Meeting.timezone)
            .join(Submission, Submission.id == Meeting.submission_id)
            .where(Meeting.club_id == self._club_id, Meeting.state == MeetingState.PLANNED, Meeting.starts_at <= now)
            .order_by(Meeting.starts_at)
        )
        return {submission_id: at.astimezone(ZoneInfo(zone)) for submission_id, at, zone in found}

    async def of_paper(self, submission_id: int) -> Sequence[Meeting]:
        """Planned meetings that read a paper, past ones included, latest first."""
        return await self._all_of(_OF_PAPER, submission=submission_id)

    async def presented(self, *, limit: int = 200) -> Sequence[Meeting]:
        """Planned meetings with a presenter, latest first."""
        statement = self._all().where(Meeting.presenter_id.is_not(None), Meeting.state == MeetingState.PLANNED)
        return (await self._session.scalars(statement.order_by(Meeting.starts_at.desc()).limit(limit))).all()

    async def presented_by(self, member_id: int, now: datetime) -> Sequence[Meeting]:
        """Planned meetings to come that a member presents, soonest first."""
        statement = self._all().where(Meeting.presenter_id == member_id, Meeting.state == MeetingState.PLANNED)
        return (await self._session.scalars(statement.where(Meeting.starts_at > now).order_by(Meeting.starts_at))).all()

    async def choose_paper(self, meeting_id: int, submission_id: int | None, how: str, now: datetime) -> bool:
        """Set the paper of a meeting, and how it was chosen. False if that changes nothing, or there is no meeting.

        The meeting's card and calendars change with it.
        """
        meeting = await self.get(meeting_id, lock=True)
        if meeting is None or meeting.submission_id == submission_id:
            return False
        await self._redraw_paper(meeting.submission_id)
        meeting.submission_id, meeting.chosen_how = submission_id, how
        await self.changed(meeting, now)
        await self.reload(meeting)
        return True

    async def changed(self, meeting: Meeting, now: datetime) -> None:
        """Record a change that calendars must take over, and have the posted cards updated."""
        meeting.sequence += 1
        meeting.changed_at = now
        await self.redraw(meeting.id)
        await self._redraw_paper(meeting.submission_id)

    async def redraw(self, meeting_id: int, part: int | None = None) -> None:
        """Have the posts of a meeting updated: its card and those in its thread, or one part of them."""
        one = [] if part is None else [Delivery.part == part]
        await self._session.execute(
            update(Delivery)
            .where(Delivery.club_id == self._club_id, Delivery.kind == DeliveryKind.MEETING)
            .where(Delivery.subject_id == meeting_id, Delivery.state == DeliveryState.SENT, *one)
            .values(stale=True)
            .execution_options(synchronize_session=False)
        )

    async def _redraw_paper(self, submission_id: int | None) -> None:
        """Have the posted cards of a meeting's paper updated, which name the meeting."""
        if submission_id is not None:
            await self._session.execute(
                update(Delivery)
                .where(Delivery.club_id == self._club_id, Delivery.submission_id == submission_id)
                .where(Delivery.state == DeliveryState.SENT)
                .values(stale=True)
                .execution_options(synchronize_session=False)
            )

    async def to_announce(self, now: datetime) -> Sequence[Meeting]:
        """Planned meetings to come whose card is due and has no delivery yet."""
        planned = select(Delivery.subject_id).where(
            Delivery.club_id == self._club_id, Delivery.kind == DeliveryKind.MEETING
        )
        statement = self._all().where(
            Meeting.state == MeetingState.PLANNED,
            Meeting.announce_at <= now,
            Meeting.starts_at > now,
            Meeting.id.not_in(planned),
        )
        return (await self._session.scalars(statement.order_by(Meeting.starts_at))).all()

    async def next_announcement(self, now: datetime) -> datetime | None:
        """Time at which the next card of a planned meeting is due; None if there is none to come."""
        return await self._session.scalar(
            select(func.min(Meeting.announce_at)).where(
                Meeting.club_id == self._club_id, Meeting.state == MeetingState.PLANNED, Meeting.announce_at > now
            )
        )

    # Series

    async def series(self, series_id: int, *, lock: bool = False) -> MeetingSeries | None:
        """A series by id."""
        statement = select(MeetingSeries).where(MeetingSeries.club_id == self._club_id, MeetingSeries.id == series_id)
        return (await self._session.scalars(for_update(statement) if lock else statement)).first()

    async def running_series(self) -> Sequence[MeetingSeries]:
        """Series that have not ended, oldest first."""
        statement = select(MeetingSeries).where(
            MeetingSeries.club_id == self._club_id, MeetingSeries.ended_at.is_(None)
        )
        return (await self._session.scalars(statement.order_by(MeetingSeries.id))).all()

    async def of_series(self, series_id: int, now: datetime) -> Sequence[Meeting]:
        """Meetings of a series that have not begun, cancelled ones included, locked, soonest first."""
        coming = (Meeting.club_id == self._club_id, Meeting.series_id == series_id, Meeting.starts_at > now)
        await self._session.execute(select(Meeting.id).where(*coming).order_by(Meeting.id).with_for_update())
        statement = self._all().where(*coming).order_by(Meeting.starts_at, Meeting.id)
        return (await self._session.scalars(statement.execution_options(populate_existing=True))).all()

    async def occurrences(self, series_id: int) -> set[str]:
        """Local dates of the rule for which a series has a meeting, canceled ones included."""
        statement = select(Meeting.occurrence).where(Meeting.club_id == self._club_id, Meeting.series_id == series_id)
        return {day for day in await self._session.scalars(statement) if day}

    async def has_meetings(self, series_id: int) -> bool:
        """True if a series ever had a meeting."""
        statement = select(Meeting.id).where(Meeting.club_id == self._club_id, Meeting.series_id == series_id)
        return await self._session.scalar(statement.limit(1)) is not None

    def _all(self) -> Select[Meeting]:
        return select(Meeting).where(Meeting.club_id == self._club_id)
