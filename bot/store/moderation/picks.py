"""Picks repository: moderators' choices for the next edition."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from bot.domain.models import (
    EditionItem,
    Pick,
    Submission,
    SubmissionState,
)
from bot.store.base.transaction import ClubRepository

_OF_CLUB = select(Pick).where(Pick.club_id == bindparam("club"))
_OF_SUBMISSION = _OF_CLUB.where(Pick.submission_id == bindparam("submission"))
_UNPUBLISHED = (
    _OF_CLUB.join(Submission, Submission.id == Pick.submission_id)
    .where(Submission.state == SubmissionState.PICKED)
    .where(~select(EditionItem.submission_id).where(EditionItem.submission_id == Pick.submission_id).exists())
    .order_by(Pick.place.is_(None), Pick.place, Pick.at)
)


class Picks(ClubRepository):
    """Choices for the next edition."""

    async def get(self, submission_id: int) -> Pick | None:
        """The pick of a submission, if it is picked."""
        return await self._one_of(_OF_SUBMISSION, submission=submission_id)

    async def all(self) -> dict[int, Pick]:
        """Picks that are not published yet, by submission, in the order of their places."""
        return {pick.submission_id: pick for pick in await self._all_of(_UNPUBLISHED)}

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
