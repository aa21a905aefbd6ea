"""What waits for a moderator."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, and_, func, select

from bot.domain.models import EditionItem, Submission, SubmissionState
from bot.store.block import ClubRepository


class ModerationQueue(ClubRepository):
    """Submissions by state, without merged ones and those that are in an edition."""

    async def waiting(
        self,
        state: SubmissionState,
        *,
        topic_id: int | None = None,
        oldest: bool = False,
        skip: int = 0,
        limit: int = 10,
    ) -> Sequence[Submission]:
        """Submissions in a state: the highest rank first, or the oldest."""
        question = self._of_club().where(Submission.state == state)
        if topic_id is not None:
            question = question.where(Submission.topic_id == topic_id)
        order = (Submission.id,) if oldest else (Submission.heat.desc(), Submission.id.desc())
        return (await self._session.scalars(question.order_by(*order).offset(skip).limit(limit))).unique().all()

    async def counts(self) -> dict[SubmissionState, int]:
        """Papers that wait in each state, counted."""
        states = self._of_club().with_only_columns(Submission.state, func.count()).group_by(Submission.state)
        return dict((await self._session.execute(states)).all())

    def _of_club(self) -> Select[Submission]:
        item = and_(EditionItem.submission_id == Submission.id, EditionItem.club_id == self._club_id)
        published = select(EditionItem.submission_id).where(item).exists()
        return select(Submission).where(
            Submission.club_id == self._club_id, Submission.merged_into_id.is_(None), ~published
        )
