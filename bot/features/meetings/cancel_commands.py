"""Commands `curate meeting cancel` and `curate meeting restore`, for a meeting or a whole series."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Tone, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.text import one_line
from bot.domain.day_spans import parse_days
from bot.domain.meeting_times import format_span
from bot.domain.models import Meeting, MeetingSeries, MeetingState
from bot.errors import UserError
from bot.features.meetings.meeting_changes import cancel_meeting, restore_meeting, time_of_day
from bot.features.meetings.parameters import (
    NamedMeetingParameter,
)
from bot.features.meetings.schedule import announce_due, extend
from bot.features.shared.audit.entries import record_action
from bot.features.shared.audit.vocabulary import LogSentence
from bot.features.shared.audit.wording import log_sentence, stored_rule
from bot.features.shared.meetings.meeting_lookup import find_meeting
from bot.locale.current import _, _n
from bot.store import UnitOfWork

commands = Commands()


@commands(
    "curate meeting cancel",
    audience=Audience.MODERATOR,
    examples=("/curate meeting cancel 3 reason=The room is closed", "/curate meeting cancel 3 series=yes"),
)
async def cancel(
    ctx: Context,
    meeting: NamedMeetingParameter,
    reason: Annotated[str, ParameterHint("why, for the members who wanted to come", rest=True, most=300)] = "",
    series: Annotated[bool, ParameterHint("end its series and cancel all its upcoming meetings")] = False,
) -> Card:
    """Cancel a meeting, or a whole series.

    Everyone who wanted to come gets a message. The meeting can be restored.
    """
    async with ctx.begin() as db:
        chosen = await find_meeting(ctx, db, meeting, lock=True)
        if chosen.starts_at <= ctx.now and not series:
            raise UserError(
                _("Meeting {chosen_number} has already begun, so it cannot be canceled.", chosen_number=chosen.number),
                field="meeting",
            )
        if series:
            return await _end_series(ctx, db, chosen, one_line(reason))
        if chosen.state == MeetingState.CANCELLED:
            return Card(
                _("Nothing to change: meeting {chosen_number} is already canceled", chosen_number=chosen.number),
                (_restore_row(chosen),),
            )
        members = await cancel_meeting(ctx, db, chosen, one_line(reason))
        about = log_sentence(LogSentence.MEETING_CANCELED, number=chosen.number)
        await record_action(ctx, db, "meetings", why=one_line(reason), about=about)
    sentence = (
        _("{members} will get a message.", members=_n("{n} member", "{n} members", members))
        if members
        else _("Nobody else had said that they were coming.")
    )
    return Card(
        _("Meeting {chosen_number} was canceled", chosen_number=chosen.number),
        (text(sentence), _restore_row(chosen)),
        Tone.GOOD,
    )


async def _end_series(ctx: Context, db: UnitOfWork, chosen: Meeting, reason: str) -> Card:
    found = await db.meetings.series(chosen.series_id, lock=True) if chosen.series_id else None
    if found is None:
        raise UserError(
            _("Meeting {chosen_number} is not part of a series.", chosen_number=chosen.number), field="series"
        )
    if found.ended_at:
        return Card(_("Nothing to change: the series has already ended"))
    found.ended_at = ctx.now
    coming = [m for m in await db.meetings.of_series(found.id, ctx.now) if m.state == MeetingState.PLANNED]
    for each in coming:
        await cancel_meeting(ctx, db, each, reason)
    about = log_sentence(LogSentence.SERIES_ENDED, rule=stored_rule(found.rule, time_of_day(found)))
    await record_action(ctx, db, "meetings", why=reason, about=about)
    row = Buttons((Button(_("Undo"), Call.of("curate meeting restore", chosen.number, series="yes")),))
    return Card(
        _("The series has ended"),
        (text(_("{meetings} canceled.", meetings=_n("{n} meeting", "{n} meetings", len(coming)))), row),
        Tone.GOOD,
    )


def _restore_row(meeting: Meeting) -> Buttons:
    return Buttons((Button(_("Undo"), Call.of("curate meeting restore", meeting.number)),))


@commands("curate meeting restore", audience=Audience.MODERATOR, examples=("/curate meeting restore 3",))
async def restore(
    ctx: Context,
    meeting: NamedMeetingParameter,
    series: Annotated[bool, ParameterHint("restore its series with all its upcoming meetings")] = False,
) -> Card:
    """Plan a canceled meeting or an ended series again. Members’ answers are kept."""
    async with ctx.begin() as db:
        chosen = await find_meeting(ctx, db, meeting, lock=True)
        found = await db.meetings.series(chosen.series_id, lock=True) if series and chosen.series_id else None
        if found and not found.ended_at:
            return Card(_("Nothing to change: the series has not ended"), (text(format_span(chosen, ctx.zone)),))
        if series and found is None:
            raise UserError(
                _("Meeting {chosen_number} is not part of a series.", chosen_number=chosen.number),
                field="series",
            )
        again = await _ended_with(ctx, db, found) if found else [chosen]
        again = [m for m in again if m.state == MeetingState.CANCELLED]
        if not found and not again:
            return Card(_("Nothing to change: meeting {chosen_number} is not canceled", chosen_number=chosen.number))
        if not found and chosen.starts_at <= ctx.now:
            raise UserError(_("Its time has passed. Plan another: `/curate meeting plan`."), field="meeting")
        for each in again:
            await restore_meeting(ctx, db, each)
        if found:
            found.ended_at = None
            await extend(db, found, ctx.club, ctx.now)
        await announce_due(db, ctx.now)
        restored = LogSentence.SERIES_RESTORED if found else LogSentence.MEETING_RESTORED
        await record_action(ctx, db, "meetings", about=log_sentence(restored, number=chosen.number))
    return Card(
        _("The series is planned again")
        if found
        else _("Meeting {chosen_number} is planned again", chosen_number=chosen.number),
        (text(format_span(chosen, ctx.zone)),),
        Tone.GOOD,
    )


async def _ended_with(ctx: Context, db: UnitOfWork, series: MeetingSeries) -> list[Meeting]:
    """Meetings to come that were canceled with the series; none that was canceled alone, or is on a holiday."""
    ended_at, zone = series.ended_at, ZoneInfo(series.timezone)
    holidays = parse_days(ctx.settings.holidays) if ctx.settings.holidays else frozenset()
    return [
        meeting
        for meeting in await db.meetings.of_series(series.id, ctx.now)
        if ended_at and meeting.changed_at >= ended_at and meeting.starts_at.astimezone(zone).date() not in holidays
    ]
