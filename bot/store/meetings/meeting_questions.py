"""Questions left for meetings, and the votes for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select

from bot.domain.models import MeetingQuestion, QuestionVote
from bot.store.base.statements import insert_if_absent
from bot.store.base.transaction import ClubRepository


class MeetingQuestions(ClubRepository):
    """Questions of one club. Each member has one vote for each."""

    async def add(
        self, meeting_id: int, member_id: int, text: str, now: datetime, *, anonymous: bool
    ) -> MeetingQuestion:
        """Store a question."""
        question = MeetingQuestion(
            club_id=self._club_id, meeting_id=meeting_id, member_id=member_id, text=text, anonymous=anonymous, at=now
        )
        self._session.add(question)
        await self._session.flush()
        return question

    async def get(self, question_id: int) -> MeetingQuestion | None:
        """A question that was not removed."""
        return await self._session.scalar(
            select(MeetingQuestion).where(
                MeetingQuestion.club_id == self._club_id,
                MeetingQuestion.id == question_id,
                MeetingQuestion.removed_at.is_(None),
            )
        )

    async def same(self, meeting_id: int, text: str) -> MeetingQuestion | None:
        """A question with the same text."""
        return next((q for q, _ in await self.ranked(meeting_id) if q.text.casefold() == text.casefold()), None)

    async def ranked(self, meeting_id: int) -> Sequence[tuple[MeetingQuestion, int]]:
        """Questions for a meeting with their votes, most votes first, then the earliest."""
        votes = (
            select(QuestionVote.question_id, func.count().label("votes"))
            .group_by(QuestionVote.question_id)
            .where(QuestionVote.club_id == self._club_id)
            .subquery()
        )
        rows = await self._session.execute(
            select(MeetingQuestion, func.coalesce(votes.c.votes, 0))
            .outerjoin(votes, votes.c.question_id == MeetingQuestion.id)
            .where(MeetingQuestion.club_id == self._club_id, MeetingQuestion.meeting_id == meeting_id)
            .where(MeetingQuestion.removed_at.is_(None))
            .order_by(func.coalesce(votes.c.votes, 0).desc(), MeetingQuestion.id)
        )
        return [(question, int(count)) for question, count in rows.unique()]

    async def count_by(self, meeting_id: int, member_id: int) -> int:
        """Number of questions that a member left for a meeting."""
        return (
            await self._session.scalar(
                select(func.count())
                .select_from(MeetingQuestion)
                .where(MeetingQuestion.club_id == self._club_id, MeetingQuestion.meeting_id == meeting_id)
                .where(MeetingQuestion.member_id == member_id, MeetingQuestion.removed_at.is_(None))
            )
            or 0
        )

    async def vote(self, question_id: int, member_id: int) -> bool:
        """Vote for a question; False if the member has already."""
        values = {"question_id": question_id, "member_id": member_id, "club_id": self._club_id}
        return await insert_if_absent(self._session, QuestionVote, values)

    async def take_back(self, question_id: int, member_id: int) -> bool:
        """Take a vote back; False if there was none."""
        gone = await self._session.execute(
            delete(QuestionVote)
            .where(QuestionVote.club_id == self._club_id, QuestionVote.question_id == question_id)
            .where(QuestionVote.member_id == member_id)
            .returning(QuestionVote.question_id)
        )
        return gone.first() is not None
