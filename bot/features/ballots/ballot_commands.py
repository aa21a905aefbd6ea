"""Commands `club ballot` and `club choose`: a member's own secret ballot."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated

from bot.app import Context
from bot.chat.cards import Card, ListEntry, Part, note, text
from bot.chat.command import Reply
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Bold, parse_backticks
from bot.domain.models import Ballot, BallotMethod, BallotState, Nomination
from bot.errors import UserError
from bot.features.ballots.ballot_cards import (
    ballot_card,
    nomination_note,
    own_ballot_card,
    paper_line,
    update_card,
)
from bot.locale.current import _, mark_text
from bot.store import UnitOfWork

commands = Commands()

SEPARATORS = re.compile(r"[\s,;>]+")
NOTHING = "none"


@commands(
    "club ballot",
    examples=("/club ballot", "/club ballot 3"),
    see_also=mark_text("Moderators open a ballot with `/curate ballot open`."),
)
async def show_ballot(
    ctx: Context,
    ballot: Annotated[int | None, ParameterHint("the number of an earlier ballot, to see its result")] = None,
) -> Card:
    """Show the ballot on what to read next, with your choice.

    Without an open ballot, it shows the nominations and the last result.
    """
    async with ctx.read() as db:
        if ballot is not None:
            found = await db.ballots.by_number(ballot)
            if found is None:
                raise UserError(
                    _("There is no ballot {ballot}. `/club ballot` shows the last one.", ballot=ballot), field="ballot"
                )
        else:
            found = await db.ballots.open_ballot()
        if found is None:
            return await _nothing_open(ctx, db)
        if found.state != BallotState.OPEN or found.closes_at <= ctx.now:
            return await _ended(ctx, db, found)
        nominations = await db.ballots.candidates(found.id)
        choices = await db.ballots.choices(found.id, ctx.member.id)
    lead = () if choices else (_("You have not voted yet."),)
    return own_ballot_card(found, nominations, choices, ctx.member_zone, lead)


@commands("club choose", reply=Reply.IN_PLACE, examples=("/club choose 12 14", "/club choose none"))
async def choose(
    ctx: Context,
    papers: Annotated[
        str,
        ParameterHint(
            "paper numbers (best first in a ranked ballot); `none` clears your choice", clears=True, rest=True, most=300
        ),
    ],
    ballot: Annotated[int | None, ParameterHint("the ballot’s number; the open one if empty")] = None,
) -> Card:
    """Choose in secret what to read next, or change your choice.

    You vote once, on whichever platform you like. Nobody else can see your choice.
    """
    async with ctx.begin() as db:
        found = await _open_ballot(ctx, db, ballot)
        nominations = await db.ballots.candidates(found.id)
        choices = read_choices(papers, nominations)
        if choices:
            changed = await db.ballots.cast(found, ctx.member.id, choices, ctx.now)
        else:
            changed = await db.ballots.withdraw(found.id, ctx.member.id)
        if changed:
            await update_card(db, found, ctx.zone)
    lead = [_outcome(found, nominations, choices, changed=changed)]
    return own_ballot_card(found, nominations, choices, ctx.member_zone, lead)


async def _open_ballot(ctx: Context, db: UnitOfWork, number: int | None) -> Ballot:
    """The ballot, locked, so that none is cast while it is counted. Raises UserError if it is not open."""
    found = await (db.ballots.by_number(number, lock=True) if number else db.ballots.open_ballot(lock=True))
    if found is None:
        say = _("There is no ballot {number}.", number=number) if number else _("No ballot is open.")
        raise UserError(_("{say} Nominate a paper for the next one with `/club nominate`.", say=say), field="ballot")
    if found.state != BallotState.OPEN or found.closes_at <= ctx.now:
        say = _("was canceled") if found.state == BallotState.CANCELED else _("is closed")
        raise UserError(
            _(
                "Ballot {found_number} {say}, so nothing was changed. See it with `/club ballot`.",
                found_number=found.number,
                say=say,
            )
        )
    return found


def read_choices(typed: str, nominations: Sequence[Nomination]) -> tuple[int, ...]:
    """Submissions that the typed numbers mean, in order; none for "none".

    Raises UserError for a word that is no number, a paper that is not on the ballot, or one that is named twice.
    """
    words = [word.removeprefix("#") for word in SEPARATORS.split(typed.strip()) if word]
    if [word.lower() for word in words] == [NOTHING]:
        return ()
    by_number = {str(one.submission.number): one.submission_id for one in nominations}
    offered = ", ".join(f"#{number}" for number in by_number)
    found: list[int] = []
    for word in words:
        if word not in by_number:
            raise UserError(
                _("“{word}” is not on this ballot. Its papers are: {offered}.", word=word[:40], offered=offered),
                field="papers",
            )
        if by_number[word] in found:
            raise UserError(_("#{word} is in your list twice. Give each paper once.", word=word), field="papers")
        found.append(by_number[word])
    if not found:
        raise UserError(_("Give the numbers of the papers: {offered}.", offered=offered), field="papers")
    return tuple(found)


def _outcome(ballot: Ballot, nominations: Sequence[Nomination], choices: tuple[int, ...], *, changed: bool) -> str:
    if not choices:
        return _("Your choice was cleared.") if changed else _("Nothing to change: you have chosen nothing.")
    numbers = {one.submission_id: f"#{one.submission.number}" for one in nominations}
    between = " > " if ballot.method == BallotMethod.RANKED else ", "
    listed = between.join(numbers[one] for one in choices)
    return (
        _("Your choice is saved: {listed}.", listed=listed)
        if changed
        else _("Nothing to change: you have already chosen {listed}.", listed=listed)
    )


async def _ended(ctx: Context, db: UnitOfWork, ballot: Ballot) -> Card:
    if ballot.state == BallotState.OPEN:
        return Card(
            _("Ballot {ballot_number} has ended", ballot_number=ballot.number),
            (text(_("It is being counted. The result will appear in a moment.")),),
        )
    return await ballot_card(db, ballot, ctx.zone)


async def _nothing_open(ctx: Context, db: UnitOfWork) -> Card:
    parts: list[Part] = []
    waiting = await db.ballots.waiting()
    if waiting:
        parts.append(text(Bold(_("Nominated for the next ballot:"))))
        parts += [ListEntry(paper_line(one.submission), nomination_note(one)) for one in waiting]
    else:
        parts.append(text(_("No paper is nominated yet.")))
    parts.append(note(*parse_backticks(_("Nominate a paper with `/club nominate`."))))
    if last := await db.ballots.latest(BallotState.CLOSED):
        result = await ballot_card(db, last, ctx.zone)
        parts += [text(Bold(result.title)), *result.parts]
    return Card(_("No ballot is open"), tuple(parts))
