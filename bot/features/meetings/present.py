"""Commands `club present`, `club hand-over` and `club offer`: presenters of meetings."""

from __future__ import annotations

from typing import Annotated, Literal

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, ListEntry, Part, Tone, note, text
from bot.chat.commands import Audience, Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Bold
from bot.chat.text import plural
from bot.domain.meeting_times import end_of, format_span
from bot.domain.models import Meeting, MeetingState
from bot.errors import NotAllowed, UserError
from bot.features.meetings.notices import tell
from bot.features.shared.audit import record_action
from bot.features.shared.lookup import by_name, find_member
from bot.features.shared.meeting_cards import name_of, paper_of
from bot.features.shared.meeting_lookup import MEETING, by_meeting, open_meeting
from bot.features.shared.messaging import call_moderators
from bot.store import UnitOfWork

commands = Commands()

MeetingParameter = Annotated[str, ParameterHint(MEETING, suggest=by_meeting)]
MAX_LISTED = 10
"""Members in the list of turns."""


@commands("club present", examples=("/club present", "/club present 3 release", "/club present history"))
async def present(
    ctx: Context,
    meeting: MeetingParameter = "",
    what: Annotated[
        Literal["claim", "release", "ask", "history"],
        ParameterHint("claim it, release it, ask for volunteers, or history"),
    ] = "claim",
) -> Card:
    """Present a meeting, step back, ask for volunteers, or see whose turn it is."""
    word = meeting.strip().lower()
    if word in ("claim", "release", "ask", "history"):  # `/club present history` is about the next meeting
        meeting, what = "", word  # type: ignore[assignment]
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
        return Card("Nothing to change: you present it already", (when, _own_row(chosen)))
    if chosen.presenter:
        say = f"{chosen.presenter.name} presents meeting {chosen.number} already. Ask them to hand it over to you."
        raise UserError(say)
    await set_presenter(ctx, db, chosen, ctx.member.id)
    return Card(f"You present meeting {chosen.number}", (when, _own_row(chosen)), Tone.GOOD)


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
        return Card(f"Nothing to change: nobody presents meeting {chosen.number}")
    if chosen.presenter_id != ctx.member.id and not ctx.may(Audience.MODERATOR):
        raise NotAllowed("Only its presenter or a moderator can do that.")
    await set_presenter(ctx, db, chosen, None)
    act = await record_action(
        ctx, db, "meetings", why=f"The presenter of meeting {chosen.number} stepped back.", announce=False
    )
    when = format_span(chosen, ctx.zone)
    row = Buttons(
        (
            Button("Ask for volunteers", Call.of("club present", chosen.number, "ask")),
            Button("Whose turn it is", Call.of("club present", "history")),
        )
    )
    title = f"Meeting {chosen.number} has no presenter"
    await call_moderators(ctx.app, db, act, Card(title, (text(f"Its presenter stepped back. It is {when}."), row)))
    return Card(
        f"Meeting {chosen.number} has no presenter now",
        (text("The moderators were told."), Buttons((Button("I’ll present", Call.of("club present", chosen.number)),))),
        Tone.GOOD,
    )


async def _ask(ctx: Context, db: UnitOfWork, chosen: Meeting) -> Card:
    if not ctx.may(Audience.MODERATOR) and chosen.presenter_id != ctx.member.id:
        raise NotAllowed("Moderators and the presenter can ask for volunteers.")
    if chosen.presenter_id:
        name = chosen.presenter.name if chosen.presenter else "Somebody"
        raise UserError(f"{name} presents meeting {chosen.number} already.")
    answers = await db.meeting_responses.all(chosen.id)
    members = {response.member_id for response in answers if response.answer != "no"}
    turns = await db.presenter_offers.turns(ctx.now)
    members |= {member.id for member, _, _ in turns[:MAX_LISTED]}
    members.discard(ctx.member.id)
    mark = f"{ctx.now.astimezone(ctx.zone).date()}"
    asked = await tell(db, chosen, sorted(members), "presenter", mark, ctx.now)
    chosen.volunteers_asked_at = ctx.now
    await db.meetings.redraw(chosen.id)
    if not asked:
        title = "Nobody new to ask today" if members else "Nobody else has said that they come"
        return Card(title, (text(f"The card of meeting {chosen.number} shows that a presenter is needed."),))
    return Card("Volunteers are asked", (text(f"{plural(asked, 'member')} will get a message."),), Tone.GOOD)


async def _history(ctx: Context) -> Card:
    async with ctx.read() as db:
        turns = await db.presenter_offers.turns(ctx.now)
        past = [m for m in await db.meetings.presented(limit=MAX_LISTED) if m.presenter]
    if not turns:
        return Card("Nobody has presented yet", (text("Members who present or come to meetings are listed here."),))
    order: list[Part] = [
        ListEntry(
            (Bold(f"{place}. {member.name}"),),
            (f"{plural(times, 'meeting')}, last {last.astimezone(ctx.zone):%-d %b %Y}" if last else "not yet",),
        )
        for place, (member, times, last) in enumerate(turns[:MAX_LISTED], 1)
    ]
    shown: list[Part] = [
        ListEntry(
            (f"{m.starts_at.astimezone(ctx.zone):%-d %b %Y}: {m.presenter.name if m.presenter else ''}",),
            (name_of(m, m.submission),),
        )
        for m in past[:5]
    ]
    lead = text("Whose turn it is: those who presented least, and longest ago, come first.")
    past_rows: list[Part] = [text(Bold("Presented")), *shown] if shown else []
    return Card("Presenters", (lead, *order, *past_rows))


@commands("club hand-over", examples=("/club hand-over Grace", "/club hand-over Grace 3 swap=5"))
async def hand_over(
    ctx: Context,
    member: Annotated[str, ParameterHint("who takes over", suggest=by_name, people=True, most=120)],
    meeting: MeetingParameter = "",
    swap: Annotated[str, ParameterHint("the meeting of theirs that you would present", suggest=by_meeting)] = "",
) -> Card:
    """Ask another member to present your meeting, or to swap.

    It changes when they accept."""
    async with ctx.begin() as db:
        chosen = await open_meeting(ctx, db, meeting)
        if chosen.presenter_id != ctx.member.id:
            raise UserError(f"You do not present meeting {chosen.number}, so you cannot hand it over.")
        person = await find_member(ctx, db, member, field="member")
        if person.id == ctx.member.id:
            raise UserError("That is you. Name another member.", field="member")
        other = await open_meeting(ctx, db, swap) if swap.strip() else None
        if other and other.presenter_id != person.id:
            raise UserError(f"{person.name} does not present meeting {other.number}.", field="swap")
        offer = await db.presenter_offers.add(chosen.id, ctx.member.id, person.id, other.id if other else None, ctx.now)
        await tell(db, chosen, [person.id], "offer", str(offer.id), ctx.now)
    ask = f"{person.name} is asked to present meeting {chosen.number}"
    ask += f", and you would present meeting {other.number}" if other else ""
    row = Buttons((Button("Take it back", Call.of("club offer", offer.id, "withdraw")),))
    return Card("Asked", (text(f"{ask}. You stay its presenter until they accept."), row), Tone.GOOD)


@commands("club offer", examples=("/club offer 4 accept",))
async def answer_offer(
    ctx: Context,
    offer: Annotated[int, ParameterHint("the number of the offer, as in the message about it")],
    answer: Annotated[Literal["accept", "decline", "withdraw"], ParameterHint("accept, decline or withdraw")],
) -> Card:
    """Accept or decline an offer to present a meeting."""
    async with ctx.begin() as db:
        found = await db.presenter_offers.get(offer, lock=True)
        if found is None or ctx.member.id != (found.member_id if answer == "withdraw" else found.to_id):
            raise UserError("There is no such offer for you.")
        if found.settled_at:
            done = "accepted" if found.accepted else "declined or taken back"
            return Card(f"Nothing to change: the offer was {done} already")
        found.settled_at = ctx.now
        chosen = await db.meetings.get(found.meeting_id, lock=True)
        other = await db.meetings.get(found.for_meeting_id, lock=True) if found.for_meeting_id else None
        assert chosen is not None, "an offer refers to its meeting"
        if answer != "accept":
            await tell(
                db, chosen, [found.member_id if answer == "decline" else found.to_id], "answer", str(offer), ctx.now
            )
            return Card("Declined" if answer == "decline" else "Taken back", (_stays(chosen),), Tone.GOOD)
        stale = [
            m for m, holder in ((chosen, found.member_id), (other, found.to_id))
            if m and (m.presenter_id != holder or m.state != MeetingState.PLANNED or end_of(m) <= ctx.now)
        ]  # fmt: skip
        if stale:
            return Card("The offer no longer holds", (text(f"Meeting {stale[0].number} has changed meanwhile."),))
        found.accepted = True
        await set_presenter(ctx, db, chosen, found.to_id)
        if other:
            await set_presenter(ctx, db, other, found.member_id)
        await tell(db, chosen, [found.member_id], "answer", str(offer), ctx.now)
        name = name_of(chosen, await paper_of(db, chosen))
    parts: list[Part] = [text(f"{name}, {format_span(chosen, ctx.member_zone)}.")]
    if other:
        parts.append(note(f"Meeting {other.number} is presented for you."))
    return Card(f"You present meeting {chosen.number}", (*parts, _own_row(chosen)), Tone.GOOD)


def _stays(meeting: Meeting) -> Part:
    return text(f"{meeting.presenter.name if meeting.presenter else 'Nobody'} presents meeting {meeting.number}.")


def _own_row(meeting: Meeting) -> Buttons:
    """Buttons for the presenter of a meeting."""
    return Buttons(
        (
            Button("Step back", Call.of("club present", meeting.number, "release")),
            Button("Hand over", Call.of("club hand-over", meeting=meeting.number)),
        )
    )
