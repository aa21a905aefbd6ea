"""Counting or canceling a ballot by hand, and counting the last one again."""

from __future__ import annotations

from bot.app import Context
from bot.chat.cards import Card, Tone, note, text
from bot.domain.ballot_results import BallotResult
from bot.domain.models import Ballot, BallotState
from bot.errors import UserError
from bot.features.ballots.ballot_cards import ballot_card, update_card
from bot.features.ballots.ballot_log import record_ballot
from bot.features.ballots.closing import count_ballot
from bot.features.ballots.opening import require_open
from bot.features.shared.audit.entries import record_action
from bot.locale.current import _, _n
from bot.store import UnitOfWork
from bot.store.ballots.ballots import is_ballot


async def count_now(ctx: Context, db: UnitOfWork, ballot: Ballot | None) -> Card:
    """Count the open ballot before its end. Raises UserError below its quorum, where nothing would be decided."""
    if ballot is None:
        last = await db.ballots.latest(BallotState.CLOSED)
        if last and is_ballot(last):
            title = _("Nothing to change")
            say = _("Ballot {ballot_number} is already counted.", ballot_number=last.number)
            return Card(title, (text(say), *(await ballot_card(db, last, ctx.zone)).parts))
        raise UserError(_("No ballot is open. `/curate ballot open` opens one."))
    turnout, end = await db.ballots.turnout(ballot.id), ballot.closes_at
    if turnout < ballot.quorum and end > ctx.now:
        voted = _n("{n} member has voted", "{n} members have voted", turnout) if turnout else _("Nobody has voted yet")
        raise UserError(
            _(
                "{voted}, and {quorum} are needed. Counting now would decide nothing. Wait for its end, or cancel it "
                "with `/curate ballot cancel`.",
                voted=voted,
                quorum=ballot.quorum,
            )
        )
    ballot.closes_at = min(end, ctx.now)
    turnout = await count_ballot(db, ballot, ctx.now)
    await record_action(
        ctx,
        db,
        "ballot-close",
        submission=ballot.winner,
        before={"end": end.isoformat()},
        after={"ballot": ballot.number, "ballots": turnout, "end": ballot.closes_at.isoformat()},
    )
    return await ballot_card(db, ballot, ctx.zone)


async def cancel(ctx: Context, db: UnitOfWork, ballot: Ballot | None, reason: str) -> Card:
    """Cancel the open ballot; without one, take back the last choice, if no meeting reads it yet."""
    if ballot:
        ballot = require_open(ctx, ballot)
        ballot.state, ballot.closed_at, ballot.why = BallotState.CANCELED, ctx.now, reason
        await db.ballots.take_cast(ballot.id)
        await db.ballots.return_nominations(ballot)
        await record_ballot(ctx, db, "ballot-cancel", ballot, why=reason)
        await update_card(db, ballot, ctx.zone)
        say = _("The papers stay nominated for the next ballot.")
        return Card(_("Ballot {ballot_number} was canceled", ballot_number=ballot.number), (text(say),), Tone.GOOD)
    last = await db.ballots.latest(BallotState.CLOSED)
    if last is None or is_ballot(last):
        raise UserError(_("No ballot is open, so there is nothing to cancel. A counted ballot stays as it is."))
    if last.meeting_id is not None:
        raise UserError(_("A meeting already has that paper. Change it there with `/curate meeting edit`."))
    last.state, last.why = BallotState.CANCELED, reason
    await record_ballot(ctx, db, "unchoose-next", last, last.winner, why=reason)
    await update_card(db, last, ctx.zone)
    return Card(_("The choice was taken back"), (text(_("Nothing is chosen now.")),), Tone.GOOD)


async def recount(db: UnitOfWork) -> Card:
    """Count the last ballot again, from the ballots without names."""
    last = await db.ballots.latest(BallotState.CLOSED)
    if last is None or not is_ballot(last):
        raise UserError(_("No ballot has been counted yet."))
    result = BallotResult.from_json(last.result)
    same = result.winner(last.method, last.quorum) == last.winner_id
    say = (
        _("Counting again gives the same result.")
        if same
        else _("Counting again gives a different result: tell an admin.")
    )
    cast = _("{members} voted. Their names are not shown.", members=_n("{n} member", "{n} members", result.turnout))
    return Card(
        _("Ballot {last_number} was counted again", last_number=last.number),
        (text(say), note(cast)),
        Tone.GOOD if same else Tone.BAD,
    )
