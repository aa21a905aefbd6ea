"""Changes of one meeting that several commands make: a new time, a cancellation."""

from __future__ import annotations

from datetime import time
from zoneinfo import ZoneInfo

from bot.app import Context
from bot.domain.edition_calendar import to_utc
from bot.domain.meeting_rules import MeetingTime
from bot.domain.models import Meeting, MeetingSeries, MeetingState
from bot.features.meetings.notices import tell_attendees
from bot.store import UnitOfWork


async def set_start(ctx: Context, db: UnitOfWork, meeting: Meeting, time: MeetingTime) -> None:
    """Give a meeting a new time, and have those told who come."""
    meeting.starts_at = to_utc(time.first, time.at, ZoneInfo(meeting.timezone))
    await db.meetings.changed(meeting, ctx.now)
    await tell_attendees(db, meeting, "moved", ctx.now, but=ctx.member.id)


async def cancel_meeting(ctx: Context, db: UnitOfWork, meeting: Meeting, reason: str) -> int:
    """Cancel a planned meeting. Returns the number of members who are told."""
    meeting.state, meeting.cancelled_why = MeetingState.CANCELLED, reason
    await db.meetings.changed(meeting, ctx.now)
    return await tell_attendees(db, meeting, "cancelled", ctx.now, but=ctx.member.id)


def time_of_day(series: MeetingSeries) -> time:
    """Local time of a series."""
    return time.fromisoformat(series.at)
