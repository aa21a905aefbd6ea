"""Lookup of the meeting that a typed word means."""

from __future__ import annotations

from bot.app import Context
from bot.chat.text import truncate
from bot.domain.meeting_times import end_of, format_start
from bot.domain.models import Meeting, MeetingState
from bot.errors import UserError
from bot.features.shared.lookup import number_in
from bot.features.shared.meeting_cards import name_of
from bot.store import UnitOfWork

MEETING = "a meeting: its number; the next one if empty"
"""Label of a `meeting` parameter, on every platform."""

NO_MEETING = "No meeting is planned. Moderators plan one with `/curate meeting plan`."
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
            raise UserError(NO_MEETING, field="meeting")
        return (await db.meetings.get(coming.id, lock=True) or coming) if lock else coming
    number = number_in(word.lower().removeprefix("meeting").strip())
    found = await db.meetings.by_number(number, lock=lock) if number is not None else None
    if found is None:
        raise UserError(f"There is no meeting “{word[:40]}”. `/club meetings` lists them.", field="meeting")
    return found


async def open_meeting(ctx: Context, db: UnitOfWork, typed: str) -> Meeting:
    """A meeting that is planned and not over, locked. Raises UserError if it is canceled or over."""
    found = await find_meeting(ctx, db, typed, lock=True)
    if found.state == MeetingState.CANCELLED:
        raise UserError(f"Meeting {found.number} was canceled. `/club meet` shows the next one.", field="meeting")
    if end_of(found) <= ctx.now:
        raise UserError(
            f"Meeting {found.number} is over: it was {format_start(found, ctx.member_zone)}.", field="meeting"
        )
    return found
