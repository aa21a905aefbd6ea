"""Withdrawal of what a member still adds to the rank of papers: votes and discussions that no edition has had."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, delete, func, or_, select

from bot.domain.models import DiscussionParticipant, Submission, Vote
from bot.store.base.transaction import ClubRepository
from bot.store.papers.submissions import Submissions, is_unpublished
from bot.store.papers.votes import Votes


class VoteWithdrawal(ClubRepository):
    """Taking back what a member still adds to the rank of papers.

    Whoever has their data deleted may return as a new member and vote again, so these votes go with the data. So do
    those for papers that are on no list now, since a moderator may bring them back: held, removed or merged ones.
    Papers of past editions keep theirs.
    """

    async def take_back(self, member_id: int, now: datetime) -> list[int]:
        """Take back a member's votes, and their part in discussions. Returns the submissions, by id."""
        votes, submissions = Votes(*self._arguments()), Submissions(*self._arguments())
        ids = await self._open_submissions(member_id)
        for submission_id in ids:
            if (submission := await submissions.get(submission_id, lock=True)) is None:
                continue
            of_paper = DiscussionParticipant.submission_id == submission.id
            await self._session.execute(
                delete(DiscussionParticipant).where(of_paper, DiscussionParticipant.member_id == member_id)
            )
            count = select(func.count()).select_from(DiscussionParticipant).where(of_paper)
            submission.voices = await self._session.scalar(count) or 0
            await votes.set(submission, member_id, None, now)
            await votes.recount(submission)
        return ids

    async def _open_submissions(self, member_id: int) -> list[int]:
        """Ids of the papers in question, in an order that lets two transactions wait for each other in turn."""
        joined = [
            select(table.submission_id)
            .where(and_(table.submission_id == Submission.id, table.member_id == member_id))
            .exists()
            for table in (Vote, DiscussionParticipant)
        ]
        conditions = (
            Submission.club_id == self._club_id,
            is_unpublished(self._club_id),
            or_(*joined),
        )
        return list(await self._session.scalars(select(Submission.id).where(*conditions).order_by(Submission.id)))
