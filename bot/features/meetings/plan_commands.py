"""Command `curate meeting plan`: one meeting, or a series."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Part, Points, Style, Tone, note, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Bold
from bot.chat.text import one_line
from bot.domain.club_settings import zone
from bot.domain.day_spans import parse_days
from bot.domain.edition_calendar import to_utc
from bot.domain.meeting_rules import MeetingTime, read_meeting_time
from bot.domain.meeting_times import format_span
from bot.domain.models import Meeting, MeetingSeries, MeetingState
from bot.domain.rule_words import describe_rule
from bot.errors import UserError, about_field
from bot.features.meetings.parameters import (
    LinkParameter,
    MinutesParameter,
    PlaceParameter,
    SizeParameter,
    TitleParameter,
    check_numbers,
)
from bot.features.meetings.schedule import announce_due, extend, meeting_rooms
from bot.features.shared.audit.entries import record_action
from bot.features.shared.audit.vocabulary import LogSentence
from bot.features.shared.audit.wording import log_sentence, stored_rule
from bot.features.shared.field_checks import check_meeting_time, check_paper, check_zone
from bot.features.shared.lookup import PAPER, by_title, find_submission
from bot.locale.current import _
from bot.store import UnitOfWork

commands = Commands()


@commands(
    "curate meeting plan",
    audience=Audience.MODERATOR,
    examples=(
        "/curate meeting plan 2026-12-03 16:00 paper=12",
        '/curate meeting plan every second Thursday 16:00 place="Room 2"',
        "/curate meeting plan first Monday 17:30 until 2027-06-30 size=12",
    ),
)
async def plan(
    ctx: Context,
    when: Annotated[
        str,
        ParameterHint(
            "a date, or a series: every second Thursday 16:00", rest=True, most=200, check=check_meeting_time
        ),
    ],
    title: TitleParameter = None,
    paper: Annotated[str | None, ParameterHint(PAPER, suggest=by_title, check=check_paper)] = None,
    place: PlaceParameter = None,
    link: LinkParameter = None,
    size: SizeParameter = None,
    minutes: MinutesParameter = None,
    timezone: Annotated[
        str | None, ParameterHint("its time zone; the club’s if empty", most=60, check=check_zone)
    ] = None,
) -> Card:
    """Plan a meeting, or a series of meetings, in the club’s time zone.

    A series is planned some weeks ahead and skips the club’s days without meetings. Each meeting can be moved or
    canceled on its own.
    """
    check_numbers(size, minutes)
    with about_field("timezone"):
        where = zone(timezone) if timezone else ctx.zone
    with about_field("when"):
        wanted = read_meeting_time(when, ctx.now, where)
        check_numbers(None, wanted.minutes)
    _check_given_once(wanted, minutes, where if timezone else None)
    where = wanted.zone or where
    async with ctx.begin() as db:
        if not await meeting_rooms(db):
            raise UserError(
                _(
                    "There is no channel for papers yet, so nobody would see a meeting. An admin chooses "
                    "one with `/clubadmin channels`."
                )
            )
        chosen = await find_submission(ctx, db, paper) if paper else None
        details = {
            "title": one_line(title or ""),
            "place": one_line(place or ""),
            "link": link or "",
            "size": size or 0,
            "minutes": minutes or wanted.minutes or 60,
        }
        if same := await _planned_already(ctx, db, wanted, where, details):
            return same
        planned, rule = await _plan(ctx, db, wanted, where, details)
        if chosen:
            await db.meetings.choose_paper(planned[0].id, chosen.id, _("by a moderator"), ctx.now)
        await announce_due(db, ctx.now)
        await record_action(ctx, db, "meetings", about=_log_entry(planned[0], wanted))
        held = [] if wanted.rule else _holiday_warning(ctx, planned[0])
    return _planned_card(ctx, planned, rule, held)


def _log_entry(first: Meeting, wanted: MeetingTime) -> dict[str, object]:
    """Sentence of the log about a meeting, or about the series that begins with it."""
    if wanted.rule:
        return log_sentence(LogSentence.SERIES_PLANNED, rule=stored_rule(wanted.rule, wanted.at))
    return log_sentence(LogSentence.MEETING_PLANNED, number=first.number, start=first.starts_at.isoformat())


def _check_given_once(wanted: MeetingTime, minutes: int | None, where: ZoneInfo | None) -> None:
    """Raises UserError if the time names another duration or time zone than the parameter for it."""
    if minutes and wanted.minutes and minutes != wanted.minutes:
        raise UserError(
            _("By its time, the meeting lasts {span} minutes, not {minutes}.", span=wanted.minutes, minutes=minutes),
            field="minutes",
        )
    if where and wanted.zone and where.key != wanted.zone.key:
        raise UserError(
            _("The time is in {zone}, not in {other}.", zone=wanted.zone.key, other=where.key), field="timezone"
        )


async def _planned_already(
    ctx: Context, db: UnitOfWork, time: MeetingTime, where: ZoneInfo, details: dict[str, object]
) -> Card | None:
    """Answer to a repeat: the meetings that were planned by the same words before; None if there are none."""
    await db.lock_club()
    now: Sequence[Meeting] = ()
    if time.rule:
        for series in await db.meetings.running_series():
            same = (series.rule, series.at, series.timezone) == (time.rule, f"{time.at:%H:%M}", where.key)
            if same and all(getattr(series, name) == value for name, value in details.items()):
                coming = await db.meetings.of_series(series.id, ctx.now)
                now = [one for one in coming if one.state == MeetingState.PLANNED]
                break
    else:
        start = to_utc(time.first, time.at, where)
        found = await db.meetings.between(start - timedelta(seconds=1), start)
        now = [
            one
            for one in found
            if one.state == MeetingState.PLANNED
            and one.starts_at == start
            and all(getattr(one, name) == value for name, value in details.items())
        ]
    if not now:
        return None
    say = _("This is already planned. To plan another one at the same time, give it a title of its own.")
    row = Buttons((Button(_("Open"), Call.of("club meet", now[0].number)),))
    return Card(_("Nothing to change"), (text(say), _dates(ctx, now), row))


async def _plan(
    ctx: Context, db: UnitOfWork, time: MeetingTime, where: ZoneInfo, details: dict[str, object]
) -> tuple[list[Meeting], str]:
    """The first planned meetings, and the rule in words; empty for one date."""
    if not time.rule:
        start = to_utc(time.first, time.at, where)
        single = Meeting(
            starts_at=start, timezone=where.key, agenda=[], announce_at=ctx.now, created_at=ctx.now,
            changed_at=ctx.now, **details,
        )  # fmt: skip
        added = await db.meetings.add(single)
        assert added is not None, "a single meeting has no series"
        return [added], ""
    series = await db.meetings.add_series(
        MeetingSeries(
            member_id=ctx.member.id,
            rule=time.rule,
            first_day=time.first.isoformat(),
            last_day=time.until.isoformat() if time.until else "",
            at=f"{time.at:%H:%M}",
            timezone=where.key,
            created_at=ctx.now,
            **details,
        )
    )
    planned = await extend(db, series, ctx.club, ctx.now)
    if not planned:
        first = await _first_far_meeting(ctx, db, series, time)
        planned = [first]
    return planned, f"{describe_rule(time.rule, time.at)} ({where.key})"


async def _first_far_meeting(ctx: Context, db: UnitOfWork, series: MeetingSeries, time: MeetingTime) -> Meeting:
    """First meeting of a series that begins beyond the horizon. Raises UserError if holidays take all its dates."""
    holidays = parse_days(ctx.settings.holidays) if ctx.settings.holidays else frozenset()
    today = ctx.now.astimezone(ZoneInfo(series.timezone)).date()
    horizon = today + timedelta(days=740)
    days = (day for day in time.dates(today - timedelta(days=1)) if day not in holidays or day > horizon)
    day = next(days, None)
    if day is None or day > horizon:
        raise UserError(_("Every date of this series is one of the club’s days without meetings. Nothing was planned."))
    start = to_utc(day, time.at, ZoneInfo(series.timezone))
    added = await db.meetings.add(
        Meeting(
            series_id=series.id, occurrence=day.isoformat(), starts_at=start, timezone=series.timezone,
            minutes=series.minutes, title=series.title, place=series.place, link=series.link, size=series.size,
            agenda=[], announce_at=ctx.now, created_at=ctx.now, changed_at=ctx.now,
        )
    )  # fmt: skip
    assert added is not None, "the series is new"
    return added


def _holiday_warning(ctx: Context, meeting: Meeting) -> list[Part]:
    """A note if a single meeting is on one of the club's holidays."""
    day = meeting.starts_at.astimezone(ZoneInfo(meeting.timezone)).date()
    if ctx.settings.holidays and day in parse_days(ctx.settings.holidays):
        return [note(_("That day is one of the club’s days without meetings."))]
    return []


def _dates(ctx: Context, meetings: Sequence[Meeting]) -> Points:
    return Points(
        tuple(
            (Bold(_("Meeting {meeting_number}", meeting_number=meeting.number)), ": ", format_span(meeting, ctx.zone))
            for meeting in meetings
        )
    )


def _planned_card(ctx: Context, planned: list[Meeting], rule: str, more: list[Part]) -> Card:
    first = planned[0]
    dates = _dates(ctx, planned)
    row = [
        Button(_("Open"), Call.of("club meet", first.number)),
        Button(_("Cancel it"), Call.of("curate meeting cancel", first.number), Style.DANGER),
    ]
    if rule:
        row.append(
            Button(_("Cancel the series"), Call.of("curate meeting cancel", first.number, series="yes"), Style.DANGER)
        )
        lead = text(_("The rule: {rule}. These meetings are planned; later ones follow.", rule=rule))
        return Card(_("The series is planned"), (lead, dates, *more, Buttons(tuple(row))), Tone.GOOD)
    return Card(
        _("Meeting {first_number} is planned", first_number=first.number),
        (dates, *more, Buttons(tuple(row))),
        Tone.GOOD,
    )
