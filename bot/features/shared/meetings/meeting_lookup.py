"""Lookup of the meeting that a typed word means."""

from __future__ import annotations

from bot.app import Context
from bot.chat.text import truncate
from bot.domain.meeting_times import end_of, format_start
from bot.domain.models import Meeting, MeetingState
from bot.errors import UserError
from bot.features.shared.lookup import number_in
from bot.features.shared.meetings.meeting_cards import name_of
from bot.locale.current import _, mark_text
from bot.store import UnitOfWork

MEETING = mark_text("its number; the next one if empty")
"""Label of an optional `meeting` parameter, on every platform."""

NO_MEETING = mark_text("No meeting is planned. Moderators plan one with `/curate meeting plan`.")
"""Answer where a club has no meeting to come."""


async def by_meeting(ctx: Context, typed: str) -> list[tuple[str, str]]:
    """Suggest meetings to come, then the latest, by number or title."""
    wanted = typed.strip().lower().removeprefix("#")
    async with ctx.read() as db:
        found = [*await db.meetings.upcoming(ctx.now, limit=15), *await db.meetings.past(ctx.now, limit=10)]
    labels = [(f"{name_of(m, m.submission)}, {format_start(m, ctx.member_zone)}", str(m.number)) for m in found]
    chosen = [(truncate(label, 100), number) for label, number in labels if wanted in label.lower()]
    return list(dict.fromkeys(chosen))[:25]


async def find_meeting(ctx: Context, db: UnitOfWork, typed: str, *, lock: bool = False) -> Meeting:
    """The meeting with this number; the next one if nothing is typed. Raises UserError if there is none."""
    word = typed.strip()
    if not word:
        coming = await db.meetings.next_meeting(ctx.now)
        if coming is None:
            raise UserError(_(NO_MEETING), field="meeting")
        return (await db.meetings.get(coming.id, lock=True) or coming) if lock else coming
    number = number_in(word.lower().removeprefix("meeting").strip())
    found = await db.meetings.by_number(number, lock=lock) if number is not None else None
    if found is None:
        raise UserError(
            _("There is no meeting “{word}”. `/club meetings` lists them.", word=word[:40]), field="meeting"
        )
    return found


async def open_meeting(ctx: Context, db: UnitOfWork, typed: str) -> Meeting:
    """A meeting that is planned and not over, locked. Raises UserError if it is canceled or over."""
    found = await find_meeting(ctx, db, typed, lock=True)
    if found.state == MeetingState.CANCELLED:
        raise UserError(
            _("Meeting {found_number} was canceled. `/club meet` shows the next one.", found_number=found.number),
            field="meeting",
        )
    if end_of(found) <= ctx.now:
        raise UserError(
            _(
                "Meeting {found_number} is over: it was {format_start}.",
                found_number=found.number,
                format_start=format_start(found, ctx.member_zone),
            ),
            field="meeting",
        )
    return found
