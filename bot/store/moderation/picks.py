"""Picks repository: moderators' choices for the next edition."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.domain.models import (
    EditionItem,
    Pick,
    Submission,
    SubmissionState,
)
from bot.store.base.transaction import ClubRepository


class Picks(ClubRepository):
    """Choices for the next edition."""

    async def get(self, submission_id: int) -> Pick | None:
        """The pick of a submission, if it is picked."""
        return await self._session.scalar(
            select(Pick).where(Pick.club_id == self._club_id, Pick.submission_id == submission_id)
        )

    async def all(self) -> dict[int, Pick]:
        """Picks that are not published yet, by submission, in the order of their places."""
        found = await self._session.scalars(
            select(Pick)
            .join(Submission, Submission.id == Pick.submission_id)
            .where(Pick.club_id == self._club_id, Submission.state == SubmissionState.PICKED)
            .where(~select(EditionItem.submission_id).where(EditionItem.submission_id == Pick.submission_id).exists())
            .order_by(Pick.place.is_(None), Pick.place, Pick.at)
        )
        return {pick.submission_id: pick for pick in found}

    async def set(self, submission_id: int, member_id: int, now: datetime, **chosen: Any) -> Pick:
        """Pick a submission, or change values of its pick."""
        pick = await self.get(submission_id)
        if pick is None:
            pick = Pick(submission_id=submission_id, club_id=self._club_id, member_id=member_id, at=now)
            self._session.add(pick)
        for name, value in chosen.items():
            setattr(pick, name, value)
        await self._session.flush()
        return pick

    async def remove(self, submission_id: int) -> None:
        """Remove a pick."""
        if pick := await self.get(submission_id):
            await self._session.delete(pick)
