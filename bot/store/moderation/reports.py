"""Reports repository and the moderators' queue."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, and_, func, select

from bot.domain.models import (
    EditionItem,
    Report,
    ReportState,
    Submission,
    SubmissionState,
)
from bot.store.base.transaction import ClubRepository


class Reports(ClubRepository):
    """What members say is wrong."""

    async def add(self, report: Report) -> Report:
        """Keep a report and give it its number."""
        report.club_id = self._club_id
        self._session.add(report)
        await self._session.flush()
        return report

    async def get(self, report_id: int) -> Report | None:
        """A report of this club."""
        return await self._session.scalar(select(Report).where(Report.club_id == self._club_id, Report.id == report_id))

    async def open_duplicate(self, submission_id: int, member_id: int, what: str) -> Report | None:
        """What a member has already said about a submission and nobody has answered yet."""
        return await self._session.scalar(
            select(Report)
            .where(
                Report.club_id == self._club_id, Report.submission_id == submission_id, Report.state == ReportState.OPEN
            )
            .where(Report.member_id == member_id, Report.what == what)
            .limit(1)
        )

    async def open_for(self, submission_id: int) -> Sequence[Report]:
        """What nobody has answered yet about one submission."""
        found = await self._session.scalars(
            select(Report)
            .where(
                Report.club_id == self._club_id, Report.submission_id == submission_id, Report.state == ReportState.OPEN
            )
            .order_by(Report.id)
        )
        return found.unique().all()

    async def by_member(self, member_id: int, *, limit: int = 10) -> Sequence[Report]:
        """What a member has reported, latest first, whatever became of it."""
        found = await self._session.scalars(
            select(Report)
            .where(Report.club_id == self._club_id, Report.member_id == member_id)
            .order_by(Report.id.desc())
            .limit(limit)
        )
        return found.unique().all()

    async def count_open(self) -> int:
        """Reports that wait for an answer, counted."""
        question = select(func.count()).where(Report.club_id == self._club_id, Report.state == ReportState.OPEN)
        return await self._session.scalar(question) or 0

    async def open(self, *, skip: int = 0, limit: int = 10) -> Sequence[Report]:
        """What nobody has answered yet, oldest first."""
        found = await self._session.scalars(
            select(Report)
            .where(Report.club_id == self._club_id, Report.state == ReportState.OPEN)
            .order_by(Report.id)
            .offset(skip)
            .limit(limit)
        )
        return found.unique().all()


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
