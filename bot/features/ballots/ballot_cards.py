"""Cards of a ballot: the public one, each member's own, and the result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Facts, ListEntry, Part, Style, Tone, note, text, to_json
from bot.chat.confirmations import question_before
from bot.chat.phrases import phrase
from bot.chat.rich_text import Bold, Link, Words
from bot.chat.text import truncate
from bot.domain.ballot_counting import BallotCount
from bot.domain.ballot_results import MIN_BALLOTS_FOR_TOTALS, BallotResult
from bot.domain.models import Ballot, BallotMethod, BallotState, DeliveryKind, Nomination, Submission
from bot.features.shared.languages import club_language
from bot.features.shared.local_times import local_time
from bot.features.shared.papers.paper_cards import title_of
from bot.locale.current import _, _n, formatted, mark_text
from bot.store import UnitOfWork
from bot.store.ballots.ballots import is_ballot

METHOD_TEXT = {
    BallotMethod.APPROVAL: mark_text(
        "Choose every paper that you would like to read. The paper that most members choose wins."
    ),
    BallotMethod.RANKED: mark_text("Rank the papers. The rankings of all members are combined by Schulze’s method."),
}
"""Explanation of each method, for members."""

TIE_RULE = mark_text("If papers tie, the one that was nominated first wins.")
DECISION_TEXT = {
    BallotMethod.RUNNING_LIST: mark_text("It has the top place on the club’s list."),
    BallotMethod.MODERATOR: mark_text("A moderator chose it."),
}
"""Explanation of a choice without a ballot."""


def paper_line(submission: Submission) -> Words:
    """Number and title of a paper, with a link."""
    return (f"#{submission.number} ", Link(truncate(title_of(submission), 150), submission.paper.url))


def nomination_note(nomination: Nomination) -> Words:
    """Name of the member who nominated a paper, after the reason if one was given."""
    quoted = _("“{text}”", text=truncate(nomination.why, 140))
    why = f"{quoted} — " if nomination.why else _("nominated by ")
    return (f"{why}{nomination.credit}",)


async def ballot_card(db: UnitOfWork, ballot: Ballot, zone: ZoneInfo) -> Card:
    """Public card of a ballot or a decision, as it is now."""
    nominations = await db.ballots.candidates(ballot.id)
    if ballot.state == BallotState.OPEN:
        return _open_card(ballot, nominations, await db.ballots.turnout(ballot.id), zone)
    if ballot.state == BallotState.CANCELED:
        lines: list[Part] = [text(ballot.why)] if ballot.why else []
        what = (
            _("Ballot {ballot_number} was canceled", ballot_number=ballot.number)
            if is_ballot(ballot)
            else _("The choice was taken back")
        )
        after = (
            _("Its papers stay nominated for the next ballot.") if is_ballot(ballot) else _("Nothing is chosen now.")
        )
        return Card(what, (*lines, note(after)), Tone.QUIET)
    result = BallotResult.from_json(ballot.result) if is_ballot(ballot) else None
    return result_card(ballot, await db.submissions.many((*result.candidates, *result.left_out)) if result else {})


async def update_card(db: UnitOfWork, ballot: Ballot, zone: ZoneInfo) -> None:
    """Update every posted copy of a ballot's card."""
    async with club_language(db):
        card = to_json(await ballot_card(db, ballot, zone))
    await db.deliveries.replace_card(DeliveryKind.BALLOT, ballot.id, card)


async def update_open_ballot(db: UnitOfWork, zone: ZoneInfo) -> None:
    """Update every posted copy of the open ballot's card, if there is one."""
    if ballot := await db.ballots.open_ballot():
        await update_card(db, ballot, zone)


async def post_card(db: UnitOfWork, ballot: Ballot, zone: ZoneInfo, now: datetime) -> bool:
    """Plan the card in every channel for papers. False if the club has none."""
    async with club_language(db):
        card = to_json(await ballot_card(db, ballot, zone))
    rooms = await db.rooms.with_purpose("papers")
    for room in rooms:
        await db.deliveries.plan(DeliveryKind.BALLOT, ballot.id, room, now, card=card)
    return bool(rooms)


def _open_card(ballot: Ballot, nominations: Sequence[Nomination], turnout: int, zone: ZoneInfo) -> Card:
    parts: list[Part] = [
        text(_(METHOD_TEXT[ballot.method])),
        *(ListEntry(paper_line(one.submission), nomination_note(one)) for one in nominations),
        text(*phrase("Open until {time}.", time=local_time(ballot.closes_at, zone))),
        Facts(((_("Voted"), _("{turnout} ({quorum} needed)", turnout=turnout, quorum=ballot.quorum)),)),
        Buttons((Button(_("Choose papers"), Call.of("club ballot", ballot=ballot.number), Style.MAIN),)),
        note(_("Your choice is secret, and you can change it until the end. {tie_rule}", tie_rule=_(TIE_RULE))),
    ]
    return Card(_("Ballot {ballot_number}: what do we read next?", ballot_number=ballot.number), tuple(parts))


def own_ballot_card(
    ballot: Ballot, nominations: Sequence[Nomination], choices: Sequence[int], zone: ZoneInfo, lead: Sequence[str] = ()
) -> Card:
    """A member's own ballot, with a button for each paper. Each button carries the whole ballot that results."""
    ranked = ballot.method == BallotMethod.RANKED
    numbers = {one.submission_id: one.submission.number for one in nominations}
    chosen = [one for one in choices if one in numbers]
    parts: list[Part] = [text(Bold(line)) for line in lead]
    parts.append(text(_(METHOD_TEXT[ballot.method])))
    for one in _in_order(nominations, chosen) if ranked else nominations:
        mark, name = "", f"#{one.submission.number}"
        if one.submission_id in chosen:
            mark = f"{chosen.index(one.submission_id) + 1}. " if ranked else "✓ "
            rest = [other for other in chosen if other != one.submission_id]
            button = Button(_("Remove {name}", name=name), _choose(ballot, [numbers[other] for other in rest]))
        else:
            label = (
                _("Rank {name} as number {chosen_count}", name=name, chosen_count=len(chosen) + 1)
                if ranked
                else _("Choose {name}", name=name)
            )
            button = Button(label, _choose(ballot, [numbers[other] for other in (*chosen, one.submission_id)]))
        parts.append(ListEntry((mark, *paper_line(one.submission)), nomination_note(one), button))
    if chosen:
        parts.append(Buttons((Button(_("Clear my choice"), _choose(ballot, [])),)))
    parts.append(
        note(*phrase("You can change it until {time}. Nobody else sees it.", time=local_time(ballot.closes_at, zone)))
    )
    return Card(_("Ballot {ballot_number}: your choice", ballot_number=ballot.number), tuple(parts))


def with_lead(card: Card, line: str) -> Card:
    """A card with a line of text before its other parts."""
    return Card(card.title, (text(line), *card.parts), card.tone)


def ways_to_end() -> tuple[Button, ...]:
    """Buttons for moderators that end the open ballot: count it now, or cancel it."""
    count, cancel = Call.of("curate ballot", "count"), Call.of("curate ballot", "cancel")
    return (
        Button(_("Count it now"), count, confirm=question_before(count)),
        Button(_("Cancel the ballot"), cancel, confirm=question_before(cancel)),
    )


def _in_order(nominations: Sequence[Nomination], chosen: Sequence[int]) -> list[Nomination]:
    """Nominations in a member's order; the others behind them."""
    place = {submission_id: at for at, submission_id in enumerate(chosen)}
    return sorted(nominations, key=lambda one: place.get(one.submission_id, len(chosen)))


def _choose(ballot: Ballot, numbers: Sequence[int]) -> Call:
    return Call.of("club choose", " ".join(map(str, numbers)) or "none", ballot=ballot.number)


def result_card(ballot: Ballot, papers: dict[int, Submission]) -> Card:
    """Card of a closed ballot or of a choice without one."""
    if not is_ballot(ballot):
        assert ballot.winner is not None
        parts: list[Part] = [text(*paper_line(ballot.winner)), text(_(DECISION_TEXT[ballot.method]))]
        parts += [text(*phrase("Why: {why}", why=ballot.why))] if ballot.why else []
        return Card(_("We read this next"), tuple(parts), Tone.GOOD)
    result = BallotResult.from_json(ballot.result)
    count = result.count(ballot.method)
    lines: list[Part] = []
    if ballot.winner:
        lines.append(text(*paper_line(ballot.winner)))
    else:
        lines.append(text(_no_winner(ballot, result)))
    lines += _totals(ballot, result, count, papers) if ballot.winner else ()
    if result.left_out:
        names = ", ".join(f"#{papers[one].number}" for one in result.left_out if one in papers)
        lines.append(note(_("Not counted, because no longer on the list: {names}.", names=names)))
    title = (
        _("Ballot {ballot_number}: we read this next", ballot_number=ballot.number)
        if ballot.winner
        else _("Ballot {ballot_number}: no decision", ballot_number=ballot.number)
    )
    return Card(title, tuple(lines), Tone.GOOD if ballot.winner else Tone.QUIET)


def _no_winner(ballot: Ballot, result: BallotResult) -> str:
    if result.turnout >= ballot.quorum:
        return _("No paper won: the papers that members voted for are no longer on the list.")
    cast = _n("{n} member has voted", "{n} members have voted", result.turnout) if result.turnout else _("Nobody voted")
    return _(
        "{cast}, and {quorum} are needed. The papers stay nominated for the next ballot.",
        cast=cast,
        quorum=ballot.quorum,
    )


def _totals(ballot: Ballot, result: BallotResult, count: BallotCount, papers: dict[int, Submission]) -> Iterator[Part]:
    """Totals if there are enough ballots; and which papers tied, if any did."""
    yield text(_("{members} voted.", members=_n("{n} member", "{n} members", result.turnout)))
    if not result.shows_totals:
        yield note(
            _(
                "With fewer than {min_ballots_for_totals} voters, the totals stay secret. {tie_rule}",
                min_ballots_for_totals=MIN_BALLOTS_FOR_TOTALS,
                tie_rule=_(TIE_RULE),
            )
        )
        return
    for place, one in enumerate(count.order, 1):
        if one in papers:
            yield ListEntry((f"{place}. ", *paper_line(papers[one])), (_total(ballot, count, one),))
    if len(count.tied) > 1:
        names = ", ".join(f"#{papers[one].number}" for one in count.tied if one in papers)
        yield note(_("{names} tied. {tie_rule}", names=names, tie_rule=_(TIE_RULE)))


def _total(ballot: Ballot, count: BallotCount, one: int) -> str:
    if ballot.method == BallotMethod.APPROVAL:
        return _("chosen by {members}", members=_n("{n} member", "{n} members", count.approvals[one]))
    assert count.winner is not None
    if one == count.winner:
        return _("ranked by {members}", members=_n("{n} member", "{n} members", count.approvals[one]))
    ahead, behind = count.pairwise[count.winner, one], count.pairwise[one, count.winner]
    return _(
        "{members} preferred the winner, {behind} preferred this paper",
        members=_n("{n} member", "{n} members", ahead),
        behind=formatted(behind, ","),
    )
