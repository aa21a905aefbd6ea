"""Command `curate ballot`: opens, moves, counts and cancels ballots, and chooses a paper without one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, assert_never

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Part, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.text import one_line
from bot.domain.models import Ballot, BallotMethod
from bot.errors import UserError
from bot.features.ballots.ballot_cards import ballot_card, paper_line, ways_to_end
from bot.features.ballots.ballot_times import closing_time, papers_are_nominated, read_end
from bot.features.ballots.direct_choice import choose, top_of_list
from bot.features.ballots.manual_closing import cancel, count_now, recount
from bot.features.ballots.opening import MIN_CANDIDATES, move_end, open_ballot, require_voters
from bot.features.shared.field_checks import check_paper
from bot.features.shared.lookup import PAPER, by_title, find_submission, number_in
from bot.locale.current import _, _n
from bot.store import UnitOfWork

commands = Commands()

Action = Literal["show", "open", "move", "count", "cancel", "pick", "top", "recount"]


def _read_method(word: str) -> str:
    """The way of voting in a word. Raises UserError."""
    method = word.strip().lower()
    if method in ("approval", "ranked"):
        return method
    if number_in(word) is not None:
        raise UserError(papers_are_nominated(word))
    raise UserError(_("`method` is approval or ranked, not “{word}”.", word=word[:40]), field="method")


async def _check_quorum(ctx: Context, word: str, given: Mapping[str, str]) -> None:
    require_voters(int(word))


async def _check_end(ctx: Context, word: str, given: Mapping[str, str]) -> None:
    if until := read_end(word):
        closing_time(ctx, until)


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
    reason, end = one_line(reason), read_end(until)
    async with ctx.begin() as db:
        await db.lock_club()
        ballot = await db.ballots.open_ballot(lock=True)
        match action:
            case "show":
                return await _show(ctx, db, ballot)
            case "open":
                return await open_ballot(ctx, db, ballot, end, method, quorum)
            case "move":
                return await move_end(ctx, db, ballot, end)
            case "count":
                return await count_now(ctx, db, ballot)
            case "cancel":
                return await cancel(ctx, db, ballot, reason)
            case "pick":
                chosen = await find_submission(ctx, db, paper)
                return await choose(ctx, db, ballot, chosen, BallotMethod.MODERATOR, reason)
            case "top":
                return await choose(ctx, db, ballot, await top_of_list(ctx, db), BallotMethod.RUNNING_LIST, reason)
            case "recount":
                return await recount(db)
            case _:
                assert_never(action)


async def _show(ctx: Context, db: UnitOfWork, ballot: Ballot | None) -> Card:
    if ballot:
        card = await ballot_card(db, ballot, ctx.zone)
        return Card(card.title, (*card.parts, Buttons(ways_to_end())), card.tone)
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
