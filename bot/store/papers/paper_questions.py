"""Questions repository: what members asked about papers, and the answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.domain.models import PaperQuestion
from bot.store.base.transaction import ClubRepository


class PaperQuestions(ClubRepository):
    """Questions of the club's members. Each is seen by its member alone, until they share it."""

    async def add(self, question: PaperQuestion) -> None:
        """Store a question with its answer."""
        question.club_id = self._club_id
        self._session.add(question)
        await self._session.flush()

    async def last_paper(self, member_id: int, *, since: datetime) -> int | None:
        """Submission of a member's last question since a time; None if there is none."""
        return await self._session.scalar(
            select(PaperQuestion.submission_id)
            .where(
                PaperQuestion.club_id == self._club_id,
                PaperQuestion.member_id == member_id,
                PaperQuestion.at >= since,
            )
            .order_by(PaperQuestion.id.desc())
            .limit(1)
        )

    async def answer(
        self, member_id: int, submission_id: int, question: str, digest: str = ""
    ) -> dict[str, Any] | None:
        """The last answer that a member got to this question; with `digest` only about this very text."""
        statement = select(PaperQuestion.answer).where(
            PaperQuestion.club_id == self._club_id,
            PaperQuestion.member_id == member_id,
            PaperQuestion.submission_id == submission_id,
            PaperQuestion.question == question,
        )
        if digest:
            statement = statement.where(PaperQuestion.digest == digest)
        return await self._session.scalar(statement.order_by(PaperQuestion.id.desc()).limit(1))
