"""Writing of votes and of participation in discussions, and the counts that follow from them.

Votes are the most frequent request, so the statements of one are built once, on plain tables: building a statement
takes longer than executing it. They run one after the other on one connection. `vote_queries` reads votes;
`bot.domain.vote_rules` says which of them count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update
from sqlalchemy.orm.attributes import set_committed_value

from bot.domain.models import DiscussionParticipant, Paper, Submission, SubmissionState, Vote, VoteEvent, VoteStance
from bot.domain.vote_ranking import Terms
from bot.domain.vote_rules import can_rank, stored_vote_ranks, vote_ranks
from bot.store.base.statements import insert_if_absent, upsert
from bot.store.base.transaction import ClubRepository

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


def write_vote(connection: Connection, vote: dict[str, Any], stance: VoteStance | None, reason: str) -> bool:
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


def write_tally(connection: Connection, submission: VoteTarget | Submission) -> tuple[int, float]:
    """Recount the votes of a submission and recompute its rank. Returns both."""
    votes = connection.scalar(COUNT_VOTES, {"of": submission.id}) or 0
    heat = Terms(votes, submission.voices, submission.submitted_at).score
    connection.execute(SET_TALLY, {"of": submission.id, "counted": votes, "now": heat})
    return votes, heat


class Votes(ClubRepository):
    """Writing of members' votes. A stance is set, not toggled, so a repeat changes nothing."""

    async def vote_target(self, number: int) -> VoteTarget | None:
        """Data of a submission that a vote needs, with its row locked until the transaction ends."""
        return await self._transaction.run_sync(lambda connection: load_vote_target(connection, self._club_id, number))

    async def set(
        self,
        submission: VoteTarget | Submission,
        member_id: int,
        stance: VoteStance | None,
        now: datetime,
        *,
        reason: str = "",
        counts_from: datetime | None = None,
        excluded: bool = False,
    ) -> bool:
        """Set a member's stance (None deletes it). True if it changed.

        A vote counts from `counts_from` on, at once if it is None, and never while its member is `excluded`.
        The submission must have been read with `lock`, so that its count stays equal to its votes.
        """
        submitter_id = submission.member_id
        waits_until = counts_from if can_rank(stance, member_id=member_id, submitter_id=submitter_id) else None
        ranks = vote_ranks(
            stance, member_id=member_id, submitter_id=submitter_id, counts_from=waits_until, excluded=excluded
        )
        vote = {
            "submission_id": submission.id,
            "member_id": member_id,
            "club_id": self._club_id,
            "ranks": ranks,
            "counts_from": waits_until,
            "at": now,
        }

        def write(connection: Connection) -> tuple[int, float] | None:
            changed = write_vote(connection, vote, stance, reason)
            return write_tally(connection, submission) if changed else None

        tally = await self._transaction.run_sync(write)
        if tally:
            _set_tally(submission, *tally)
        return tally is not None

    async def recount(self, submission: Submission) -> None:
        """Recount the votes of a submission and recompute its rank."""
        await self._session.flush()
        _set_tally(
            submission,
            *await self._transaction.run_sync(lambda connection: write_tally(connection, submission)),
        )

    async def reevaluate(self, submission: Submission) -> None:
        """Decide anew which votes of a submission rank, and recount: its submitter or its voters' rights changed."""
        await self._session.flush()
        conditions = (Vote.submission_id == submission.id, Vote.club_id == self._club_id)
        await self._session.execute(
            update(Vote)
            .where(*conditions)
            .values(ranks=stored_vote_ranks(submission.member_id))
            .execution_options(synchronize_session="fetch")
        )
        await self.recount(submission)

    async def merge(self, source: Submission, into: Submission) -> list[int]:
        """Copy a duplicate's votes and participants to `into`, one per member. Returns the members whose votes were
        copied.

        The duplicate keeps its own rows, so that `split` can undo it. Both must have been read with `lock`.
        """
        existing = set(await self._session.scalars(select(Vote.member_id).where(Vote.submission_id == into.id)))
        moved: list[int] = []
        for vote in await self._session.scalars(select(Vote).where(Vote.submission_id == source.id)):
            if vote.member_id in existing:
                continue
            self._session.add(
                Vote(
                    submission_id=into.id,
                    member_id=vote.member_id,
                    club_id=self._club_id,
                    stance=vote.stance,
                    ranks=False,
                    at=vote.at,
                    counts_from=vote.counts_from,
                )
            )
            self._log(into, vote.member_id, vote.stance, vote.at, f"merged from #{source.number}")
            moved.append(vote.member_id)
        for participant in await self._session.scalars(
            select(DiscussionParticipant).where(DiscussionParticipant.submission_id == source.id)
        ):
            values = {
                "submission_id": into.id,
                "member_id": participant.member_id,
                "club_id": self._club_id,
                "at": participant.at,
            }
            await insert_if_absent(self._session, DiscussionParticipant, values)
        await self._session.flush()
        into.voices = await self._count_participants(into.id)
        await self.reevaluate(into)
        return moved

    async def split(self, into: Submission, moved: Sequence[int], now: datetime) -> None:
        """Undo `merge`: delete the copied votes; the duplicate still has its own."""
        for member_id in moved:
            if vote := await self._session.get(Vote, (into.id, member_id)):
                await self._session.delete(vote)
                self._log(into, member_id, None, now, "merge undone")
        await self._session.flush()
        await self.recount(into)

    def _log(
        self, submission: Submission, member_id: int, stance: VoteStance | None, now: datetime, reason: str
    ) -> None:
        self._session.add(
            VoteEvent(
                club_id=self._club_id,
                submission_id=submission.id,
                member_id=member_id,
                stance=stance,
                reason=reason,
                at=now,
            )
        )

    async def add_participant(self, submission: Submission, member_id: int, now: datetime) -> bool:
        """Record that a member joined the discussion; False if that was recorded before.

        The submission must be read with `lock`.
        """
        values = {"submission_id": submission.id, "member_id": member_id, "club_id": self._club_id, "at": now}
        if not await insert_if_absent(self._session, DiscussionParticipant, values):
            return False
        submission.voices = await self._count_participants(submission.id)
        await self.recount(submission)
        return True

    async def _count_participants(self, submission_id: int) -> int:
        return (
            await self._session.scalar(select(func.count()).where(DiscussionParticipant.submission_id == submission_id))
            or 0
        )


def _set_tally(submission: VoteTarget | Submission, votes: int, heat: float) -> None:
    """Set the new count on the object that was read, without marking it as changed."""
    if isinstance(submission, Submission):
        set_committed_value(submission, "votes", votes)
        set_committed_value(submission, "heat", heat)
    else:
        submission.votes = votes
