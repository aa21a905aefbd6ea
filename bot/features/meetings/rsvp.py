"""Command `club rsvp`: a member's answer to a meeting, one over all platforms."""

from __future__ import annotations

from typing import Annotated, Literal

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Part, Tone, text
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.domain.attendance import Attendance, moved_up
from bot.domain.meeting_times import format_span
from bot.domain.models import Meeting
from bot.features.meetings.meeting_notifications import tell
from bot.features.shared.field_checks import check_meeting
from bot.features.shared.meetings.meeting_cards import name_of, paper_of
from bot.features.shared.meetings.meeting_lookup import MEETING, by_meeting, open_meeting
from bot.features.shared.meetings.meeting_thread import CARD_PART
from bot.locale.current import _, _n, mark_text
from bot.store import UnitOfWork

commands = Commands()

ANSWERED = {
    "yes": mark_text("You are coming"),
    "maybe": mark_text("You might come"),
    "no": mark_text("You are not coming"),
}
"""Title of the confirmation of each answer."""


@commands("club rsvp", examples=("/club rsvp yes", "/club rsvp no 3"))
async def rsvp(
    ctx: Context,
    answer: Annotated[Literal["yes", "maybe", "no"], ParameterHint("yes, maybe or no")],
    meeting: Annotated[str, ParameterHint(MEETING, suggest=by_meeting, check=check_meeting, strict=True)] = "",
) -> Card:
    """Say whether you are coming to the next meeting, or to another.

    If all seats are taken, you are put on the waiting list, and get a message when one is free.
    """
    async with ctx.begin() as db:
        chosen = await open_meeting(ctx, db, meeting)
        before = Attendance.of(await db.meeting_responses.all(chosen.id), chosen.size, chosen.presenter_id)
        changed = await db.meeting_responses.set(chosen.id, ctx.member.id, answer, ctx.now)
        after = Attendance.of(await db.meeting_responses.all(chosen.id), chosen.size, chosen.presenter_id)
        if changed:
            await db.meetings.redraw(chosen.id, CARD_PART)
            await give_places(db, chosen, before, after, ctx)
        name = name_of(chosen, await paper_of(db, chosen))
    line = after.place_in_line(ctx.member.id)
    title = _(ANSWERED[answer]) if not line else _("You are number {line} on the waiting list", line=line)
    if not changed:
        title = _("Nothing to change: your answer was already saved ({answer})", answer=title[0].lower() + title[1:])
    parts: list[Part] = [text(f"{name}, {format_span(chosen, ctx.member_zone)}.")]
    if line:
        parts.append(
            text(
                _n(
                    "The only seat is taken. You will get a message when it is free.",
                    "All {n} seats are taken. You will get a message when one is free.",
                    chosen.size,
                )
            )
        )
    presents = chosen.presenter_id == ctx.member.id
    if answer == "no" and presents:
        parts.append(text(_("You are still its presenter. Hand it over or step down if you cannot present.")))
    row = [Button(_("Calendar file"), Call.of("club meet", chosen.number, file="yes"))] if answer != "no" else []
    if answer == "no" and presents:
        row.append(Button(_("I can’t present"), Call.of("club present", chosen.number, what="release")))
    if row:
        parts.append(Buttons(tuple(row)))
    return Card(title, tuple(parts), Tone.GOOD if changed else Tone.PLAIN)


async def give_places(db: UnitOfWork, meeting: Meeting, before: Attendance, after: Attendance, ctx: Context) -> None:
    """Tell members who waited that they have a place now."""
    at = {response.member_id: response.at for response in await db.meeting_responses.all(meeting.id)}
    for member in moved_up(before, after):
        if member.id != ctx.member.id:
            await tell(db, meeting, [member.id], "place", at[member.id].isoformat(), ctx.now)
