"""Command `curate meeting holidays`: days on which no meeting of a series takes place."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo

from bot.app import Context
from bot.chat.cards import Card, Tone, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.domain.day_spans import days_text, format_days, parse_days
from bot.domain.models import MeetingSeries, MeetingState
from bot.errors import UserError
from bot.features.meetings.meeting_changes import cancel_meeting, restore_meeting
from bot.features.meetings.schedule import announce_due, extend
from bot.features.shared.audit.entries import record_action
from bot.locale.current import _, _n, mark_text
from bot.store import UnitOfWork

commands = Commands()


@commands(
    "curate meeting holidays",
    audience=Audience.MODERATOR,
    examples=("/curate meeting holidays 2026-12-24..2027-01-03", "/curate meeting holidays"),
)
async def holidays(
    ctx: Context,
    days: Annotated[str, ParameterHint("days without meetings: 2026-12-24..2027-01-03", rest=True, most=400)] = "",
    remove: Annotated[bool, ParameterHint("allow meetings on these days again")] = False,
) -> Card:
    """Show or add days on which no meeting of a series takes place.

    Series meetings planned for these days are canceled.
    """
    known = parse_days(ctx.settings.holidays) if ctx.settings.holidays else frozenset()
    today = ctx.now.astimezone(ctx.zone).date()
    if not days.strip():
        coming = days_text(day for day in known if day >= today)
        return Card(_("Days without meetings"), (text(coming or _("None are set.")),))
    given = parse_days(days, today)
    if all(day < today for day in given):
        raise UserError(_("All of these days are in the past."), field="days")
    kept = frozenset(day for day in (known - given if remove else known | given) if day >= today)
    shown = text(days_text(kept) or _("None are set."))
    coming_days = frozenset(day for day in known if day >= today)
    if kept == coming_days:
        say = (
            _("These days are not among the days without meetings.")
            if remove
            else _("These days already are days without meetings.")
        )
        return Card(_("Nothing to change"), (text(say), shown))
    rules = ctx.settings.changed("holidays", format_days(kept))
    async with ctx.begin() as db:
        club = await db.club()
        club.settings = club.settings | {"holidays": rules.holidays}
        count = 0
        for series in await db.meetings.running_series():
            count += await _respect_holidays(ctx, db, series, given, remove)
        await announce_due(db, ctx.now)
        await record_action(
            ctx, db, "meetings", before={"holidays": ctx.settings.holidays}, after={"holidays": rules.holidays}
        )
    if not count:
        done = _("No meeting changed.")
    elif remove:
        done = _n("{n} meeting was planned again.", "{n} meetings were planned again.", count)
    else:
        done = _n("{n} meeting was canceled.", "{n} meetings were canceled.", count)
    return Card(_("Days without meetings"), (shown, text(done)), Tone.GOOD)


HOLIDAY = mark_text("That day is one of the club’s days without meetings.")

HOLIDAYS = (HOLIDAY, "The club has no meetings on that day.", "It is a holiday of the club.")
"""Reasons that a holiday canceled a meeting; the later ones were written by earlier versions."""


async def _respect_holidays(
    ctx: Context, db: UnitOfWork, series: MeetingSeries, days: frozenset[date], remove: bool
) -> int:
    """Cancel a series' meetings on new holidays, or plan again those that only a holiday had canceled."""
    count = 0
    for meeting in await db.meetings.of_series(series.id, ctx.now):
        day = meeting.starts_at.astimezone(ZoneInfo(meeting.timezone)).date()
        if day not in days:
            continue
        if not remove and meeting.state == MeetingState.PLANNED:
            await cancel_meeting(ctx, db, meeting, HOLIDAY)
            count += 1
        elif remove and meeting.state == MeetingState.CANCELLED and meeting.cancelled_why in HOLIDAYS:
            await restore_meeting(ctx, db, meeting)
            count += 1
    club = await db.club()
    await extend(db, series, club, ctx.now)
    return count
