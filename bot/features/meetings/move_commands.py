"""Command `curate meeting move`: a new time for a meeting, or a new rule for a series."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo

from bot.app import Context
from bot.chat.cards import Card, Points, Tone, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.phrases import phrase
from bot.chat.rich_text import Bold
from bot.domain.edition_calendar import to_utc
from bot.domain.meeting_rules import MeetingTime, read_meeting_time
from bot.domain.meeting_times import end_of, format_span, format_start
from bot.domain.models import Meeting, MeetingState
from bot.domain.rule_words import describe_rule
from bot.errors import UserError, about_field
from bot.features.meetings.meeting_changes import cancel_meeting, set_start, time_of_day
from bot.features.meetings.parameters import NamedMeetingParameter, check_numbers
from bot.features.meetings.schedule import coming_dates, extend
from bot.features.shared.audit.entries import record_action
from bot.features.shared.audit.wording import stored_rule
from bot.features.shared.field_checks import check_meeting_time
from bot.features.shared.meetings.meeting_lookup import find_meeting
from bot.locale.current import _, mark_text
from bot.store import UnitOfWork

commands = Commands()


@commands(
    "curate meeting move",
    audience=Audience.MODERATOR,
    examples=("/curate meeting move 3 2026-12-04 16:00", '/curate meeting move 3 "every Friday 15:00" series=yes'),
)
async def move(
    ctx: Context,
    meeting: NamedMeetingParameter,
    to: Annotated[
        str,
        ParameterHint(
            "the new date and time; for a series, the new rule", rest=True, most=200, check=check_meeting_time
        ),
    ],
    series: Annotated[bool, ParameterHint("move all upcoming meetings of its series")] = False,
) -> Card:
    """Move a meeting, or all upcoming meetings of its series.

    Everyone who is coming gets a message. Answers, papers and presenters stay.
    """
    async with ctx.begin() as db:
        chosen = await find_meeting(ctx, db, meeting, lock=True)
        where = ZoneInfo(chosen.timezone)
        wanted = _read_new_time(to, ctx.now, where)
        if series:
            return await _move_series(ctx, db, chosen, wanted)
        if wanted.rule:
            raise UserError(_("That is a series. Add `series=yes` to move all upcoming meetings."), field="series")
        _check_upcoming(chosen, ctx.now, where)
        before, starts_at = format_start(chosen, where), chosen.starts_at
        start = to_utc(wanted.first, wanted.at, where)
        if start == chosen.starts_at and wanted.minutes in (None, chosen.minutes):
            return Card(
                _("Nothing to change: meeting {chosen_number} is already at that time", chosen_number=chosen.number),
                (text(before),),
            )
        await set_start(ctx, db, chosen, wanted)
        await record_action(
            ctx, db, "meetings",
            before={f"meeting {chosen.number}": starts_at.isoformat()},
            after={f"meeting {chosen.number}": chosen.starts_at.isoformat()},
        )  # fmt: skip
    return Card(
        _("Meeting {chosen_number} was moved", chosen_number=chosen.number),
        (
            text(_("It was {before}.", before=before)),
            text(*phrase("It is now {format_span}.", format_span=Bold(format_span(chosen, ctx.zone)))),
        ),
        Tone.GOOD,
    )


def _read_new_time(typed: str, now: datetime, where: ZoneInfo) -> MeetingTime:
    """The time that was typed, in the zone of the meeting. Raises UserError about the field."""
    with about_field("to"):
        wanted = read_meeting_time(typed.removeprefix("to "), now, where)
        check_numbers(None, wanted.minutes)
        if wanted.rule and wanted.zone and wanted.zone.key != where.key:
            raise UserError(_("The series is planned in {key}. Give its time in that zone.", key=where.key))
        return wanted.in_zone(where)


def _check_upcoming(chosen: Meeting, now: datetime, where: ZoneInfo) -> None:
    """Raises UserError about a meeting that is over or canceled."""
    if end_of(chosen) <= now:
        raise UserError(
            _(
                "Meeting {chosen_number} is over: it was {format_start}.",
                chosen_number=chosen.number,
                format_start=format_start(chosen, where),
            ),
            field="meeting",
        )
    if chosen.state == MeetingState.CANCELLED:
        raise UserError(
            _(
                "Meeting {chosen_number} is canceled. `/curate meeting restore {chosen_number}` plans it again.",
                chosen_number=chosen.number,
            ),
            field="meeting",
        )


async def _move_series(ctx: Context, db: UnitOfWork, chosen: Meeting, wanted: MeetingTime) -> Card:
    """Give a series a new rule: its meetings to come move to the new dates in order, with their answers and papers.

    A meeting that was moved alone stays where it is.
    """
    found = await db.meetings.series(chosen.series_id, lock=True) if chosen.series_id else None
    if found is None or found.ended_at:
        raise UserError(
            _("Meeting {chosen_number} is not part of an active series.", chosen_number=chosen.number),
            field="series",
        )
    if not wanted.rule:
        raise UserError(_("Give the new rule of the series: `every Friday 15:00`."), field="to")
    old_time = time_of_day(found)
    before = stored_rule(found.rule, old_time)
    last_day = wanted.until.isoformat() if wanted.until else ""
    minutes = wanted.minutes or found.minutes
    if (before, found.last_day, found.minutes) == (stored_rule(wanted.rule, wanted.at), last_day, minutes):
        rule = describe_rule(wanted.rule, wanted.at)
        return Card(_("Nothing to change"), (text(_("The series already takes place {rule}.", rule=rule)),))
    found.rule, found.first_day, found.at = wanted.rule, wanted.first.isoformat(), f"{wanted.at:%H:%M}"
    found.last_day, found.minutes = last_day, minutes
    every = await db.meetings.of_series(found.id, ctx.now)
    coming = [each for each in every if not _moved_alone(each, old_time)]
    for each in every:
        each.occurrence = None
    await db.meetings.flush()
    planned = [each for each in coming if each.state == MeetingState.PLANNED]
    taken = await db.meetings.occurrences(found.id)
    dates = coming_dates(found, ctx.club, ctx.now, limit=len(planned) + len(taken))
    days = [day for day in dates if day.isoformat() not in taken][: len(planned)]
    for each, day in zip(planned, days, strict=False):
        each.occurrence = day.isoformat()
        start = to_utc(day, wanted.at, ZoneInfo(found.timezone))
        if start != each.starts_at or wanted.minutes not in (None, each.minutes):
            await set_start(ctx, db, each, MeetingTime(day, wanted.at, minutes=wanted.minutes))
    for each in planned[len(days) :]:
        await cancel_meeting(ctx, db, each, mark_text("the series no longer has this date"))
    await extend(db, found, ctx.club, ctx.now)
    after = describe_rule(found.rule, wanted.at)
    await record_action(
        ctx, db, "meetings", before={"series": before}, after={"series": stored_rule(found.rule, wanted.at)}
    )
    points = Points(
        tuple(
            (Bold(_("Meeting {meeting_number}", meeting_number=each.number)), ": ", format_span(each, ctx.zone))
            for each in planned[: len(days)]
        )
    )
    return Card(_("The series was moved"), (text(_("The new rule: {after}.", after=after)), points), Tone.GOOD)


def _moved_alone(meeting: Meeting, at: time) -> bool:
    """True if a meeting of a series does not start when its rule says."""
    day = date.fromisoformat(meeting.occurrence) if meeting.occurrence else None
    return day is None or to_utc(day, at, ZoneInfo(meeting.timezone)) != meeting.starts_at
