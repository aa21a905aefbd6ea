"""Ballots repository: nominations, ballots, and what members chose."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, update

from bot.domain.models import (
    Ballot,
    BallotMethod,
    BallotState,
    CastBallot,
    Member,
    Nomination,
    Submission,
)
from bot.store.base.statements import for_update, insert_if_absent
from bot.store.base.transaction import ClubRepository


class Ballots(ClubRepository):
    """Nominations and ballots of one club."""

    # Nominations

    async def waiting(self) -> Sequence[Nomination]:
        """Nominations for the next ballot, in their order."""
        return await self._nominations(Nomination.ballot_id.is_(None))

    async def candidates(self, ballot_id: int) -> Sequence[Nomination]:
        """Nominations on a ballot, in their order."""
        return await self._nominations(Nomination.ballot_id == ballot_id)

    async def nominate(
        self, submission: Submission, member_id: int, now: datetime, *, why: str = "", anonymous: bool = False
    ) -> bool:
        """Nominate a paper for the next ballot; False if it is nominated already."""
        values = {
            "club_id": self._club_id,
            "submission_id": submission.id,
            "member_id": member_id,
            "ballot_id": None,
            "anonymous": anonymous,
            "why": why,
            "at": now,
        }
        return await insert_if_absent(self._session, Nomination, values)

    async def take_back(self, nomination: Nomination) -> None:
        """Remove a nomination that waits for the next ballot."""
        await self._session.execute(
            delete(Nomination).where(Nomination.id == nomination.id, Nomination.ballot_id.is_(None))
        )

    async def _nominations(self, condition: ColumnElement[bool]) -> Sequence[Nomination]:
        found = await self._session.scalars(
            select(Nomination)
            .where(Nomination.club_id == self._club_id, condition)
            .order_by(Nomination.at, Nomination.id)
        )
        return found.unique().all()

    # Ballots

    async def get(self, ballot_id: int, *, lock: bool = False) -> Ballot | None:
        """A ballot by id; with `lock` its row is locked."""
        return await self._ballot(Ballot.id == ballot_id, lock=lock)

    async def by_number(self, number: int, *, lock: bool = False) -> Ballot | None:
        """A ballot by the number that members see."""
        return await self._ballot(Ballot.number == number, lock=lock)

    async def open_ballot(self, *, lock: bool = False) -> Ballot | None:
        """The ballot that is open, or whose time has passed and which is not counted yet."""
        return await self._ballot(Ballot.state == BallotState.OPEN, lock=lock)

    async def latest(self, *states: BallotState) -> Ballot | None:
        """The last ballot or decision in one of these states."""
        return await self._session.scalar(
            select(Ballot)
            .where(Ballot.club_id == self._club_id, Ballot.state.in_(states))
            .order_by(Ballot.number.desc())
            .limit(1)
        )

    async def decision_for_meeting(self) -> Ballot | None:
        """The last decision, if it has a paper that no meeting reads yet."""
        last = await self.latest(BallotState.CLOSED)
        return last if last and last.winner_id is not None and last.meeting_id is None else None

    async def hand_to_meeting(self, ballot: Ballot, meeting_id: int) -> Submission | None:
        """Record that a meeting reads the winner. Returns the paper, or the one that it was merged into."""
        ballot.meeting_id = meeting_id
        await self._session.flush()
        chosen = ballot.winner
        while chosen is not None and chosen.merged_into_id is not None:
            chosen = await self._session.get(Submission, chosen.merged_into_id)
        return chosen

    async def add(self, ballot: Ballot) -> Ballot:
        """Store a ballot under the club's next number. The club must be locked."""
        last = await self._session.scalar(select(func.max(Ballot.number)).where(Ballot.club_id == self._club_id))
        ballot.club_id, ballot.number = self._club_id, (last or 0) + 1
        self._session.add(ballot)
        await self._session.flush()
        await self._session.refresh(ballot, ["winner"])
        return ballot

    async def put_on(self, ballot: Ballot) -> None:
        """Put all waiting nominations on a ballot."""
        waiting = (Nomination.club_id == self._club_id, Nomination.ballot_id.is_(None))
        await self._session.execute(update(Nomination).where(*waiting).values(ballot_id=ballot.id))

    async def return_nominations(self, ballot: Ballot) -> None:
        """Let the nominations of a ballot wait for the next one, unless the paper was nominated again meanwhile."""
        again = select(Nomination.submission_id).where(
            Nomination.club_id == self._club_id, Nomination.ballot_id.is_(None)
        )
        returned = update(Nomination).where(
            Nomination.ballot_id == ballot.id, Nomination.submission_id.not_in(again.scalar_subquery())
        )
        await self._session.execute(returned.values(ballot_id=None))

    async def _ballot(self, condition: ColumnElement[bool], *, lock: bool) -> Ballot | None:
        statement = select(Ballot).where(Ballot.club_id == self._club_id, condition)
        return await self._session.scalar(for_update(statement, table=Ballot) if lock else statement)

    # What members chose

    async def cast(self, ballot: Ballot, member_id: int, choices: Sequence[int], now: datetime) -> bool:
        """Store a member's choices in place of earlier ones; False if they are the same. The ballot must be locked."""
        if await self.choices(ballot.id, member_id) == tuple(choices):
            return False
        values = {
            "ballot_id": ballot.id,
            "member_id": member_id,
            "club_id": self._club_id,
            "choices": list(choices),
            "at": now,
        }
        await insert_if_absent(self._session, CastBallot, values, keys=("ballot_id", "member_id"))
        return True

    async def choices(self, ballot_id: int, member_id: int) -> tuple[int, ...]:
        """Choices of a member; empty if they cast no ballot."""
        mine = (CastBallot.ballot_id == ballot_id, CastBallot.member_id == member_id)
        found = await self._session.scalar(select(CastBallot.choices).where(*mine, CastBallot.club_id == self._club_id))
        return tuple(found or ())

    async def withdraw(self, ballot_id: int, member_id: int) -> bool:
        """Remove a member's ballot; False if there is none."""
        removed = delete(CastBallot).where(
            CastBallot.ballot_id == ballot_id, CastBallot.member_id == member_id, CastBallot.club_id == self._club_id
        )
        return (await self._session.execute(removed.returning(CastBallot.member_id))).first() is not None

    async def turnout(self, ballot_id: int) -> int:
        """Number of ballots that will be counted: without those of members whose votes are left out of the count."""
        excluded = select(Member.id).where(Member.club_id == self._club_id, Member.votes_excluded)
        mine = (CastBallot.ballot_id == ballot_id, CastBallot.club_id == self._club_id)
        statement = select(func.count()).select_from(CastBallot).where(*mine, CastBallot.member_id.not_in(excluded))
        return await self._session.scalar(statement) or 0

    async def take_cast(self, ballot_id: int) -> list[tuple[int, ...]]:
        """Choices of all members without their names; the rows are deleted, so that nobody can see who chose what.

        Ballots of members whose votes moderators leave out of the count are deleted and left out.
        """
        excluded = select(Member.id).where(Member.club_id == self._club_id, Member.votes_excluded)
        left_out = delete(CastBallot).where(CastBallot.ballot_id == ballot_id, CastBallot.member_id.in_(excluded))
        await self._session.execute(left_out)
        taken = delete(CastBallot).where(CastBallot.ballot_id == ballot_id, CastBallot.club_id == self._club_id)
        rows = await self._session.execute(taken.returning(CastBallot.choices))
        return [tuple(choices) for (choices,) in rows]


def is_ballot(ballot: Ballot) -> bool:
    """True if members voted, or may vote; False for a choice without a ballot."""
    return ballot.method in (BallotMethod.APPROVAL, BallotMethod.RANKED)
