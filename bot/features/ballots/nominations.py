"""Command `club nominate`: puts a paper of the club's list on the next ballot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Part, Tone, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.text import one_line
from bot.domain.models import Nomination, Submission, SubmissionState, at_start
from bot.domain.withdrawals import paper_withdrawal
from bot.errors import UserError
from bot.features.ballots.ballot_cards import paper_line
from bot.features.shared.field_checks import check_paper
from bot.features.shared.lookup import PAPER, TAKE_BACK, by_title, find_submission
from bot.locale.current import _, _n
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
    paper: Annotated[str, ParameterHint(PAPER, rest=True, here=True, suggest=by_title, check=check_paper)] = "",
    why: Annotated[str, ParameterHint("why we should read it", most=300)] = "",
    anonymous: Annotated[bool, ParameterHint("your name is not shown, if the club allows it")] = False,
    back: Annotated[bool, ParameterHint("take your nomination back", means=TAKE_BACK)] = False,
) -> Card:
    """Nominate a paper from the club’s list for the next ballot."""
    async with ctx.begin() as db:
        chosen = await find_submission(ctx, db, paper)
        await db.lock_club()
        waiting = await db.ballots.waiting()
        existing = next((one for one in waiting if one.submission_id == chosen.id), None)
        if back:
            return await _take_back(ctx, db, chosen, existing)
        if existing:
            return _already_nominated(ctx, chosen, existing, one_line(why))
        await _check(ctx, db, chosen, waiting, anonymous=anonymous)
        await db.ballots.nominate(chosen, ctx.member.id, ctx.now, why=one_line(why), anonymous=anonymous)
    say = _("{papers} nominated for the next ballot.", papers=_n("{n} paper", "{n} papers", len(waiting) + 1))
    title = _("You nominated #{chosen_number}", chosen_number=chosen.number)
    return _card(title, chosen, say, _take_back_row(chosen), tone=Tone.GOOD)


def _take_back_row(chosen: Submission) -> Buttons:
    """Button that takes a member's own nomination of a paper back."""
    return Buttons((Button(_("Take it back"), Call.of("club nominate", chosen.number, back="yes")),))


def _already_nominated(ctx: Context, chosen: Submission, existing: Nomination, why: str) -> Card:
    """Card of a paper that waits for the next ballot already; a new reason of its nominator is stored."""
    is_own = existing.member_id == ctx.member.id
    if is_own:
        say = _("You nominated it for the next ballot.")
    else:
        say = _("{credit} nominated it for the next ballot.", credit=at_start(existing.credit))
    if is_own and why and why != existing.why:
        existing.why = why
        say += " " + _("Your new reason was saved.")
    row = (_take_back_row(chosen),) if is_own else ()
    return _card(_("#{chosen_number} is already nominated", chosen_number=chosen.number), chosen, say, *row)


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
        raise UserError(_("This club shows who nominated a paper. Leave `anonymous` out."), field="anonymous")
    check_readable(chosen)
    ballot = await db.ballots.open_ballot()
    if ballot and chosen.id in {one.submission_id for one in await db.ballots.candidates(ballot.id)}:
        raise UserError(
            _(
                "#{chosen_number} is on the ballot that is open now. Choose it with `/club ballot`.",
                chosen_number=chosen.number,
            )
        )
    if len(waiting) >= MAX_CANDIDATES:
        raise UserError(
            _(
                "{max_candidates} papers are already nominated, which is the limit for one ballot. Try again "
                "after the next ballot.",
                max_candidates=MAX_CANDIDATES,
            )
        )
    own = sum(one.member_id == ctx.member.id for one in waiting)
    if own >= ctx.settings.nominations and not ctx.may(Audience.MODERATOR):
        raise UserError(
            _(
                "You have nominated {papers}, the limit for one ballot. Take one back first: `/club nominate … "
                "back=yes`.",
                papers=_n("{n} paper", "{n} papers", own),
            )
        )


def check_readable(chosen: Submission) -> None:
    """Raises UserError if a paper is not on the club's list any more, or was withdrawn by its authors."""
    if chosen.state not in (*OPEN_STATES, SubmissionState.HELD):
        is_withdrawn = chosen.state == SubmissionState.WITHDRAWN
        say = _("withdrawn by its submitter") if is_withdrawn else _("removed from the list")
        raise UserError(
            _("#{chosen_number} was {say}, so it cannot be read next.", chosen_number=chosen.number, say=say),
            field="paper",
        )
    if withdrawal := paper_withdrawal(chosen.paper):
        raise UserError(
            _(
                "#{chosen_number} was {withdrawal_phrase}, so it cannot be read next.",
                chosen_number=chosen.number,
                withdrawal_phrase=withdrawal.phrase,
            ),
            field="paper",
        )


async def _take_back(ctx: Context, db: UnitOfWork, chosen: Submission, existing: Nomination | None) -> Card:
    if existing is None:
        return _card(
            _("#{chosen_number} is not nominated", chosen_number=chosen.number),
            chosen,
            _("There was nothing to take back."),
        )
    if existing.member_id != ctx.member.id and not ctx.may(Audience.MODERATOR):
        raise UserError(
            _(
                "{credit} nominated #{chosen_number}. Only they or a moderator can take it back.",
                credit=at_start(existing.credit),
                chosen_number=chosen.number,
            )
        )
    await db.ballots.take_back(existing)
    return _card(
        _("#{chosen_number} is no longer nominated", chosen_number=chosen.number),
        chosen,
        _("It will not be on the next ballot."),
    )


def _card(title: str, chosen: Submission, say: str, *more: Part, tone: Tone = Tone.PLAIN) -> Card:
    return Card(title, (text(*paper_line(chosen)), text(say), *more), tone)
