"""Saved calls: command lines too long for a button, and the input of forms that failed."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, or_, select

from bot.domain.models import SavedCall
from bot.store.base.transaction import ClubRepository

RETENTION = timedelta(days=90)
"""Time for which a saved call can be used."""


class SavedCalls(ClubRepository):
    """Saved calls of a club."""

    async def save(self, saved: SavedCall) -> int:
        """Save a call. Returns its number. Expired calls are deleted."""
        await self._session.execute(
            delete(SavedCall).where(SavedCall.club_id == self._club_id, SavedCall.at < saved.at - RETENTION)
        )
        saved.club_id = self._club_id
        self._session.add(saved)
        await self._session.flush()
        return saved.id

    async def get(self, call_id: int, member_id: int | None = None) -> str | None:
        """The command line of a saved call; None if there is none, or if another member typed it."""
        mine = or_(SavedCall.member_id.is_(None), SavedCall.member_id == member_id)
        return await self._session.scalar(
            select(SavedCall.call).where(SavedCall.club_id == self._club_id, SavedCall.id == call_id, mine)
        )
