"""Reports repository, and the moderation queue."""

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
    """Problems that members reported."""

    async def add(self, report: Report) -> Report:
        """Store a report and give it its number."""
        report.club_id = self._club_id
        self._session.add(report)
        await self._session.flush()
        return report

    async def get(self, report_id: int) -> Report | None:
        """A report of this club."""
        return await self._session.scalar(select(Report).where(Report.club_id == self._club_id, Report.id == report_id))

    async def open_duplicate(self, submission_id: int, member_id: int, what: str) -> Report | None:
        """An open report of the same member about the same problem of a submission."""
        return await self._session.scalar(
            select(Report)
            .where(
                Report.club_id == self._club_id, Report.submission_id == submission_id, Report.state == ReportState.OPEN
            )
            .where(Report.member_id == member_id, Report.what == what)
            .limit(1)
        )

    async def open_for(self, submission_id: int) -> Sequence[Report]:
        """Open reports about a submission, oldest first."""
        found = await self._session.scalars(
            select(Report)
            .where(
                Report.club_id == self._club_id, Report.submission_id == submission_id, Report.state == ReportState.OPEN
            )
            .order_by(Report.id)
        )
        return found.unique().all()

    async def by_member(self, member_id: int, *, limit: int = 10) -> Sequence[Report]:
        """Reports of a member in any state, latest first."""
        found = await self._session.scalars(
            select(Report)
            .where(Report.club_id == self._club_id, Report.member_id == member_id)
            .order_by(Report.id.desc())
            .limit(limit)
        )
        return found.unique().all()

    async def count_open(self) -> int:
        """Number of open reports."""
        statement = select(func.count()).where(Report.club_id == self._club_id, Report.state == ReportState.OPEN)
        return await self._session.scalar(statement) or 0

    async def open(self, *, skip: int = 0, limit: int = 10) -> Sequence[Report]:
        """Open reports, oldest first."""
        found = await self._session.scalars(
            select(Report)
            .where(Report.club_id == self._club_id, Report.state == ReportState.OPEN)
            .order_by(Report.id)
            .offset(skip)
            .limit(limit)
        )
        return found.unique().all()


class ModerationQueue(ClubRepository):
    """Submissions by state, without merged and published ones."""

    async def waiting(
        self,
        state: SubmissionState,
        *,
        topic_id: int | None = None,
        oldest: bool = False,
        skip: int = 0,
        limit: int = 10,
    ) -> Sequence[Submission]:
        """Submissions in a state, by rank, or oldest first."""
        statement = self._of_club().where(Submission.state == state)
        if topic_id is not None:
            statement = statement.where(Submission.topic_id == topic_id)
        order = (Submission.id,) if oldest else (Submission.heat.desc(), Submission.id.desc())
        return (await self._session.scalars(statement.order_by(*order).offset(skip).limit(limit))).unique().all()

    async def counts(self) -> dict[SubmissionState, int]:
        """Number of submissions in each state."""
        states = self._of_club().with_only_columns(Submission.state, func.count()).group_by(Submission.state)
        return dict((await self._session.execute(states)).all())

    def _of_club(self) -> Select[Submission]:
        item = and_(EditionItem.submission_id == Submission.id, EditionItem.club_id == self._club_id)
        published = select(EditionItem.submission_id).where(item).exists()
        return select(Submission).where(
            Submission.club_id == self._club_id, Submission.merged_into_id.is_(None), ~published
        )
