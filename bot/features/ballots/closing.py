"""Closing of ballots: at its moment a ballot is counted, once, and its card shows the result."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.app import App
from bot.domain.ballot_results import BallotResult
from bot.domain.models import Ballot, BallotState, Submission, SubmissionState
from bot.features.ballots.ballot_cards import update_card
from bot.store import UnitOfWork
from bot.store.papers.submissions import OPEN_STATES


async def close_due_ballot(app: App, club_id: int) -> bool:
    """Count the club's ballot if its time has passed. True if it was closed now."""
    now = app.now()
    async with app.store.read(club_id) as db:
        due = await db.ballots.open_ballot()
    if due is None or due.closes_at > now:
        return False
    async with app.store.begin(club_id) as db:
        ballot = await db.ballots.get(due.id, lock=True)
        if ballot is None or ballot.state != BallotState.OPEN or ballot.closes_at > app.now():
            return False  # another process closed it, or a moderator moved its end
        turnout = await count_ballot(db, ballot, app.now())
        await db.audit_log.append(
            "ballot-close",
            None,
            app.now(),
            submission_id=ballot.winner_id,
            after={"ballot": ballot.number, "ballots": turnout},
        )
    app.wake_up.set()
    return True


async def next_closing(app: App, club_id: int) -> datetime | None:
    """End of the ballot that is open; None if none is."""
    async with app.store.read(club_id) as db:
        ballot = await db.ballots.open_ballot()
    return ballot.closes_at if ballot else None


async def count_ballot(db: UnitOfWork, ballot: Ballot, now: datetime) -> int:
    """Count an open ballot, which must be locked, and show the result on its card. Returns how many members voted."""
    result = await _result(db, ballot)
    winner = result.winner(ballot.method, ballot.quorum)
    papers = await db.submissions.many([winner] if winner is not None else [])
    ballot.state, ballot.closed_at, ballot.result = BallotState.CLOSED, now, result.to_json()
    ballot.winner_id, ballot.winner = winner, papers.get(winner or 0)
    club = await db.club()
    await update_card(db, ballot, ZoneInfo(club.timezone))
    if winner is None:
        await db.ballots.return_nominations(ballot)
    return result.turnout


async def _result(db: UnitOfWork, ballot: Ballot) -> BallotResult:
    """The ballots without names. A duplicate counts as the paper that it was merged into."""
    nominations = await db.ballots.candidates(ballot.id)
    targets = {one.submission_id: await _merge_target(db, one.submission) for one in nominations}
    counted = list(dict.fromkeys(target.id for target in targets.values() if _is_listed(target)))
    left_out = [id for id, target in targets.items() if not _is_listed(target)]
    cast = [[targets[one].id for one in choices if one in targets] for choices in await db.ballots.take_cast(ballot.id)]
    return BallotResult.of(counted, left_out, cast)


async def _merge_target(db: UnitOfWork, submission: Submission) -> Submission:
    while submission.merged_into_id is not None:
        into = await db.submissions.get(submission.merged_into_id)
        if into is None:
            break
        submission = into
    return submission


def _is_listed(submission: Submission) -> bool:
    return submission.state in (*OPEN_STATES, SubmissionState.HELD) and not submission.paper.withdrawn
