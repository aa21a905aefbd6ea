"""Calls saved for a member who must first fill in a form."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select

from bot.domain.models import SavedCall
from bot.store.base.transaction import ClubRepository

RETENTION = timedelta(days=90)
"""How long a long button works, and what was typed is remembered: longer than anybody scrolls back."""


class SavedCalls(ClubRepository):
    """Calls too long for a button, and what was typed into a form that failed."""

    async def save(self, kept: SavedCall) -> int:
        """Keep a call and give the number under which it is found again. Old ones are forgotten."""
        await self._session.execute(
            delete(SavedCall).where(SavedCall.club_id == self._club_id, SavedCall.at < kept.at - RETENTION)
        )
        kept.club_id = self._club_id
        self._session.add(kept)
        await self._session.flush()
        return kept.id

    async def get(self, kept_id: int) -> str | None:
        """A kept call of this club, as it would be typed."""
        return await self._session.scalar(
            select(SavedCall.call).where(SavedCall.club_id == self._club_id, SavedCall.id == kept_id)
        )
