"""Command `club present`: presenters of meetings."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, ListEntry, Part, Tone, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Bold
from bot.domain.meeting_times import format_span
from bot.domain.models import Meeting
from bot.errors import NotAllowed, UserError
from bot.features.meetings.meeting_notifications import tell
from bot.features.shared.audit.entries import record_action
from bot.features.shared.audit.vocabulary import LogSentence
from bot.features.shared.audit.wording import log_sentence
from bot.features.shared.delivery.moderator_posts import call_moderators
from bot.features.shared.field_checks import check_meeting
from bot.features.shared.languages import club_language
from bot.features.shared.meetings.meeting_cards import name_of, no_presenter_card, paper_of
from bot.features.shared.meetings.meeting_lookup import MEETING, by_meeting, open_meeting
from bot.locale.current import _, _n, formatted
from bot.store import UnitOfWork

commands = Commands()

MeetingParameter = Annotated[str, ParameterHint(MEETING, suggest=by_meeting, check=check_meeting, strict=True)]
MAX_LISTED = 10
"""Members in the list of turns."""


@commands("club present", examples=("/club present", "/club present 3 release", "/club present history"))
async def present(
    ctx: Context,
    meeting: MeetingParameter = "",
    what: Annotated[
        Literal["claim", "release", "ask", "history"],
        ParameterHint("present, say that you cannot, ask for volunteers, or see the history"),
    ] = "claim",
) -> Card:
    """Present at a meeting, step down, ask for volunteers, or see whose turn it is."""
    match meeting.strip().lower():
        case "claim" | "release" | "ask" | "history" as word:  # `/club present history` is about the next meeting
            meeting, what = "", word
    if what == "history":
        return await _history(ctx)
    async with ctx.begin() as db:
        chosen = await open_meeting(ctx, db, meeting)
        if what == "claim":
            return await _claim(ctx, db, chosen)
        if what == "release":
            return await _release(ctx, db, chosen)
        return await _ask(ctx, db, chosen)


async def _claim(ctx: Context, db: UnitOfWork, chosen: Meeting) -> Card:
    when = text(f"{name_of(chosen, await paper_of(db, chosen))}, {format_span(chosen, ctx.member_zone)}.")
    if chosen.presenter_id == ctx.member.id:
        return Card(_("Nothing to change: you are already its presenter"), (when, own_row(chosen)))
    if chosen.presenter:
        say = _(
            "{presenter} is already the presenter of meeting {chosen_number}. Ask them to hand it over to you.",
            presenter=chosen.presenter.shown_name,
            chosen_number=chosen.number,
        )
        raise UserError(say)
    await set_presenter(ctx, db, chosen, ctx.member.id)
    return Card(
        _("You are now the presenter of meeting {chosen_number}", chosen_number=chosen.number),
        (when, own_row(chosen)),
        Tone.GOOD,
    )


async def set_presenter(ctx: Context, db: UnitOfWork, meeting: Meeting, member_id: int | None) -> None:
    """Give a meeting a presenter, who comes to it, or none. Open offers about it are withdrawn."""
    meeting.presenter_id = member_id
    await db.presenter_offers.close(meeting.id, ctx.now)
    if member_id and await db.meeting_responses.answer(meeting.id, member_id) != "yes":
        await db.meeting_responses.set(meeting.id, member_id, "yes", ctx.now)
    await db.meetings.changed(meeting, ctx.now)
    await db.meetings.reload(meeting)


async def _release(ctx: Context, db: UnitOfWork, chosen: Meeting) -> Card:
    if chosen.presenter_id is None:
        return Card(_("Nothing to change: meeting {chosen_number} has no presenter", chosen_number=chosen.number))
    if chosen.presenter_id != ctx.member.id and not ctx.may(Audience.MODERATOR):
        raise NotAllowed(_("Only its presenter or a moderator can do that."))
    verb = "step-back" if chosen.presenter_id == ctx.member.id else "presenter-removed"
    await set_presenter(ctx, db, chosen, None)
    act = await record_action(
        ctx,
        db,
        verb,
        about=log_sentence(LogSentence.MEETING, number=chosen.number),
        announce=False,
    )
    async with club_language(db):
        card = no_presenter_card(chosen, ctx.zone)
    await call_moderators(ctx.app, db, act, card)
    return Card(
        _("Meeting {chosen_number} now has no presenter", chosen_number=chosen.number),
        (
            text(_("The moderators were told.")),
            Buttons((Button(_("I’ll present"), Call.of("club present", chosen.number)),)),
        ),
        Tone.GOOD,
    )


async def _ask(ctx: Context, db: UnitOfWork, chosen: Meeting) -> Card:
    if not ctx.may(Audience.MODERATOR) and chosen.presenter_id != ctx.member.id:
        raise NotAllowed(_("Moderators and the presenter can ask for volunteers."))
    if chosen.presenter_id:
        name = chosen.presenter.name if chosen.presenter else _("Somebody")
        raise UserError(
            _("{name} is already the presenter of meeting {chosen_number}.", name=name, chosen_number=chosen.number)
        )
    answers = await db.meeting_responses.all(chosen.id)
    members = {response.member_id for response in answers if response.answer != "no"}
    turns = await db.presenter_offers.turns(ctx.now)
    members |= {member.id for member, *_unused in turns[:MAX_LISTED]}
    members.discard(ctx.member.id)
    mark = f"{ctx.now.astimezone(ctx.zone).date()}"
    asked = await tell(db, chosen, sorted(members), "presenter", mark, ctx.now)
    chosen.volunteers_asked_at = ctx.now
    await db.meetings.redraw(chosen.id)
    if not asked:
        title = (
            _("Everyone who could be asked has been asked today")
            if members
            else _("Nobody to ask: nobody else is coming yet")
        )
        return Card(
            title,
            (
                text(
                    _(
                        "The card of meeting {chosen_number} shows that a presenter is needed.",
                        chosen_number=chosen.number,
                    )
                ),
            ),
        )
    return Card(
        _("Asked for volunteers"),
        (text(_("{members} will get a message.", members=_n("{n} member", "{n} members", asked))),),
        Tone.GOOD,
    )


def _presented(ctx: Context, times: int, last: datetime) -> str:
    """Number of meetings that a member has presented at, or will, and the day of the next one, else of the last."""
    day = formatted(last.astimezone(ctx.zone), "%-d %b %Y")
    meetings = _n("{n} meeting", "{n} meetings", times)
    if last > ctx.now:
        return _("{meetings}, the next on {day}", meetings=meetings, day=day)
    return _("{meetings}, the last on {day}", meetings=meetings, day=day)


async def _history(ctx: Context) -> Card:
    async with ctx.read() as db:
        turns = await db.presenter_offers.turns(ctx.now)
        past = [m for m in await db.meetings.presented(limit=MAX_LISTED) if m.presenter and m.starts_at <= ctx.now]
    if not turns:
        return Card(
            _("Nobody has presented yet"), (text(_("Members who present or come to meetings are listed here.")),)
        )
    order: list[Part] = [
        ListEntry(
            (Bold(f"{place}. {member.shown_name}"),),
            (_presented(ctx, times, last) if last else _("not yet"),),
        )
        for place, (member, times, last) in enumerate(turns[:MAX_LISTED], 1)
    ]
    shown: list[Part] = [
        ListEntry(
            (f"{_day(ctx, m)}: {m.presenter.shown_name if m.presenter else ''}",),
            (name_of(m, m.submission),),
        )
        for m in past[:5]
    ]
    lead = text(_("Whose turn it is: those who presented least, and longest ago, come first."))
    past_rows: list[Part] = [text(Bold(_("Presented"))), *shown] if shown else []
    return Card(_("Presenters"), (lead, *order, *past_rows))


def own_row(meeting: Meeting) -> Buttons:
    """Buttons for the presenter of a meeting."""
    return Buttons(
        (
            Button(_("I can’t present"), Call.of("club present", meeting.number, "release")),
            Button(_("Hand over"), Call.of("club hand-over", meeting=meeting.number)),
        )
    )


def _day(ctx: Context, meeting: Meeting) -> str:
    return formatted(meeting.starts_at.astimezone(ctx.zone), "%-d %b %Y")
