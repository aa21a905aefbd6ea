"""Commands `club present`, `club hand-over` and `club offer`: presenters of meetings."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, ListEntry, Part, Tone, note, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Bold
from bot.domain.meeting_times import end_of, format_span
from bot.domain.models import Meeting, MeetingState
from bot.errors import NotAllowed, UserError
from bot.features.meetings.notifications import tell
from bot.features.shared.audit.entries import record_action
from bot.features.shared.audit.vocabulary import LogSentence
from bot.features.shared.audit.wording import log_sentence
from bot.features.shared.delivery.messaging import call_moderators
from bot.features.shared.field_checks import check_meeting, check_member
from bot.features.shared.languages import club_language
from bot.features.shared.lookup import by_name, find_member
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
        return Card(_("Nothing to change: you are already its presenter"), (when, _own_row(chosen)))
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
        (when, _own_row(chosen)),
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


@commands("club hand-over", examples=("/club hand-over Grace", "/club hand-over Grace 3 swap=5"))
async def hand_over(
    ctx: Context,
    member: Annotated[
        str, ParameterHint("who takes over", suggest=by_name, check=check_member, strict=True, people=True, most=120)
    ],
    meeting: MeetingParameter = "",
    swap: Annotated[
        str,
        ParameterHint(
            "their meeting, at which you would present in return", suggest=by_meeting, check=check_meeting, strict=True
        ),
    ] = "",
) -> Card:
    """Ask another member to present at your meeting, or to swap meetings.

    The presenter changes when they accept.
    """
    async with ctx.begin() as db:
        chosen = await open_meeting(ctx, db, meeting)
        if chosen.presenter_id != ctx.member.id:
            raise UserError(
                _(
                    "You are not the presenter of meeting {chosen_number}, so you cannot hand it over.",
                    chosen_number=chosen.number,
                )
            )
        person = await find_member(ctx, db, member, field="member")
        if person.id == ctx.member.id:
            raise UserError(_("That is you. Name another member."), field="member")
        other = await open_meeting(ctx, db, swap) if swap.strip() else None
        if other and other.presenter_id != person.id:
            raise UserError(
                _(
                    "{person} is not the presenter of meeting {other_number}.",
                    person=person.name,
                    other_number=other.number,
                ),
                field="swap",
            )
        if open_offer := await db.presenter_offers.open(
            chosen.id, ctx.member.id, person.id, other.id if other else None
        ):
            say = _(
                "{person} was already asked to present at meeting {number}, and has not answered yet.",
                person=person.name,
                number=chosen.number,
            )
            return Card(_("Nothing to change"), (text(say), _take_back_row(open_offer.id)))
        offer = await db.presenter_offers.add(chosen.id, ctx.member.id, person.id, other.id if other else None, ctx.now)
        await tell(db, chosen, [person.id], "offer", str(offer.id), ctx.now)
    ask = _("{person} was asked to present at meeting {chosen_number}", person=person.name, chosen_number=chosen.number)
    ask += _(", and you would present at meeting {other_number}", other_number=other.number) if other else ""
    say = _("{ask}. You stay its presenter until they accept.", ask=ask)
    return Card(_("Asked"), (text(say), _take_back_row(offer.id)), Tone.GOOD)


def _take_back_row(offer_id: int) -> Buttons:
    return Buttons((Button(_("Take it back"), Call.of("club offer", offer_id, "withdraw")),))


@commands("club offer", examples=("/club offer 4 accept",))
async def answer_offer(
    ctx: Context,
    offer: Annotated[int, ParameterHint("the number of the request, as in the message about it")],
    answer: Annotated[Literal["accept", "decline", "withdraw"], ParameterHint("accept, decline or withdraw")],
) -> Card:
    """Answer a request to present at a meeting, or withdraw your own."""
    async with ctx.begin() as db:
        found = await db.presenter_offers.get(offer, lock=True)
        if found is None or ctx.member.id != (found.member_id if answer == "withdraw" else found.to_id):
            raise UserError(_("There is no such request for you."))
        if found.settled_at:
            done = _("accepted") if found.accepted else _("declined or taken back")
            return Card(_("Nothing to change: the request was already {done}", done=done))
        found.settled_at = ctx.now
        chosen = await db.meetings.get(found.meeting_id, lock=True)
        other = await db.meetings.get(found.for_meeting_id, lock=True) if found.for_meeting_id else None
        assert chosen is not None, "an offer refers to its meeting"
        if answer != "accept":
            await tell(
                db, chosen, [found.member_id if answer == "decline" else found.to_id], "answer", str(offer), ctx.now
            )
            return Card(_("Declined") if answer == "decline" else _("Request withdrawn"), (_stays(chosen),), Tone.GOOD)
        stale = [
            m for m, holder in ((chosen, found.member_id), (other, found.to_id))
            if m and (m.presenter_id != holder or m.state != MeetingState.PLANNED or end_of(m) <= ctx.now)
        ]  # fmt: skip
        if stale:
            return Card(
                _("The request is no longer valid"),
                (text(_("Meeting {number} has changed in the meantime.", number=stale[0].number)),),
            )
        found.accepted = True
        await set_presenter(ctx, db, chosen, found.to_id)
        if other:
            await set_presenter(ctx, db, other, found.member_id)
        await tell(db, chosen, [found.member_id], "answer", str(offer), ctx.now)
        name = name_of(chosen, await paper_of(db, chosen))
    parts: list[Part] = [text(f"{name}, {format_span(chosen, ctx.member_zone)}.")]
    if other:
        parts.append(
            note(_("In return, they will present at meeting {other_number} for you.", other_number=other.number))
        )
    return Card(
        _("You are now the presenter of meeting {chosen_number}", chosen_number=chosen.number),
        (*parts, _own_row(chosen)),
        Tone.GOOD,
    )


def _stays(meeting: Meeting) -> Part:
    return text(
        _(
            "{presenter} is the presenter of meeting {meeting_number}.",
            presenter=meeting.presenter.shown_name if meeting.presenter else _("Nobody"),
            meeting_number=meeting.number,
        )
    )


def _own_row(meeting: Meeting) -> Buttons:
    """Buttons for the presenter of a meeting."""
    return Buttons(
        (
            Button(_("I can’t present"), Call.of("club present", meeting.number, "release")),
            Button(_("Hand over"), Call.of("club hand-over", meeting=meeting.number)),
        )
    )


def _day(ctx: Context, meeting: Meeting) -> str:
    return formatted(meeting.starts_at.astimezone(ctx.zone), "%-d %b %Y")
