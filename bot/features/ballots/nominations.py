"""Command `club nominate`: puts a paper of the club's list on the next ballot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Part, Tone, text
from bot.chat.commands import Audience, Commands
from bot.chat.parameters import ParameterHint
from bot.chat.text import one_line, plural
from bot.domain.models import Nomination, Submission, SubmissionState
from bot.domain.withdrawals import paper_withdrawal
from bot.errors import UserError
from bot.features.ballots.ballot_cards import paper_line
from bot.features.shared.lookup import PAPER, by_title, find_submission
from bot.store import UnitOfWork
from bot.store.papers.submissions import OPEN_STATES

commands = Commands()

MAX_CANDIDATES = 20
"""Papers on one ballot: more fit no form, and nobody would compare them."""


@commands(
    "club nominate",
    examples=(
        "/club nominate 12",
        "/club nominate 12 why=the method is new to all of us",
        "/club nominate 12 back=yes",
    ),
)
async def nominate(
    ctx: Context,
    paper: Annotated[str, ParameterHint(PAPER, rest=True, here=True, suggest=by_title)] = "",
    why: Annotated[str, ParameterHint("why we should read it", most=300)] = "",
    anonymous: Annotated[bool, ParameterHint("yes to leave your name out, if the club allows it")] = False,
    back: Annotated[bool, ParameterHint("yes to take your nomination back")] = False,
) -> Card:
    """Nominate a paper of the club's list for the next ballot."""
    async with ctx.begin() as db:
        chosen = await find_submission(ctx, db, paper)
        await db.ballots.lock_club()
        waiting = await db.ballots.waiting()
        existing = next((one for one in waiting if one.submission_id == chosen.id), None)
        if back:
            return await _take_back(ctx, db, chosen, existing)
        if existing:
            by = "You nominated it" if existing.member_id == ctx.member.id else f"{existing.credit} nominated it"
            return _card(f"#{chosen.number} is already nominated", chosen, f"{by} for the next ballot.")
        await _check(ctx, db, chosen, waiting, anonymous=anonymous)
        await db.ballots.nominate(chosen, ctx.member.id, ctx.now, why=one_line(why), anonymous=anonymous)
    row = Buttons((Button("Take it back", Call.of("club nominate", chosen.number, back="yes")),))
    say = f"{plural(len(waiting) + 1, 'paper')} nominated for the next ballot."
    return _card(f"You nominated #{chosen.number}", chosen, say, row, tone=Tone.GOOD)


async def _check(
    ctx: Context,
    db: UnitOfWork,
    chosen: Submission,
    waiting: Sequence[Nomination],
    *,
    anonymous: bool,
) -> None:
    """Raises UserError if the paper cannot be nominated by this member now."""
    if anonymous and not ctx.settings.anonymous:
        raise UserError("This club shows who nominated a paper. Leave `anonymous` out.", field="anonymous")
    check_readable(chosen)
    ballot = await db.ballots.open_ballot()
    if ballot and chosen.id in {one.submission_id for one in await db.ballots.candidates(ballot.id)}:
        raise UserError(f"#{chosen.number} is on the ballot that is open now. Choose it with `/club ballot`.")
    if len(waiting) >= MAX_CANDIDATES:
        raise UserError(f"{MAX_CANDIDATES} papers are nominated already, the most on one ballot. Try again after it.")
    own = sum(one.member_id == ctx.member.id for one in waiting)
    if own >= ctx.settings.nominations and not ctx.may(Audience.MODERATOR):
        raise UserError(
            f"You have nominated {plural(own, 'paper')}, the most for one ballot. Take one back first: "
            f"`/club nominate … back=yes`."
        )


def check_readable(chosen: Submission) -> None:
    """Raises UserError if a paper is not on the club's list any more, or was withdrawn by its authors."""
    if chosen.state not in (*OPEN_STATES, SubmissionState.HELD):
        say = "taken back" if chosen.state == SubmissionState.WITHDRAWN else "removed from the list"
        raise UserError(f"#{chosen.number} was {say}, so it cannot be read next.", field="paper")
    if withdrawal := paper_withdrawal(chosen.paper):
        raise UserError(f"#{chosen.number} was {withdrawal.phrase}, so it cannot be read next.", field="paper")


async def _take_back(ctx: Context, db: UnitOfWork, chosen: Submission, existing: Nomination | None) -> Card:
    if existing is None:
        return _card(f"#{chosen.number} is not nominated", chosen, "There was nothing to take back.")
    if existing.member_id != ctx.member.id and not ctx.may(Audience.MODERATOR):
        raise UserError(f"{existing.credit} nominated #{chosen.number}. Only they or a moderator can take it back.")
    await db.ballots.take_back(existing)
    return _card(f"#{chosen.number} is no longer nominated", chosen, "It will not be on the next ballot.")


def _card(title: str, chosen: Submission, say: str, *more: Part, tone: Tone = Tone.PLAIN) -> Card:
    return Card(title, (text(*paper_line(chosen)), text(say), *more), tone)
