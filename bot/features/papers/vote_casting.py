"""Casting of votes: what may be voted for, by whom, and what the voter is told; for buttons, commands and reactions."""

from __future__ import annotations

from typing import assert_never

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Tone, text
from bot.chat.error_cards import RefusedWithCard, build_error_card
from bot.domain.models import SubmissionState, VoteStance
from bot.domain.vote_rules import vote_ranks
from bot.domain.withdrawals import paper_withdrawal
from bot.errors import UserError
from bot.features.shared.lookup import find_submission, number_in
from bot.features.shared.votes.vote_age import counts_from
from bot.features.shared.votes.vote_bursts import flag_burst
from bot.features.shared.votes.voting_window import window_start
from bot.locale.current import _, _n, formatted
from bot.store import UnitOfWork
from bot.store.papers.submissions import OPEN_STATES
from bot.store.papers.votes import VoteTarget

MAX_VOTES_LISTED = 25
"""Maximum number of votes listed for a member who has used all of theirs."""


async def load_target(ctx: Context, db: UnitOfWork, paper: str, *, lock: bool = True) -> VoteTarget:
    """The submission to vote for, locked unless told otherwise. By number, as usual, it takes one short query."""
    number = number_in(paper)
    if lock and number is not None and (found := await db.votes.vote_target(number)):
        return found
    return VoteTarget.of(await find_submission(ctx, db, paper, lock=lock))


def check_open(chosen: VoteTarget) -> None:
    """Raises UserError if a submission is no longer voted for."""
    if chosen.state == SubmissionState.READ:
        raise UserError(
            _("The club has already read #{chosen_number}, so you cannot vote for it.", chosen_number=chosen.number)
        )
    if chosen.state not in (*OPEN_STATES, SubmissionState.HELD):
        is_withdrawn = chosen.state == SubmissionState.WITHDRAWN
        say = _("withdrawn by its submitter") if is_withdrawn else _("removed from the list")
        message = _("#{chosen_number} was {say}. It can no longer be voted for.", chosen_number=chosen.number, say=say)
        row = Buttons((Button(_("Show it"), Call.of("paper show", chosen.number)),))
        raise RefusedWithCard(build_error_card(message, row), message)


async def check_votes_left(ctx: Context, db: UnitOfWork, chosen: VoteTarget) -> None:
    """Raises UserError if the member has used all votes of the period, in a club with a limit."""
    limit = ctx.settings.votes_per_window
    if not limit or await db.vote_queries.stance(ctx.member.id, chosen.id) == VoteStance.VOTE:
        return
    await db.members.lock(ctx.member.id)
    since = await window_start(ctx, db)
    if await db.vote_queries.count_votes(ctx.member.id, since) >= limit:
        spent = ", ".join(
            f"#{s.number}" for s in await db.vote_queries.voted_for(ctx.member.id, since, limit=MAX_VOTES_LISTED)
        )
        more = _(" and more") if limit > MAX_VOTES_LISTED else ""
        raise UserError(
            _(
                "You have used all {votes} for the next edition ({spent}{more}). Take a vote back first.",
                votes=_n("{n} vote", "{n} votes", limit),
                spent=spent,
                more=more,
            )
        )


async def set_stance(
    ctx: Context, db: UnitOfWork, chosen: VoteTarget, stance: VoteStance | None, reason: str = ""
) -> bool:
    """Set the requester's stance, and have the paper's cards updated. True if it changed."""
    changed = await db.votes.set(
        chosen,
        ctx.member.id,
        stance,
        ctx.now,
        reason=reason,
        counts_from=counts_from(ctx),
        excluded=ctx.member.votes_excluded,
    )
    if changed:
        await db.deliveries.mark_stale(chosen.id)
        if stance == VoteStance.VOTE:
            await flag_burst(ctx.app, db, ctx.club, chosen.id, chosen.votes)
    return changed


async def confirmation(
    ctx: Context,
    db: UnitOfWork,
    chosen: VoteTarget,
    stance: VoteStance | None,
    *,
    before: VoteStance | None,
    changed: bool,
) -> Card:
    """Answer to a vote: what was counted, what was not, and why."""
    name = f"#{chosen.number}"
    match stance:
        case VoteStance.SKIP:
            return _skip_card(name, before, changed=changed)
        case None:
            return _taken_back_card(chosen, name, before, changed=changed)
        case VoteStance.VOTE:
            return await _vote_card(ctx, db, chosen, name, before, changed=changed)
        case _:
            assert_never(stance)


def _skip_card(name: str, before: VoteStance | None, *, changed: bool) -> Card:
    if not changed:
        return Card(_("{name} is already marked as “Not for us”", name=name), (text(_("Nothing to change.")),))
    lines = [_("Only moderators see how many members marked it; its rank does not change.")]
    if before == VoteStance.VOTE:
        lines.insert(0, _("Your vote for it was taken back."))
    return Card(_("You marked {name} as “Not for us”", name=name), (text(" ".join(lines)),), Tone.GOOD)


def _taken_back_card(chosen: VoteTarget, name: str, before: VoteStance | None, *, changed: bool) -> Card:
    if not changed:
        return Card(_("You have not voted for {name}", name=name), (text(_("There was no vote to take back.")),))
    what = _("vote for") if before == VoteStance.VOTE else _("“Not for us” on")
    title = _("Your {what} {name} was taken back", what=what, name=name)
    return Card(title, (text(count_sentence(chosen)),), Tone.GOOD)


async def _vote_card(
    ctx: Context, db: UnitOfWork, chosen: VoteTarget, name: str, before: VoteStance | None, *, changed: bool
) -> Card:
    lines = [*_how_it_counts(ctx, chosen), *await _outlook(ctx, db, chosen)]
    if changed:
        marked = [_("It is no longer marked as “Not for us”.")] if before == VoteStance.SKIP else []
        counted = vote_ranks(
            VoteStance.VOTE,
            member_id=ctx.member.id,
            submitter_id=chosen.member_id,
            counts_from=counts_from(ctx),
            excluded=ctx.member.votes_excluded,
        )
        title = _("is counted") if counted else _("is saved")
        said = text(" ".join(marked + lines))
        return Card(_("Your vote for {name} {title}", name=name, title=title), (said,), Tone.GOOD)
    row = Buttons((Button(_("Take my vote back"), Call.of("paper vote", chosen.number, back="yes")),))
    if chosen.member_id != ctx.member.id:
        lines.insert(0, _("Each member has one vote per paper."))
    return Card(_("You have already voted for {name}", name=name), (text(" ".join(lines)), row))


def _how_it_counts(ctx: Context, chosen: VoteTarget) -> list[str]:
    """Sentences on the votes of a paper, and on why the requester's own does not count, or not yet."""
    if chosen.member_id == ctx.member.id:
        others = (
            _("It has {votes} from others.", votes=_n("{n} vote", "{n} votes", chosen.votes))
            if chosen.votes
            else _("It has no votes from others yet.")
        )
        return [_("You submitted it, so your own vote does not count for its rank."), others]
    lines = [count_sentence(chosen)]
    if ctx.member.votes_excluded:
        lines.append(_("Moderators have excluded your votes. Please ask them if that is a mistake."))
    elif waits_until := counts_from(ctx):
        day = formatted(waits_until.astimezone(ctx.member_zone), "%a %-d %b, %H:%M")
        lines.append(_("You are new in this club, so your vote will begin to count on {day}.", day=day))
    return lines


async def _outlook(ctx: Context, db: UnitOfWork, chosen: VoteTarget) -> list[str]:
    """Sentences on a paper that is withdrawn, and on how many votes the requester has used of those they have."""
    lines = []
    submission = (await db.submissions.many([chosen.id])).get(chosen.id)
    if submission and (withdrawal := paper_withdrawal(submission.paper)):
        lines.append(
            _("It was {withdrawal_phrase}, so it will not be in an edition.", withdrawal_phrase=withdrawal.phrase)
        )
    if limit := ctx.settings.votes_per_window:
        used = await db.vote_queries.count_votes(ctx.member.id, await window_start(ctx, db))
        lines.append(_("You have used {used} of {votes}.", used=used, votes=_n("{n} vote", "{n} votes", limit)))
    return lines


def count_sentence(chosen: VoteTarget) -> str:
    """Sentence about the number of votes for a paper."""
    return (
        _("It now has {votes}.", votes=_n("{n} vote", "{n} votes", chosen.votes))
        if chosen.votes
        else _("It has no votes yet.")
    )
