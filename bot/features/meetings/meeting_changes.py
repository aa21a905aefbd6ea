"""Changes of one meeting that several commands make: a new time, a cancellation."""

from __future__ import annotations

from datetime import time
from zoneinfo import ZoneInfo

from bot.app import Context
from bot.domain.edition_calendar import to_utc
from bot.domain.meeting_rules import MeetingTime
from bot.domain.models import BallotState, Meeting, MeetingSeries, MeetingState
from bot.features.meetings.meeting_notifications import tell_attendees
from bot.store import UnitOfWork


async def set_start(ctx: Context, db: UnitOfWork, meeting: Meeting, time: MeetingTime) -> None:
    """Give a meeting a new time, in its own zone, and notify those who attend."""
    meeting.minutes = time.minutes or meeting.minutes
    meeting.starts_at = to_utc(time.first, time.at, ZoneInfo(meeting.timezone))
    await db.meetings.changed(meeting, ctx.now)
    await tell_attendees(db, meeting, "moved", ctx.now, but=ctx.member.id)


async def cancel_meeting(ctx: Context, db: UnitOfWork, meeting: Meeting, reason: str) -> int:
    """Cancel a planned meeting. The paper that the club decided on goes to the next one.

    Returns the number of members who get a message.
    """
    meeting.state, meeting.cancelled_why = MeetingState.CANCELLED, reason
    await db.meetings.changed(meeting, ctx.now)
    decision = await db.ballots.latest(BallotState.CLOSED)
    if decision and decision.meeting_id == meeting.id:
        decision.meeting_id = None
    return await tell_attendees(db, meeting, "cancelled", ctx.now, but=ctx.member.id)


async def restore_meeting(ctx: Context, db: UnitOfWork, meeting: Meeting) -> None:
    """Plan a canceled meeting again. It reads its paper again, and not the meeting that took the paper over."""
    meeting.state, meeting.cancelled_why = MeetingState.PLANNED, ""
    await db.meetings.changed(meeting, ctx.now)
    decision = await db.ballots.latest(BallotState.CLOSED)
    if decision and decision.winner_id is not None and decision.winner_id == meeting.submission_id:
        other = await db.meetings.get(decision.meeting_id, lock=True) if decision.meeting_id else None
        if other and other.id != meeting.id and other.submission_id == meeting.submission_id:
            await db.meetings.choose_paper(other.id, None, "", ctx.now)
        decision.meeting_id = meeting.id
    await tell_attendees(db, meeting, "restored", ctx.now, but=ctx.member.id)


def time_of_day(series: MeetingSeries) -> time:
    """Local time of a series."""
    return time.fromisoformat(series.at)
