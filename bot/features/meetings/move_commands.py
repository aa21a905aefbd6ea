"""Command `curate meeting move`: a new time for a meeting, or a new rule for a series."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

from bot.app import Context
from bot.chat.cards import Card, Points, Tone, text
from bot.chat.commands import Audience, Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Bold
from bot.domain.edition_calendar import to_utc
from bot.domain.meeting_rules import MeetingTime, describe_rule, read_meeting_time
from bot.domain.meeting_times import end_of, format_span, format_start
from bot.domain.models import Meeting, MeetingState
from bot.errors import UserError
from bot.features.meetings.changes import cancel_meeting, set_start, time_of_day
from bot.features.meetings.parameters import (
    MeetingParameter,
)
from bot.features.meetings.schedule import coming_dates, extend
from bot.features.shared.audit import record_action
from bot.features.shared.meeting_lookup import find_meeting
from bot.store import UnitOfWork

commands = Commands()


@commands(
    "curate meeting move",
    audience=Audience.MODERATOR,
    examples=("/curate meeting move 3 2026-12-04 16:00", '/curate meeting move 3 "every Friday 15:00" series=yes'),
)
async def move(
    ctx: Context,
    meeting: MeetingParameter,
    to: Annotated[str, ParameterHint("the new date and time; of a series the new rule", rest=True, most=200)],
    series: Annotated[bool, ParameterHint("yes to move all meetings to come of its series")] = False,
) -> Card:
    """Move a meeting, or all meetings to come of its series.

    Who comes gets a message. Answers, papers and presenters stay."""
    async with ctx.begin() as db:
        chosen = await find_meeting(ctx, db, meeting, lock=True)
        where = ZoneInfo(chosen.timezone)
        time = read_meeting_time(to.removeprefix("to "), ctx.now, where)
        if series:
            return await _move_series(ctx, db, chosen, time)
        if time.rule:
            raise UserError("That is a series. Add `series=yes` to move all meetings to come.", field="series")
        if end_of(chosen) <= ctx.now:
            raise UserError(f"Meeting {chosen.number} is over: it was {format_start(chosen, where)}.", field="meeting")
        if chosen.state == MeetingState.CANCELLED:
            raise UserError(
                f"Meeting {chosen.number} is canceled. `/curate meeting restore {chosen.number}` plans it again.",
                field="meeting",
            )
        before = format_start(chosen, where)
        start = to_utc(time.first, time.at, where)
        if start == chosen.starts_at:
            return Card(f"Nothing to change: meeting {chosen.number} is already then", (text(before),))
        await set_start(ctx, db, chosen, time)
        await record_action(
            ctx, db, "meetings",
            before={f"meeting {chosen.number}": before},
            after={f"meeting {chosen.number}": format_start(chosen, where)},
        )  # fmt: skip
    return Card(
        f"Meeting {chosen.number} is moved",
        (text(f"It was {before}."), text("It is ", Bold(format_span(chosen, ctx.zone)), " now.")),
        Tone.GOOD,
    )


async def _move_series(ctx: Context, db: UnitOfWork, chosen: Meeting, time: MeetingTime) -> Card:
    """Give a series a new rule: its meetings to come move to the new dates in order, with their answers and papers."""
    found = await db.meetings.series(chosen.series_id, lock=True) if chosen.series_id else None
    if found is None or found.ended_at:
        raise UserError(f"Meeting {chosen.number} is not part of a series that goes on.", field="series")
    if not time.rule:
        raise UserError("Give the new rule of the series: `every Friday 15:00`.", field="to")
    before = describe_rule(found.rule, time_of_day(found))
    found.rule, found.first_day, found.at = time.rule, time.first.isoformat(), f"{time.at:%H:%M}"
    found.last_day = time.until.isoformat() if time.until else ""
    coming = await db.meetings.of_series(found.id, ctx.now)
    for each in coming:
        each.occurrence = None
    await db.meetings.flush()
    planned = [each for each in coming if each.state == MeetingState.PLANNED]
    days = coming_dates(found, ctx.club, ctx.now, limit=max(len(planned), 1))
    for each, day in zip(planned, days, strict=False):
        each.occurrence = day.isoformat()
        if to_utc(day, time.at, ZoneInfo(found.timezone)) != each.starts_at:
            await set_start(ctx, db, each, MeetingTime(day, time.at))
    for each in planned[len(days) :]:
        await cancel_meeting(ctx, db, each, "the series has no date for it any more")
    await extend(db, found, ctx.club, ctx.now)
    after = describe_rule(found.rule, time.at)
    await record_action(ctx, db, "meetings", before={"series": before}, after={"series": after})
    dates = Points(tuple((Bold(f"{each.number} "), format_span(each, ctx.zone)) for each in planned[: len(days)]))
    return Card("The series is moved", (text(f"Meetings are {after} now."), dates), Tone.GOOD)
