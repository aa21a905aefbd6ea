"""Choosing what is read next without a ballot."""

from __future__ import annotations

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Tone
from bot.domain.edition_calendar import format_moment
from bot.domain.models import Ballot, BallotMethod, BallotState, Submission
from bot.errors import UserError
from bot.features.ballots.ballot_cards import ballot_card, post_card, with_lead
from bot.features.ballots.ballot_log import record_ballot
from bot.features.ballots.nominations import check_readable
from bot.features.shared.votes.voting_window import current_ranking
from bot.locale.current import _
from bot.store import UnitOfWork


async def top_of_list(ctx: Context, db: UnitOfWork) -> Submission:
    """The first paper of the club's ranking that is not withdrawn. Raises UserError if there is none."""
    found = await current_ranking(ctx, db, None, 0, 10)
    chosen = next((one for one in found if not one.paper.withdrawn), None)
    if chosen is None:
        raise UserError(_("The list is empty. Members submit papers with `/paper submit`."))
    return chosen


async def choose(
    ctx: Context, db: UnitOfWork, ballot: Ballot | None, chosen: Submission, method: BallotMethod, reason: str
) -> Card:
    """Choose a paper without a ballot.

    Raises UserError while one is open, or if the paper cannot be read next.
    """
    if ballot:
        raise UserError(
            _(
                "Ballot {ballot_number} is open until {moment}. Wait for its result, or cancel it with "
                "`/curate ballot cancel`.",
                ballot_number=ballot.number,
                moment=format_moment(ballot.closes_at, ctx.zone),
            )
        )
    check_readable(chosen)
    last = await db.ballots.latest(BallotState.CLOSED)
    if last and last.winner_id == chosen.id and last.meeting_id is None:
        return with_lead(
            await ballot_card(db, last, ctx.zone), _("#{chosen_number} is already chosen.", chosen_number=chosen.number)
        )
    decided = await db.ballots.add(
        Ballot(
            method=method,
            state=BallotState.CLOSED,
            quorum=0,
            member_id=ctx.member.id,
            why=reason,
            opened_at=ctx.now,
            closes_at=ctx.now,
            closed_at=ctx.now,
            winner_id=chosen.id,
            result={},
        )
    )
    await record_ballot(ctx, db, "choose-next", decided, chosen, why=reason)
    await post_card(db, decided, ctx.zone, ctx.now)
    card = await ballot_card(db, decided, ctx.zone)
    row = Buttons((Button(_("Take it back"), Call.of("curate ballot", "cancel")),))
    return Card(card.title, (*card.parts, row), Tone.GOOD)
