"""Statements of a vote, in as few steps as possible.

Votes are the most frequent request, so their statements are built once, on plain tables: building a statement takes
longer than executing it. They run one after the other on one connection.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from bot.domain.models import Paper, Submission, SubmissionState, Vote, VoteEvent, VoteStance
from bot.domain.vote_ranking import Terms
from bot.store.base.statements import upsert

VOTES: Any = Vote.__table__
EVENTS: Any = VoteEvent.__table__
SUBMISSIONS: Any = Submission.__table__
PAPERS: Any = Paper.__table__

SELECT_TARGET = (
    select(
        SUBMISSIONS.c["id", "number", "title", "state", "member_id", "votes", "voices"],
        SUBMISSIONS.c.submitted_at,
        PAPERS.c.title.label("paper_title"),
    )
    .join(PAPERS, PAPERS.c.id == SUBMISSIONS.c.paper_id)
    .where(SUBMISSIONS.c.club_id == bindparam("club"), SUBMISSIONS.c.number == bindparam("number"))
    .where(SUBMISSIONS.c.merged_into_id.is_(None))
    .with_for_update(of=SUBMISSIONS)
)
DELETE_VOTE = (
    delete(VOTES)
    .where(VOTES.c.submission_id == bindparam("submission_id"), VOTES.c.member_id == bindparam("member_id"))
    .where(VOTES.c.club_id == bindparam("club_id"))
    .returning(VOTES.c.member_id)
)
LOG_VOTE = insert(EVENTS).inline()
COUNT_VOTES = select(func.count()).where(VOTES.c.submission_id == bindparam("of"), VOTES.c.ranks)
SET_TALLY = (
    update(SUBMISSIONS)
    .where(SUBMISSIONS.c.id == bindparam("of"))
    .values(votes=bindparam("counted"), heat=bindparam("now"))
)


@dataclass(slots=True)
class VoteTarget:
    """Data of a submission that a vote needs, with its row locked until the transaction ends."""

    id: int
    number: int
    heading: str
    state: SubmissionState
    member_id: int
    votes: int
    voices: int
    submitted_at: datetime

    @classmethod
    def of(cls, submission: Submission) -> VoteTarget:
        """Target of a submission that was read with `lock`."""
        return cls(
            submission.id,
            submission.number,
            submission.heading,
            submission.state,
            submission.member_id,
            submission.votes,
            submission.voices,
            submission.submitted_at,
        )


def load_vote_target(connection: Connection, club_id: int, number: int) -> VoteTarget | None:
    """The submission of a number, locked; None if it does not exist or was merged."""
    row = connection.execute(SELECT_TARGET, {"club": club_id, "number": number}).first()
    if row is None:
        return None
    return VoteTarget(
        row.id,
        row.number,
        row.title or row.paper_title,
        row.state,
        row.member_id,
        row.votes,
        row.voices,
        row.submitted_at,
    )


def cast(connection: Connection, vote: dict[str, Any], stance: VoteStance | None, reason: str) -> bool:
    """Set or delete a stance, and log it. False if it was already so.

    `vote` holds `submission_id`, `member_id`, `club_id`, `ranks`, `counts_from` and `at`.
    """
    if stance is None:
        changed = connection.execute(DELETE_VOTE, vote).first() is not None
    else:
        row = vote | {"stance": stance}
        keys = ("submission_id", "member_id")
        put = upsert(connection.dialect.name, Vote, tuple(row), keys, unless="stance")
        changed = connection.execute(put, row).first() is not None
    if changed:
        event = {key: value for key, value in vote.items() if key not in ("ranks", "counts_from")}
        connection.execute(LOG_VOTE, event | {"stance": stance, "reason": reason})
    return changed


def recount(connection: Connection, submission: VoteTarget | Submission) -> tuple[int, float]:
    """Recount the votes of a submission and recompute its rank. Returns both."""
    votes = connection.scalar(COUNT_VOTES, {"of": submission.id}) or 0
    heat = Terms(votes, submission.voices, submission.submitted_at).score
    connection.execute(SET_TALLY, {"of": submission.id, "counted": votes, "now": heat})
    return votes, heat
