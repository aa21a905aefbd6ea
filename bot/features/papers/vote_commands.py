"""Commands `paper vote`, `paper skip` and `paper why`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated

from bot.app import Context, RequestKind
from bot.chat.cards import Card, Facts, Part, Points, Text, note, text
from bot.chat.command import Audience, Reply
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Bold, plain
from bot.domain.models import Submission, VoteStance, at_start
from bot.domain.vote_ranking import DISCUSSION_WEIGHT, Terms
from bot.features.papers.vote_casting import check_open, check_votes_left, confirmation, load_target, set_stance
from bot.features.shared.delivery.delivery_cards import render_delivery
from bot.features.shared.field_checks import check_paper
from bot.features.shared.lookup import PAPER, TAKE_BACK, by_title, find_submission, number_in
from bot.features.shared.papers.paper_cards import load_submission_view, paper_card, state_text, title_of
from bot.features.shared.votes.voting_window import window_start
from bot.locale.current import _, _n, formatted
from bot.store import UnitOfWork
from bot.store.papers.submissions import OPEN_STATES
from bot.store.papers.votes import VoteTarget

commands = Commands()


@commands("paper vote", reply=Reply.IN_PLACE, examples=("/paper vote 12", "/paper vote 12 back=yes"))
async def vote(
    ctx: Context,
    paper: Annotated[str, ParameterHint(PAPER, rest=True, here=True, suggest=by_title, check=check_paper)] = "",
    back: Annotated[bool, ParameterHint("take your vote back", means=TAKE_BACK)] = False,
) -> Card:
    """Vote for a paper that you want to read and discuss.

    Each member has one vote per paper. If you vote again, nothing changes, and I offer to take the vote back. A vote
    for your own paper is saved but does not count for its rank.
    """
    return await _set_stance(ctx, paper, None if back else VoteStance.VOTE)


@commands("paper skip", reply=Reply.IN_PLACE, examples=("/paper skip 12 reason=off-topic",))
async def skip(
    ctx: Context,
    paper: Annotated[str, ParameterHint(PAPER, rest=True, here=True, suggest=by_title, check=check_paper)] = "",
    reason: Annotated[
        str,
        ParameterHint(
            "why it is “Not for us”; only you see it. Moderators see only how many marked the paper", most=200
        ),
    ] = "",
    back: Annotated[bool, ParameterHint("take the mark back", means=TAKE_BACK)] = False,
) -> Card:
    """Mark a paper as “Not for us”, privately. If you voted for it, this removes your vote."""
    return await (_take_mark_back(ctx, paper) if back else _set_stance(ctx, paper, VoteStance.SKIP, reason))


async def _take_mark_back(ctx: Context, paper: str) -> Card:
    """Take the mark "Not for us" back; a vote stays."""
    async with ctx.read() as db:
        chosen = await load_target(ctx, db, paper, lock=False)
        before = await db.vote_queries.stance(ctx.member.id, chosen.id)
    name = f"#{chosen.number}"
    if before == VoteStance.SKIP:
        return await _set_stance(ctx, name, None)
    say = _("Your vote for it stays.") if before == VoteStance.VOTE else _("Nothing to change.")
    return Card(_("{name} is not marked as “Not for us”", name=name), (text(say),))


async def _set_stance(ctx: Context, paper: str, stance: VoteStance | None, reason: str = "") -> Card:
    async with ctx.begin() as db:
        chosen = await load_target(ctx, db, paper)
        check_open(chosen)
        if stance == VoteStance.VOTE:
            await check_votes_left(ctx, db, chosen)
        before = await db.vote_queries.stance(ctx.member.id, chosen.id)
        changed = await set_stance(ctx, db, chosen, stance, reason)
        answer = await confirmation(ctx, db, chosen, stance, before=before, changed=changed)
        if (asked := number_in(paper)) and asked != chosen.number:
            merged = text(_("#{n} was merged into #{m}.", n=asked, m=chosen.number))
            answer = replace(answer, parts=(*answer.parts, merged))
        if ctx.via is RequestKind.CLICK:
            card = await _updated_card(ctx, db, chosen)
            said = text(Bold(f"{answer.title}."), *(f" {line}" for line in _sentences(answer)))
            return replace(card, parts=(said, *card.parts))
        return answer


async def _updated_card(ctx: Context, db: UnitOfWork, chosen: VoteTarget) -> Card:
    """The clicked card in its current state: a posted copy in its own form, else the paper's card."""
    if ctx.where.message:
        posted = await db.deliveries.by_message(ctx.workspace_id, ctx.where.room, ctx.where.message)
        if posted and posted.submission_id == chosen.id and (card := await render_delivery(db, posted)):
            return card  # the delivery stays marked for an update: answers to two clicks may arrive in any order
    return paper_card(await load_submission_view(db, await find_submission(ctx, db, str(chosen.number))))


def _sentences(card: Card) -> list[str]:
    return [plain(part.words) for part in card.parts if isinstance(part, Text)]


def _place(chosen: Submission, terms: Terms, order: Sequence[float]) -> str:
    """Rank of a submission among those with votes, or the reason why it has none."""
    if chosen.state not in OPEN_STATES:
        return state_text(chosen)
    if not terms.votes:
        if not order:
            return _("no votes yet")
        return _n(
            "no votes yet, so it is below the only paper with votes",
            "no votes yet, so it is below the {n} papers with votes",
            len(order),
        )
    place = 1 + sum(1 for score in order if score > terms.score)
    return _n("the only paper with votes", "{place} of {n} papers with votes", len(order), place=place)


def _how_votes_count(ctx: Context, chosen: Submission, since: datetime, *, submitter_voted: bool) -> Points:
    """Rules of the ranking, for a paper in a period that began then."""
    return Points(
        (
            (
                _(
                    "Only votes since {since} count, one per member.",
                    since=formatted(since.astimezone(ctx.member_zone), "%a %-d %b %Y, %H:%M"),
                ),
            ),
            (
                _(
                    "Each person in the discussion adds {discussion_weight}; together they never add more than the "
                    "votes do.",
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
                _("{credit} submitted it and voted for it; that vote does not count.", credit=at_start(chosen.credit))
                if submitter_voted
                else _("{credit} submitted it; their own vote would not count.", credit=at_start(chosen.credit)),
            ),
        )
    )


@commands("paper why", examples=("/paper why 12",))
async def why(
    ctx: Context,
    paper: Annotated[str, ParameterHint(PAPER, rest=True, here=True, suggest=by_title, check=check_paper)] = "",
) -> Card:
    """Explain a paper’s rank."""
    async with ctx.read() as db:
        chosen = await find_submission(ctx, db, paper)
        since = await window_start(ctx, db)
        until = ctx.now + timedelta(seconds=1)
        returned = await db.editions.returned(since)
        terms = await db.vote_queries.terms(chosen, since, until, returned)
        ranked = await db.vote_queries.terms_in_window(since, until, returned=returned)
        order = sorted((t.score for t in ranked.values()), reverse=True)
        submitter_voted = await db.vote_queries.stance(chosen.member_id, chosen.id) == VoteStance.VOTE
        skips = await db.vote_queries.count_skips(chosen.id)
        item = await db.submissions.edition_item(chosen.id)
    facts = Facts(
        (
            (_("Votes since the last edition"), str(terms.votes)),
            (_("In the discussion"), str(terms.voices)),
            (_("Points from the discussion"), formatted(terms.discussion, "g")),
            (_("Points"), formatted(terms.points, "g")),
            (_("Place"), _("already in an edition") if item else _place(chosen, terms, order)),
        )
    )
    parts: list[Part] = [
        text(Bold(f"#{chosen.number}"), f" {title_of(chosen)}"),
        facts,
        _how_votes_count(ctx, chosen, since, submitter_voted=submitter_voted),
    ]
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
