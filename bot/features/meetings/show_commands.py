"""Commands `club meet` and `club meetings`: the next meeting, one meeting, and the list."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, File, Part, text
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import parse_backticks
from bot.chat.text import truncate
from bot.domain.meeting_times import end_of
from bot.features.meetings.calendar_file import calendar, file_name
from bot.features.shared.field_checks import check_meeting
from bot.features.shared.meetings.meeting_cards import load_meeting_view, meeting_row, private_meeting_card
from bot.features.shared.meetings.meeting_lookup import MEETING, NO_MEETING, by_meeting, find_meeting
from bot.features.shared.paged_lists import LAST_PAGE, ROWS_PER_PAGE, pager
from bot.locale.current import _, mark_text

WAY_TO_PLAN = mark_text("Moderators plan a meeting with `/curate meeting plan`.")

commands = Commands(about={"club": mark_text("The club’s meetings: dates, answers, presenters and questions.")})


@commands("club meet", examples=("/club meet", "/club meet 3", "/club meet file=yes"), see_also=WAY_TO_PLAN)
async def meet(
    ctx: Context,
    meeting: Annotated[str, ParameterHint(MEETING, suggest=by_meeting, check=check_meeting, strict=True)] = "",
    file: Annotated[bool, ParameterHint("get a file for your calendar")] = False,
) -> Card:
    """Show the next meeting, or another, in your time zone."""
    async with ctx.read() as db:
        if not meeting.strip() and await db.meetings.next_meeting(ctx.now) is None:
            row = Buttons((Button(_("Past meetings"), Call.of("club meetings", "past")),))
            return Card(
                _("No meeting is planned"),
                (text(*parse_backticks(_(WAY_TO_PLAN))), row),
            )
        chosen = await find_meeting(ctx, db, meeting)
        view = await load_meeting_view(db, chosen, over=end_of(chosen) <= ctx.now)
        answer = await db.meeting_responses.answer(chosen.id, ctx.member.id)
    card = private_meeting_card(view, ctx.member_zone, answer)
    if not file:
        return card
    content = calendar(ctx.club, [chosen], tentative=frozenset({chosen.id} if answer == "maybe" else ())).decode()
    return replace(card, parts=(*card.parts, File(file_name(chosen), content, _("For your calendar"))))


@commands(
    "club meetings",
    examples=("/club meetings", "/club meetings past", "/club meetings words=transformers"),
    see_also=WAY_TO_PLAN,
)
async def meetings(
    ctx: Context,
    which: Annotated[Literal["coming", "past"], ParameterHint("upcoming or past")] = "coming",
    page: Annotated[int, ParameterHint("which page")] = 1,
    words: Annotated[str, ParameterHint("find meetings by their title, paper or notes", rest=True, most=200)] = "",
) -> Card:
    """List upcoming or past meetings, or search them."""
    page = max(page, 1)
    skip, limit = (page - 1) * ROWS_PER_PAGE, ROWS_PER_PAGE + 1
    if words.strip():
        return await _found(ctx, words, page)
    async with ctx.read() as db:
        if which == "coming":
            found = await db.meetings.upcoming(ctx.now, skip=skip, limit=limit)
        else:
            found = await db.meetings.past(ctx.now, skip=skip, limit=limit)
    rows: list[Part] = [meeting_row(meeting, ctx.member_zone) for meeting in found[:ROWS_PER_PAGE]]
    if not rows:
        empty = _(NO_MEETING) if which == "coming" else _("The club has not met yet.")
        rows.append(text(*parse_backticks(empty if page == 1 else _(LAST_PAGE))))
    if turn := pager(Call.of("club meetings", which), page, more=len(found) > ROWS_PER_PAGE, empty=not found):
        rows.append(turn)
    other = (_("Past meetings"), "past") if which == "coming" else (_("Upcoming meetings"), "coming")
    rows.append(Buttons((Button(other[0], Call.of("club meetings", other[1], page=1)),)))
    return Card(_("Upcoming meetings") if which == "coming" else _("Past meetings"), tuple(rows))


async def _found(ctx: Context, words: str, page: int) -> Card:
    """Meetings that have every word."""
    async with ctx.read() as db:
        skip = (page - 1) * ROWS_PER_PAGE
        found = await db.meeting_search.meetings(words, skip=skip, limit=ROWS_PER_PAGE + 1)
    rows: list[Part] = [meeting_row(meeting, ctx.member_zone) for meeting in found[:ROWS_PER_PAGE]]
    if not rows:
        rows.append(text(_("No meeting contains all of these words.") if page == 1 else _(LAST_PAGE)))
    turn = Call.of("club meetings", words=words)
    if page_buttons := pager(turn, page, more=len(found) > ROWS_PER_PAGE, empty=not found):
        rows.append(page_buttons)
    return Card(_("Meetings with “{words}”", words=truncate(words, 60)), tuple(rows))
