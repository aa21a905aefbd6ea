"""Commands `club hand-over` and `club offer`: another member is asked to present a meeting, and answers."""

from __future__ import annotations

from typing import Annotated, Literal

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Part, Tone, note, text
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.domain.meeting_times import end_of, format_span
from bot.domain.models import Meeting, MeetingState
from bot.errors import UserError
from bot.features.meetings.meeting_notifications import tell
from bot.features.meetings.presenter_commands import MeetingParameter, own_row, set_presenter
from bot.features.shared.field_checks import check_meeting, check_member
from bot.features.shared.lookup import by_name, find_member
from bot.features.shared.meetings.meeting_cards import name_of, paper_of
from bot.features.shared.meetings.meeting_lookup import by_meeting, open_meeting
from bot.locale.current import _

commands = Commands()


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
        (*parts, own_row(chosen)),
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
