"""Opening a ballot over all nominated papers, and changing its end."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Tone, note, text
from bot.chat.rich_text import parse_backticks
from bot.domain.date_input import TypedDate
from bot.domain.edition_calendar import format_moment
from bot.domain.models import Ballot, BallotMethod, BallotState
from bot.errors import UserError
from bot.features.ballots.ballot_cards import ballot_card, post_card, update_card, ways_to_end, with_lead
from bot.features.ballots.ballot_log import record_ballot
from bot.features.ballots.ballot_times import MIN_OPEN, closing_time
from bot.locale.current import _, _n
from bot.store import UnitOfWork

MIN_CANDIDATES = 2
"""Nominated papers without which no ballot is opened."""


async def open_ballot(
    ctx: Context,
    db: UnitOfWork,
    ballot: Ballot | None,
    until: TypedDate | None,
    method: str | None,
    quorum: int | None,
) -> Card:
    """Open a ballot; if `ballot` is open already, show it. What is None is taken from the club's settings.

    Raises UserError if too few papers are nominated, or if the end or the quorum is not possible.
    """
    if ballot:
        return with_lead(
            await ballot_card(db, ballot, ctx.zone),
            _("Ballot {ballot_number} is already open.", ballot_number=ballot.number),
        )
    if quorum is not None:
        require_voters(quorum)
    nominated = len(await db.ballots.waiting())
    if nominated < MIN_CANDIDATES:
        raise UserError(
            _(
                "A ballot needs at least {min_candidates} nominated papers; there {the_is}. Members "
                "nominate with `/club nominate`.",
                min_candidates=MIN_CANDIDATES,
                the_is=_("is one") if nominated == 1 else _("are none"),
            )
        )
    opened = await db.ballots.add(
        Ballot(
            method=BallotMethod(method or ctx.settings.ballot_method),
            state=BallotState.OPEN,
            quorum=quorum or ctx.settings.ballot_quorum,
            member_id=ctx.member.id,
            why="",
            opened_at=ctx.now,
            closes_at=closing_time(ctx, until) if until else ctx.now + timedelta(hours=ctx.settings.ballot_hours),
            result={},
        )
    )
    await db.ballots.put_on(opened)
    await record_ballot(ctx, db, "ballot-open", opened)
    is_posted = await post_card(db, opened, ctx.zone, ctx.now)
    return _opened_card(opened, nominated, ctx.zone, is_posted=is_posted)


def _opened_card(opened: Ballot, nominated: int, zone: ZoneInfo, *, is_posted: bool) -> Card:
    say = (
        _("It will appear in the channels for papers.")
        if is_posted
        else _("The club has no channel for papers, so nobody will see it.")
    )
    lead = _(
        "{papers}, until {moment}. {say}",
        papers=_n("{n} paper", "{n} papers", nominated),
        moment=format_moment(opened.closes_at, zone),
        say=say,
    )
    commands = _(
        "To change its end: `/curate ballot move until=…`, at least {n} minutes from now. To end it "
        "at once: `/curate ballot count`.",
        n=MIN_OPEN.seconds // 60,
    )
    row = Buttons((Button(_("Choose papers"), Call.of("club ballot", ballot=opened.number)), *ways_to_end()))
    title = _("Ballot {opened_number} is open", opened_number=opened.number)
    return Card(title, (text(lead), note(*parse_backticks(commands)), row), Tone.GOOD)


def require_voters(quorum: int) -> None:
    """Raises UserError for a quorum that is no number of voters."""
    if quorum < 1:
        raise UserError(_("A quorum is at least 1."), field="quorum")


async def move_end(ctx: Context, db: UnitOfWork, ballot: Ballot | None, until: TypedDate | None) -> Card:
    """Change the end of the open ballot. Raises UserError without one, or without a possible end."""
    ballot = require_open(ctx, ballot)
    if until is None:
        raise UserError(_("Until when? For example `until=thu 16:00`."), field="until")
    before, ballot.closes_at = ballot.closes_at, closing_time(ctx, until)
    if ballot.closes_at == before:
        return Card(
            _("Nothing to change"), (text(_("It already ends on {moment}.", moment=format_moment(before, ctx.zone))),)
        )
    await record_ballot(ctx, db, "ballot-move", ballot, end_before=before)
    await update_card(db, ballot, ctx.zone)
    return Card(
        _(
            "Ballot {ballot_number} ends on {moment}",
            ballot_number=ballot.number,
            moment=format_moment(ballot.closes_at, ctx.zone),
        ),
        (text(_("It was going to end on {moment}.", moment=format_moment(before, ctx.zone))),),
        Tone.GOOD,
    )


def require_open(ctx: Context, ballot: Ballot | None) -> Ballot:
    """The ballot. Raises UserError if none is open, or if its time is over."""
    if ballot is None:
        raise UserError(_("No ballot is open. `/curate ballot open` opens one."))
    if ballot.closes_at <= ctx.now:
        raise UserError(_("Ballot {ballot_number} has ended and is being counted.", ballot_number=ballot.number))
    return ballot
