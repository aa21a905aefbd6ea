"""What moderators do: picks, the log of their acts, reports, and what members suggest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from bot.domain.models import (
    AuditEntry,
    EditionItem,
    Pick,
    Report,
    ReportState,
    Submission,
    SubmissionState,
    Suggestion,
    SuggestionState,
)
from bot.store.block import ClubRepository


class Picks(ClubRepository):
    """The choices for the next edition."""

    async def of(self, submission_id: int) -> Pick | None:
        """The pick of a submission, if it is picked."""
        return await self._session.scalar(
            select(Pick).where(Pick.club_id == self._club_id, Pick.submission_id == submission_id)
        )

    async def all(self) -> dict[int, Pick]:
        """Every pick that is not yet published, by submission, in the order of their places."""
        found = await self._session.scalars(
            select(Pick)
            .join(Submission, Submission.id == Pick.submission_id)
            .where(Pick.club_id == self._club_id, Submission.state == SubmissionState.PICKED)
            .where(~select(EditionItem.submission_id).where(EditionItem.submission_id == Pick.submission_id).exists())
            .order_by(Pick.place.is_(None), Pick.place, Pick.at)
        )
        return {pick.submission_id: pick for pick in found}

    async def set(self, submission_id: int, member_id: int, now: datetime, **chosen: Any) -> Pick:
        """Pick a submission, or change what was chosen for it."""
        pick = await self.of(submission_id)
        if pick is None:
            pick = Pick(submission_id=submission_id, club_id=self._club_id, member_id=member_id, at=now)
            self._session.add(pick)
        for name, value in chosen.items():
            setattr(pick, name, value)
        await self._session.flush()
        return pick

    async def drop(self, submission_id: int) -> None:
        """Take a pick back."""
        if pick := await self.of(submission_id):
            await self._session.delete(pick)


class AuditLog(ClubRepository):
    """The log. Nothing moderators do is without a row here."""

    async def append(
        self,
        verb: str,
        member_id: int | None,
        now: datetime,
        *,
        submission_id: int | None = None,
        edition_id: int | None = None,
        why: str = "",
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
    ) -> AuditEntry:
        """Write down who did what, when and why."""
        act = AuditEntry(
            club_id=self._club_id,
            member_id=member_id,
            verb=verb,
            submission_id=submission_id,
            edition_id=edition_id,
            why=why,
            before=before or {},
            after=after or {},
            at=now,
        )
        self._session.add(act)
        await self._session.flush()
        return act

    async def latest(
        self,
        *,
        submission_id: int | None = None,
        member_id: int | None = None,
        since: datetime | None = None,
        verbs: Sequence[str] = (),
        skip: int = 0,
        limit: int = 10,
    ) -> Sequence[AuditEntry]:
        """The latest acts first."""
        question = select(AuditEntry).where(AuditEntry.club_id == self._club_id)
        if submission_id is not None:
            question = question.where(AuditEntry.submission_id == submission_id)
        if member_id is not None:
            question = question.where(AuditEntry.member_id == member_id)
        if since is not None:
            question = question.where(AuditEntry.at >= since)
        if verbs:
            question = question.where(AuditEntry.verb.in_(verbs))
        found = await self._session.scalars(question.order_by(AuditEntry.id.desc()).offset(skip).limit(limit))
        return found.unique().all()


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

    async def same(self, submission_id: int, member_id: int, what: str) -> Report | None:
        """What a member has already said about a submission and nobody has answered yet."""
        return await self._session.scalar(
            select(Report)
            .where(
                Report.club_id == self._club_id, Report.submission_id == submission_id, Report.state == ReportState.OPEN
            )
            .where(Report.member_id == member_id, Report.what == what)
            .limit(1)
        )

    async def about(self, submission_id: int) -> Sequence[Report]:
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


class EditionSuggestions(ClubRepository):
    """News, code and themes that members suggest for the next edition."""

    async def add(self, suggestion: Suggestion) -> Suggestion:
        """Keep a suggestion."""
        suggestion.club_id = self._club_id
        self._session.add(suggestion)
        await self._session.flush()
        return suggestion

    async def waiting(self, until: datetime | None = None) -> Sequence[Suggestion]:
        """What has not been in an edition yet, oldest first."""
        question = select(Suggestion).where(
            Suggestion.club_id == self._club_id, Suggestion.state == SuggestionState.NEW
        )
        if until:
            question = question.where(Suggestion.at < until)
        return (await self._session.scalars(question.order_by(Suggestion.id))).unique().all()

    async def get(self, suggestion_id: int) -> Suggestion | None:
        """A suggestion of this club."""
        return await self._session.scalar(
            select(Suggestion).where(Suggestion.club_id == self._club_id, Suggestion.id == suggestion_id)
        )
