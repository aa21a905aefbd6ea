"""What waits for a moderator."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, and_, func, select

from bot.domain.models import EditionItem, Report, Submission
from bot.store.block import Repository


class Queue(Repository):
    """Submissions by state, without merged ones and those that are in an edition."""

    async def waiting(
        self, state: str, *, topic_id: int | None = None, oldest: bool = False, skip: int = 0, limit: int = 10
    ) -> Sequence[Submission]:
        """Submissions in a state: the highest rank first, or the oldest."""
        question = self._mine().where(Submission.state == state)
        if topic_id is not None:
            question = question.where(Submission.topic_id == topic_id)
        order = (Submission.id,) if oldest else (Submission.heat.desc(), Submission.id.desc())
        return (await self._session.scalars(question.order_by(*order).offset(skip).limit(limit))).unique().all()

    async def counts(self) -> dict[str, int]:
        """How many wait in each state; under `reported`, how many reports are open."""
        states = self._mine().with_only_columns(Submission.state, func.count()).group_by(Submission.state)
        reports = select(func.count()).where(Report.club_id == self._club_id, Report.state == "open")
        found = await self._session.execute(states)
        return dict(found.all()) | {"reported": await self._session.scalar(reports) or 0}

    def _mine(self) -> Select[Submission]:
        item = and_(EditionItem.submission_id == Submission.id, EditionItem.club_id == self._club_id)
        published = select(EditionItem.submission_id).where(item).exists()
        return select(Submission).where(
            Submission.club_id == self._club_id, Submission.merged_into_id.is_(None), ~published
        )
