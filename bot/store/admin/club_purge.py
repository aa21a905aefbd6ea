"""Purging of abandoned clubs: their data stays until an operator purges it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select

from bot.domain.models import (
    Club,
    Delivery,
    Installation,
    Paper,
    PaperRelation,
    PaperText,
    PaperVersion,
    Room,
    StoredSummary,
    Table,
    Workspace,
)
from bot.store.base.transaction import BaseRepository


@dataclass(frozen=True, slots=True)
class AbandonedClub:
    """A club whose every workspace has removed the bot, and when the last did."""

    id: int
    name: str
    left_at: datetime


class ClubPurge(BaseRepository):
    """Abandoned clubs and their deletion."""

    async def abandoned_clubs(self) -> Sequence[AbandonedClub]:
        """Clubs that may be purged, longest abandoned first."""
        last = func.max(Workspace.left_at)
        still_in = select(Workspace.club_id).where(Workspace.left_at.is_(None))
        rows = await self._session.execute(
            select(Club.id, Club.name, last)
            .join(Workspace, Workspace.club_id == Club.id)
            .where(Club.id.not_in(still_in))
            .group_by(Club.id, Club.name)
            .order_by(last, Club.id)
        )
        return [AbandonedClub(id, name, at) for id, name, at in rows if at]

    async def purge(self, club_id: int) -> None:
        """Delete a club and all its data, except papers that are public records."""
        workspaces = (await self._session.scalars(select(Workspace).where(Workspace.club_id == club_id))).all()
        for workspace in workspaces:
            same = (Installation.platform == workspace.platform, Installation.external_id == workspace.external_id)
            await self._session.execute(delete(Installation).where(*same))
        # Posts of a club that the workspace belonged to before are deleted too.
        rooms = select(Room.id).where(Room.workspace_id.in_([workspace.id for workspace in workspaces]))
        await self._session.execute(delete(Delivery).where(Delivery.room_id.in_(rooms)))
        await self._session.execute(delete(Room).where(Room.id.in_(rooms)))
        own = select(Paper.id).where(Paper.owner_club_id == club_id)
        for of_a_paper in (StoredSummary, PaperText, PaperRelation, PaperVersion):
            await self._session.execute(delete(of_a_paper).where(of_a_paper.paper_id.in_(own)))
        for table in reversed(Table.metadata.sorted_tables):
            owner = table.c.get("owner_club_id", table.c.get("club_id"))
            if table is Club.__table__:
                owner = table.c.id
            if owner is not None:
                await self._session.execute(delete(table).where(owner == club_id))
