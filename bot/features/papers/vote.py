"""Commands `paper vote`, `paper skip` and `paper why`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Annotated

from bot.app import Context, RequestKind
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Facts, Part, Points, Text, Tone, note, text
from bot.chat.commands import Audience, Commands, Reply
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Bold, plain
from bot.domain.models import Submission, SubmissionState, VoteStance
from bot.domain.ranking import DISCUSSION_WEIGHT, Terms
from bot.domain.withdrawals import paper_withdrawal
from bot.errors import UserError
from bot.features.shared.lookup import PAPER, by_title, find_submission, number_in
from bot.features.shared.paper_cards import STATE_TEXT, load_submission_view, paper_card, title_of
from bot.features.shared.posted_cards import render_delivery
from bot.features.shared.vote_age import counts_from
from bot.features.shared.vote_bursts import flag_burst
from bot.features.shared.voting_window import window_start
from bot.locale.current import _, _n, formatted
from bot.store import UnitOfWork
from bot.store.papers.submissions import OPEN_STATES
from bot.store.papers.vote_statements import VoteTarget

commands = Commands()

MAX_VOTES_LISTED = 25
"""Maximum number of votes listed for a member who has used all of theirs."""


@commands("paper vote", reply=Reply.IN_PLACE, examples=("/paper vote 12", "/paper vote 12 back=yes"))
async def vote(
    ctx: Context,
    paper: Annotated[str, ParameterHint(PAPER, rest=True, here=True, suggest=by_title)] = "",
    back: Annotated[bool, ParameterHint("take your vote back")] = False,
) -> Card:
    """Vote for a paper that you want to read and discuss.

    Each member has one vote per paper; voting again changes nothing, and offers to take the vote back. A vote for
    your own paper is saved but does not count for its rank.
    """
    return await _set_stance(ctx, paper, None if back else VoteStance.VOTE)


@commands("paper skip", reply=Reply.IN_PLACE, examples=("/paper skip 12 reason=off-topic",))
async def skip(
    ctx: Context,
    paper: Annotated[str, ParameterHint(PAPER, rest=True, here=True, suggest=by_title)] = "",
    reason: Annotated[
        str, ParameterHint("why it is not for us; moderators see only how many members marked it", most=200)
    ] = "",
) -> Card:
    """Mark a paper as not for us, privately. It removes your vote, nothing else."""
    return await _set_stance(ctx, paper, VoteStance.SKIP, reason)


async def _set_stance(ctx: Context, paper: str, stance: VoteStance | None, reason: str = "") -> Card:
    async with ctx.begin() as db:
        chosen = await _load_target(ctx, db, paper)
        _check_open(chosen)
        if stance == VoteStance.VOTE:
            await _check_ballot(ctx, db, chosen)
        before = None if stance == VoteStance.VOTE else await db.votes.stance(ctx.member.id, chosen.id)
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
        confirmation = await _confirmation(ctx, db, chosen, stance, before=before, changed=changed)
        if ctx.via is RequestKind.CLICK:
            card = await _updated_card(ctx, db, chosen)
            said = text(Bold(f"{confirmation.title}."), *(f" {line}" for line in _sentences(confirmation)))
            return replace(card, parts=(said, *card.parts))
        return confirmation


async def _load_target(ctx: Context, db: UnitOfWork, paper: str) -> VoteTarget:
    """The submission to vote for, locked. By number, which is the usual case, it takes one short query."""
    number = number_in(paper)
    if number is not None and (found := await db.votes.vote_target(number)):
        return found
    return VoteTarget.of(await find_submission(ctx, db, paper, lock=True))


def _check_open(chosen: VoteTarget) -> None:
    if chosen.state == SubmissionState.READ:
        raise UserError(
            _("The club has already read #{chosen_number}, so you cannot vote for it.", chosen_number=chosen.number)
        )
    if chosen.state not in (*OPEN_STATES, SubmissionState.HELD):
        say = _("taken back") if chosen.state == SubmissionState.WITHDRAWN else _("removed from the list")
        raise UserError(
            _("#{chosen_number} was {say}. It can no longer be voted for.", chosen_number=chosen.number, say=say)
        )


async def _check_ballot(ctx: Context, db: UnitOfWork, chosen: VoteTarget) -> None:
    """Raises UserError if the member has used all votes of the period, in a club with a limit."""
    limit = ctx.settings.votes_per_window
    if not limit or await db.votes.stance(ctx.member.id, chosen.id) == VoteStance.VOTE:
        return
    await db.members.lock(ctx.member.id)
    since = await window_start(ctx, db)
    if await db.votes.count_votes(ctx.member.id, since) >= limit:
        spent = ", ".join(
            f"#{s.number}" for s in await db.votes.voted_for(ctx.member.id, since, limit=MAX_VOTES_LISTED)
        )
        more = _(" and more") if limit > MAX_VOTES_LISTED else ""
        raise UserError(
            _(
                "You have used all {votes} until the next edition ({spent}{more}). Take a vote back first.",
                votes=_n("{n} vote", "{n} votes", limit),
                spent=spent,
                more=more,
            )
        )


async def _updated_card(ctx: Context, db: UnitOfWork, chosen: VoteTarget) -> Card:
    """The clicked card in its current state: a posted copy in its own form, else the paper's card."""
    if ctx.where.message:
        posted = await db.deliveries.by_message(ctx.workspace_id, ctx.where.room, ctx.where.message)
        if posted and posted.submission_id == chosen.id and (card := await render_delivery(db, posted)):
            return card  # the delivery stays marked for an update: answers to two clicks may arrive in any order
    return paper_card(
        await load_submission_view(db, await find_submission(ctx, db, str(chosen.number)), ctx.where.platform)
    )


async def _confirmation(
    ctx: Context,
    db: UnitOfWork,
    chosen: VoteTarget,
    stance: VoteStance | None,
    *,
    before: VoteStance | None,
    changed: bool,
) -> Card:
    """Answer to a vote: what was counted, what was not, and why. `before` is not known for a vote."""
    name = f"#{chosen.number}"
    if stance == VoteStance.SKIP:
        if not changed:
            return Card(_("{name} is already marked as “Not for us”", name=name), (text(_("Nothing to change.")),))
        lines = [_("Only moderators see how many members marked it; its rank does not change.")]
        if before == VoteStance.VOTE:
            lines.insert(0, _("Your vote for it was taken back."))
        return Card(_("You marked {name} as “Not for us”", name=name), (text(" ".join(lines)),), Tone.GOOD)
    if stance is None:
        if not changed:
            return Card(_("You have not voted for {name}", name=name), (text(_("There was no vote to take back.")),))
        what = _("vote for") if before == VoteStance.VOTE else _("“Not for us” on")
        return Card(_("Your {what} {name} was taken back", what=what, name=name), (text(_count(chosen)),), Tone.GOOD)
    lines = [_count(chosen)]
    if chosen.member_id == ctx.member.id:
        others = _("It has {votes} from others.", votes=_n("{n} vote", "{n} votes", chosen.votes))
        lines = [_("You submitted it, so your own vote does not count for its rank."), others]
    elif ctx.member.votes_excluded:
        lines.append(_("Moderators have excluded your votes. Please ask them if that is a mistake."))
    elif waits_until := counts_from(ctx):
        day = waits_until.astimezone(ctx.member_zone)
        lines.append(
            _(
                "You are new in this club, so your vote begins to count on {day}.",
                day=formatted(day, "%a %-d %b, %H:%M"),
            )
        )
    submission = (await db.submissions.many([chosen.id])).get(chosen.id)
    if submission and (withdrawal := paper_withdrawal(submission.paper)):
        lines.append(
            _("It was {withdrawal_phrase}, so it will not be in an edition.", withdrawal_phrase=withdrawal.phrase)
        )
    if limit := ctx.settings.votes_per_window:
        used = await db.votes.count_votes(ctx.member.id, await window_start(ctx, db))
        lines.append(_("You have used {used} of {votes}.", used=used, votes=_n("{n} vote", "{n} votes", limit)))
    if changed:
        counted = chosen.member_id != ctx.member.id and not ctx.member.votes_excluded and not counts_from(ctx)
        title = _("is counted") if counted else _("is saved")
        return Card(_("Your vote for {name} {title}", name=name, title=title), (text(" ".join(lines)),), Tone.GOOD)
    row = Buttons((Button(_("Take my vote back"), Call.of("paper vote", chosen.number, back="yes")),))
    if chosen.member_id != ctx.member.id:
        lines.insert(0, _("Each member has one vote per paper."))
    return Card(_("You have already voted for {name}", name=name), (text(" ".join(lines)), row))


def _count(chosen: VoteTarget) -> str:
    return (
        _("It now has {votes}.", votes=_n("{n} vote", "{n} votes", chosen.votes))
        if chosen.votes
        else _("It has no votes yet.")
    )


def _sentences(card: Card) -> list[str]:
    return [plain(part.words) for part in card.parts if isinstance(part, Text)]


def _place(chosen: Submission, terms: Terms, order: Sequence[float]) -> str:
    """Rank of a submission among those with votes, or the reason why it has none."""
    if chosen.state not in OPEN_STATES:
        return _(STATE_TEXT.get(chosen.state, "removed from the list"))
    if not terms.votes:
        return _("after the {order_count} papers with votes", order_count=len(order)) if order else _("no votes yet")
    return _(
        "{value} of {order_count}", value=1 + sum(1 for score in order if score > terms.score), order_count=len(order)
    )


@commands("paper why", examples=("/paper why 12",))
async def why(
    ctx: Context, paper: Annotated[str, ParameterHint(PAPER, rest=True, here=True, suggest=by_title)] = ""
) -> Card:
    """Explain a paper's rank."""
    async with ctx.read() as db:
        chosen = await find_submission(ctx, db, paper)
        since = await window_start(ctx, db)
        until = ctx.now + timedelta(seconds=1)
        terms = await db.votes.terms(chosen, since, until)
        order = sorted((t.score for t in (await db.votes.terms_in_window(since, until)).values()), reverse=True)
        submitter_voted = await db.votes.stance(chosen.member_id, chosen.id) == VoteStance.VOTE
        skips = await db.votes.count_skips(chosen.id)
        item = await db.submissions.edition_item(chosen.id)
    facts = Facts(
        (
            (_("Votes since the last edition"), str(terms.votes)),
            (_("In the discussion"), str(terms.voices)),
            (_("Points from the discussion"), f"{terms.discussion:g}"),
            (_("Points"), f"{terms.points:g}"),
            (_("Place"), _("already in an edition") if item else _place(chosen, terms, order)),
        )
    )
    how = Points(
        (
            (
                _(
                    "Only votes since {since} count, one per member.",
                    since=formatted(since.astimezone(ctx.member_zone), "%a %-d %b %Y, %H:%M"),
                ),
            ),
            (
                _(
                    "Each person in the discussion adds {discussion_weight}, but never more than the votes.",
                    discussion_weight=formatted(DISCUSSION_WEIGHT, "g"),
                ),
            ),
            (
                _(
                    "Newer papers rank higher: a paper that is 30 days older needs ten times the points for the same "
                    "rank."
                ),
            ),
            (
                _("{credit} submitted it", credit=chosen.credit)
                + (
                    _(" and voted; that vote does not count.")
                    if submitter_voted
                    else _("; their own vote would not count.")
                ),
            ),
        )
    )
    parts: list[Part] = [text(Bold(f"#{chosen.number}"), f" {title_of(chosen)}"), facts, how]
    if skips and ctx.may(Audience.MODERATOR):
        parts.append(
            note(
                _(
                    "{members} chose “Not for us” (only moderators see this).",
                    members=_n("{n} member", "{n} members", skips),
                )
            )
        )
    return Card(_("Rank of #{chosen_number}", chosen_number=chosen.number), tuple(parts))
