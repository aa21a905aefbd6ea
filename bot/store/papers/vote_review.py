"""Votes that moderators may question: first votes in a burst, waiting votes, excluded members."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, func, select, update
from sqlalchemy.orm import aliased

from bot.domain.models import Member, Submission, Vote, VoteEvent, VoteStance
from bot.store.base.statements import for_update
from bot.store.base.transaction import ClubRepository
from bot.store.papers.votes import Votes

MOST_ADMITTED = 500
"""Waiting votes that one transaction begins to count."""


class VoteReview(ClubRepository):
    """Members who voted for the first time, and members whose votes do not count."""

    async def first_time_voters(self, submission_id: int, since: datetime) -> list[int]:
        """Members whose counted votes for a submission, cast since a time, are among their first in this club."""
        earlier = aliased(Vote)
        voted_before = select(earlier.member_id).where(earlier.member_id == Vote.member_id, earlier.at < since)
        counted = (Vote.submission_id == submission_id, Vote.club_id == self._club_id, Vote.ranks, Vote.at >= since)
        statement = select(Vote.member_id).where(*counted, ~voted_before.exists()).order_by(Vote.member_id)
        return list(await self._session.scalars(statement))

    async def uncounted(self, submission: Submission) -> tuple[int, int]:
        """Votes of new members that do not count yet, and votes of excluded members."""
        votes = (Vote.submission_id == submission.id, Vote.club_id == self._club_id, Vote.stance == VoteStance.VOTE)
        waiting = select(func.count()).where(*votes, Vote.counts_from.is_not(None))
        excluded = select(func.count()).select_from(Vote).join(Member, Member.id == Vote.member_id)
        excluded = excluded.where(*votes, Member.votes_excluded, Vote.member_id != submission.member_id)
        return await self._session.scalar(waiting) or 0, await self._session.scalar(excluded) or 0

    async def set_excluded(self, member_ids: Collection[int], *, excluded: bool) -> Sequence[Submission]:
        """Leave all votes of some members out of the count, or count them again. Returns the papers recounted."""
        mine = (Member.club_id == self._club_id, Member.id.in_(member_ids))
        voted = select(Vote.submission_id).where(Vote.member_id.in_(member_ids), Vote.club_id == self._club_id)
        changed = await self._locked(set(await self._session.scalars(voted)))
        await self._session.execute(update(Member).where(*mine).values(votes_excluded=excluded))
        for submission in changed:
            await Votes(self._transaction, self._club_id).reevaluate(submission)
        return changed

    async def admit(self, now: datetime) -> Sequence[Submission]:
        """Begin to count the votes whose time has come, as if they were cast now. Returns the papers recounted."""
        due = (Vote.club_id == self._club_id, Vote.counts_from <= now)
        waiting = select(Vote.submission_id).where(*due).order_by(Vote.counts_from).limit(MOST_ADMITTED)
        changed = await self._locked(set(await self._session.scalars(waiting)))
        for submission in changed:
            of_it = and_(Vote.submission_id == submission.id, *due)
            found = await self._session.scalars(
                update(Vote)
                .where(of_it)
                .values(counts_from=None, at=now)
                .returning(Vote.member_id)
                .execution_options(synchronize_session="fetch")
            )
            for member_id in found:
                self._session.add(
                    VoteEvent(
                        club_id=self._club_id,
                        submission_id=submission.id,
                        member_id=member_id,
                        stance=VoteStance.VOTE,
                        reason="counts from now on",
                        at=now,
                    )
                )
            await Votes(self._transaction, self._club_id).reevaluate(submission)
        return changed

    async def _locked(self, ids: Collection[int]) -> Sequence[Submission]:
        """Submissions by id, locked in the order in which votes and merges lock them."""
        chosen = select(Submission).where(Submission.club_id == self._club_id, Submission.id.in_(ids))
        found = await self._session.scalars(for_update(chosen.order_by(Submission.id), table=Submission))
        return found.unique().all()
