"""Audit log repository."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from bot.domain.models import (
    AuditEntry,
)
from bot.store.base.transaction import ClubRepository


class AuditLog(ClubRepository):
    """The audit log. Every moderation action has a row in it."""

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
        """Record an action: who did what, when and why."""
        entry = AuditEntry(
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
        self._session.add(entry)
        await self._session.flush()
        return entry

    async def many(self, ids: Collection[int]) -> Sequence[AuditEntry]:
        """Log entries of this club by id, oldest first."""
        found = await self._session.scalars(
            select(AuditEntry)
            .where(AuditEntry.club_id == self._club_id, AuditEntry.id.in_(ids))
            .order_by(AuditEntry.id)
        )
        return found.unique().all()

    async def earliest(self, verbs: Sequence[str]) -> datetime | None:
        """Time of the first entry of these actions; None if there is none."""
        return await self._session.scalar(
            select(func.min(AuditEntry.at)).where(AuditEntry.club_id == self._club_id, AuditEntry.verb.in_(verbs))
        )

    async def latest(
        self,
        *,
        submission_id: int | None = None,
        member_id: int | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        verbs: Sequence[str] = (),
        skip: int = 0,
        limit: int = 10,
    ) -> Sequence[AuditEntry]:
        """Log entries that match the filters, latest first."""
        statement = select(AuditEntry).where(AuditEntry.club_id == self._club_id)
        if submission_id is not None:
            statement = statement.where(AuditEntry.submission_id == submission_id)
        if member_id is not None:
            statement = statement.where(AuditEntry.member_id == member_id)
        if since is not None:
            statement = statement.where(AuditEntry.at >= since)
        if until is not None:
            statement = statement.where(AuditEntry.at < until)
        if verbs:
            statement = statement.where(AuditEntry.verb.in_(verbs))
        found = await self._session.scalars(statement.order_by(AuditEntry.id.desc()).offset(skip).limit(limit))
        return found.unique().all()
