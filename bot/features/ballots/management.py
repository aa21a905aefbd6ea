"""Command `curate ballot`: opens, moves, counts and cancels ballots, and chooses a paper without one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Literal, assert_never

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Part, Tone, note, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.confirmations import question_before
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import parse_backticks
from bot.chat.text import one_line
from bot.domain.ballot_results import BallotResult
from bot.domain.date_input import TypedDate
from bot.domain.edition_calendar import format_moment
from bot.domain.models import Ballot, BallotMethod, BallotState, Submission
from bot.errors import UserError, about_field
from bot.features.ballots.ballot_cards import (
    ballot_card,
    paper_line,
    post_card,
    update_card,
)
from bot.features.ballots.closing import count_ballot
from bot.features.ballots.nominations import check_readable
from bot.features.shared.audit.entries import record_action
from bot.features.shared.field_checks import check_paper
from bot.features.shared.lookup import PAPER, by_title, find_submission, number_in
from bot.features.shared.votes.voting_window import current_ranking
from bot.locale.current import _, _n
from bot.store import UnitOfWork
from bot.store.papers.ballots import is_ballot

commands = Commands()

Action = Literal["show", "open", "move", "count", "cancel", "pick", "top", "recount"]
MIN_CANDIDATES = 2
MIN_OPEN = timedelta(minutes=5)
"""Shortest time for which a ballot is open, so that people can see it."""


def _read_method(word: str) -> str:
    """The way of voting in a word. Raises UserError."""
    if word.strip().lower() in tuple(BallotMethod) and word.strip().lower() in ("approval", "ranked"):
        return word.strip().lower()
    if number_in(word) is not None:
        raise UserError(_papers_are_nominated(word))
    raise UserError(_("`method` is approval or ranked, not “{word}”.", word=word[:40]), field="method")


def _papers_are_nominated(word: str) -> str:
    return _(
        "A ballot always has all nominated papers, so do not give numbers of papers here. To add a paper to it: "
        "`/club nominate {word}`.",
        word=word.strip().removeprefix("#"),
    )


def _require_voters(quorum: int) -> None:
    if quorum < 1:
        raise UserError(_("A quorum is at least 1."), field="quorum")


async def _check_quorum(ctx: Context, word: str, given: Mapping[str, str]) -> None:
    _require_voters(int(word))


async def _check_end(ctx: Context, word: str, given: Mapping[str, str]) -> None:
    if until := _read_end(word):
        _end(ctx, until)


@commands(
    "curate ballot",
    audience=Audience.MODERATOR,
    examples=(
        "/curate ballot open until=thu 16:00",
        "/curate ballot move until=fri 12:00",
        "/curate ballot count",
        "/curate ballot pick paper=12 reason=our guest wrote it",
        "/curate ballot top",
    ),
)
async def manage_ballot(
    ctx: Context,
    action: Annotated[
        Action,
        ParameterHint("open, count or cancel a ballot, change its end, or choose a paper or the top of the list"),
    ] = "show",
    until: Annotated[
        str,
        ParameterHint(
            "when it ends: thu 16:00, tomorrow 9:30, 2026-11-23 09:00",
            most=60,
            needed_with=("action", ("move",)),
            check=_check_end,
        ),
    ] = "",
    method: Annotated[
        Literal["approval", "ranked"] | None,
        ParameterHint("how members choose; the club’s setting if empty", parse=_read_method),
    ] = None,
    quorum: Annotated[
        int | None, ParameterHint("how many members must vote for the result to count", check=_check_quorum)
    ] = None,
    paper: Annotated[
        str, ParameterHint(PAPER, suggest=by_title, check=check_paper, needed_with=("action", ("pick",)))
    ] = "",
    reason: Annotated[str, ParameterHint("why, for the members", most=300)] = "",
) -> Card:
    """Let members choose what to read next, or choose without a ballot.

    A ballot contains all nominated papers. It is counted when it ends, or at once with `count`; each member votes once,
    in secret.
    """
    reason, end = one_line(reason), _read_end(until)
    async with ctx.begin() as db:
        await db.lock_club()
        ballot = await db.ballots.open_ballot(lock=True)
        match action:
            case "show":
                return await _show(ctx, db, ballot)
            case "open":
                return await _open(ctx, db, ballot, end, method, quorum)
            case "move":
                return await _move(ctx, db, ballot, end)
            case "count":
                return await _count_now(ctx, db, ballot)
            case "cancel":
                return await _cancel(ctx, db, ballot, reason)
            case "pick":
                chosen = await find_submission(ctx, db, paper)
                return await _choose(ctx, db, ballot, chosen, BallotMethod.MODERATOR, reason)
            case "top":
                return await _choose(ctx, db, ballot, await _top(ctx, db), BallotMethod.RUNNING_LIST, reason)
            case "recount":
                return await _recount(db)
            case _:
                assert_never(action)


async def _show(ctx: Context, db: UnitOfWork, ballot: Ballot | None) -> Card:
    if ballot:
        card = await ballot_card(db, ballot, ctx.zone)
        return Card(card.title, (*card.parts, Buttons(_ways_to_end())), card.tone)
    waiting = await db.ballots.waiting()
    parts: list[Part] = [text(*paper_line(one.submission)) for one in waiting]
    parts.append(
        text(
            _(
                "{papers} nominated. A ballot needs at least {min_candidates}.",
                papers=_n("{n} paper", "{n} papers", len(waiting)),
                min_candidates=MIN_CANDIDATES,
            )
        )
    )
    row = [Button(_("Choose the top of the list"), Call.of("curate ballot", "top"))]
    if len(waiting) >= MIN_CANDIDATES:
        hours = _n("{n} hour", "{n} hours", ctx.settings.ballot_hours)
        row.insert(0, Button(_("Open a ballot for {hours}", hours=hours), Call.of("curate ballot", "open")))
    return Card(_("No ballot is open"), (*parts, Buttons(tuple(row))))


async def _open(
    ctx: Context,
    db: UnitOfWork,
    ballot: Ballot | None,
    until: TypedDate | None,
    method: str | None,
    quorum: int | None,
) -> Card:
    if ballot:
        return _with_lead(
            await ballot_card(db, ballot, ctx.zone),
            _("Ballot {ballot_number} is already open.", ballot_number=ballot.number),
        )
    if quorum is not None:
        _require_voters(quorum)
    waiting = await db.ballots.waiting()
    if len(waiting) < MIN_CANDIDATES:
        raise UserError(
            _(
                "A ballot needs at least {min_candidates} nominated papers; there {the_is}. Members "
                "nominate with `/club nominate`.",
                min_candidates=MIN_CANDIDATES,
                the_is=_is(len(waiting)),
            )
        )
    closes_at = _end(ctx, until) if until else ctx.now + timedelta(hours=ctx.settings.ballot_hours)
    opened = await db.ballots.add(
        Ballot(
            method=BallotMethod(method or ctx.settings.ballot_method),
            state=BallotState.OPEN,
            quorum=quorum or ctx.settings.ballot_quorum,
            member_id=ctx.member.id,
            why="",
            opened_at=ctx.now,
            closes_at=closes_at,
            result={},
        )
    )
    await db.ballots.put_on(opened)
    await _record(ctx, db, "ballot-open", opened)
    posted = await post_card(db, opened, ctx.zone, ctx.now)
    say = (
        _("It will appear in the channels for papers.")
        if posted
        else _("The club has no channel for papers, so nobody will see it.")
    )
    return Card(
        _("Ballot {opened_number} is open", opened_number=opened.number),
        (
            text(
                _(
                    "{papers}, until {moment}. {say}",
                    papers=_n("{n} paper", "{n} papers", len(waiting)),
                    moment=format_moment(closes_at, ctx.zone),
                    say=say,
                )
            ),
            note(
                *parse_backticks(
                    _(
                        "To change its end: `/curate ballot move until=…`, at least {n} minutes from now. To end it "
                        "at once: `/curate ballot count`.",
                        n=5,
                    )
                )
            ),
            _buttons(opened),
        ),
        Tone.GOOD,
    )


def _is(count: int) -> str:
    return _("is one") if count == 1 else _("are none")


def _read_end(typed: str) -> TypedDate | None:
    """The typed end of a ballot; None if none was typed. Raises UserError if it is no time."""
    if number_in(typed) is not None:
        raise UserError(_papers_are_nominated(typed), field="until")
    try:
        return TypedDate.read(typed) if typed.strip() else None
    except UserError as error:
        raise UserError(str(error), field="until") from None


def _end(ctx: Context, until: TypedDate) -> datetime:
    """The end of a ballot. Raises UserError for a time that is past or too near."""
    with about_field("until"):
        end = until.resolve(ctx.now, ctx.zone, ctx.settings.usual_hour)
    if end < ctx.now + MIN_OPEN:
        raise UserError(
            _("A ballot is open for at least {seconds} minutes. Give a later time.", seconds=MIN_OPEN.seconds // 60),
            field="until",
        )
    return end


async def _move(ctx: Context, db: UnitOfWork, ballot: Ballot | None, until: TypedDate | None) -> Card:
    ballot = _still_open(ctx, ballot)
    if until is None:
        raise UserError(_("Until when? For example `until=thu 16:00`."), field="until")
    before, ballot.closes_at = ballot.closes_at, _end(ctx, until)
    if ballot.closes_at == before:
        return Card(
            _("Nothing to change"), (text(_("It already ends on {moment}.", moment=format_moment(before, ctx.zone))),)
        )
    await _record(ctx, db, "ballot-move", ballot, before=before)
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


def _still_open(ctx: Context, ballot: Ballot | None) -> Ballot:
    if ballot is None:
        raise UserError(_("No ballot is open. `/curate ballot open` opens one."))
    if ballot.closes_at <= ctx.now:
        raise UserError(_("Ballot {ballot_number} has ended and is being counted.", ballot_number=ballot.number))
    return ballot


async def _count_now(ctx: Context, db: UnitOfWork, ballot: Ballot | None) -> Card:
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


async def _cancel(ctx: Context, db: UnitOfWork, ballot: Ballot | None, reason: str) -> Card:
    """Cancel the open ballot; without one, take back the last choice, if no meeting reads it yet."""
    if ballot:
        ballot = _still_open(ctx, ballot)
        ballot.state, ballot.closed_at, ballot.why = BallotState.CANCELED, ctx.now, reason
        await db.ballots.take_cast(ballot.id)
        await db.ballots.return_nominations(ballot)
        await _record(ctx, db, "ballot-cancel", ballot, why=reason)
        await update_card(db, ballot, ctx.zone)
        say = _("The papers stay nominated for the next ballot.")
        return Card(_("Ballot {ballot_number} was canceled", ballot_number=ballot.number), (text(say),), Tone.GOOD)
    last = await db.ballots.latest(BallotState.CLOSED)
    if last is None or is_ballot(last):
        raise UserError(_("No ballot is open, so there is nothing to cancel. A counted ballot stays as it is."))
    if last.meeting_id is not None:
        raise UserError(_("A meeting already has that paper. Change it there with `/curate meeting edit`."))
    last.state, last.why = BallotState.CANCELED, reason
    await _record(ctx, db, "unchoose-next", last, last.winner, why=reason)
    await update_card(db, last, ctx.zone)
    return Card(_("The choice was taken back"), (text(_("Nothing is chosen now.")),), Tone.GOOD)


async def _top(ctx: Context, db: UnitOfWork) -> Submission:
    found = await current_ranking(ctx, db, None, 0, 10)
    chosen = next((one for one in found if not one.paper.withdrawn), None)
    if chosen is None:
        raise UserError(_("The list is empty. Members submit papers with `/paper submit`."))
    return chosen


async def _choose(
    ctx: Context, db: UnitOfWork, ballot: Ballot | None, chosen: Submission, method: BallotMethod, reason: str
) -> Card:
    """Choose a paper without a ballot."""
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
        return _with_lead(
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
    await _record(ctx, db, "choose-next", decided, chosen, why=reason)
    await post_card(db, decided, ctx.zone, ctx.now)
    card = await ballot_card(db, decided, ctx.zone)
    row = Buttons((Button(_("Take it back"), Call.of("curate ballot", "cancel")),))
    return Card(card.title, (*card.parts, row), Tone.GOOD)


async def _recount(db: UnitOfWork) -> Card:
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


def _with_lead(card: Card, line: str) -> Card:
    return Card(card.title, (text(line), *card.parts), card.tone)


def _buttons(ballot: Ballot) -> Buttons:
    return Buttons((Button(_("Choose papers"), Call.of("club ballot", ballot=ballot.number)), *_ways_to_end()))


def _ways_to_end() -> tuple[Button, ...]:
    count, cancel = Call.of("curate ballot", "count"), Call.of("curate ballot", "cancel")
    return (
        Button(_("Count it now"), count, confirm=question_before(count)),
        Button(_("Cancel the ballot"), cancel, confirm=question_before(cancel)),
    )


async def _record(
    ctx: Context,
    db: UnitOfWork,
    verb: str,
    ballot: Ballot,
    chosen: Submission | None = None,
    *,
    why: str = "",
    before: datetime | None = None,
) -> None:
    end = {"end": ballot.closes_at.isoformat()} if is_ballot(ballot) else {}
    was = {"end": before.isoformat()} if before else {}
    await record_action(ctx, db, verb, submission=chosen, why=why, before=was, after={"ballot": ballot.number, **end})
