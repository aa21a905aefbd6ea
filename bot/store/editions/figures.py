"""Figures of a club's editions: their content by name, and the removal of those that no edition has."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from bot.domain.models import Edition, EditionState, EditionVersion, StoredFigure
from bot.store.base.statements import insert_if_absent
from bot.store.base.transaction import ClubRepository

KEEP_UNUSED = timedelta(days=30)
"""Time for which a figure that no edition has is kept, so that an undone change can be made again."""


class StoredFigures(ClubRepository):
    """Figures of one club."""

    async def save(self, name: str, content: bytes, member_id: int, now: datetime, *, source: str = "") -> None:
        """Store a figure; one of the same name is the same figure. Old ones that no edition has are removed."""
        await self._remove_unused(now - KEEP_UNUSED)
        values = {
            "club_id": self._club_id, "name": name, "content": content, "source": source, "member_id": member_id,
            "at": now,
        }  # fmt: skip
        await insert_if_absent(self._session, StoredFigure, values)

    async def contents(self, names: Collection[str]) -> dict[str, bytes]:
        """Contents of the figures that there are, by name."""
        if not names:
            return {}
        rows = await self._session.execute(
            select(StoredFigure.name, StoredFigure.content).where(
                StoredFigure.club_id == self._club_id, StoredFigure.name.in_(names)
            )
        )
        return {name: content for name, content in rows}  # noqa: C416  rows are no pairs to the type checker

    async def known(self, names: Collection[str]) -> frozenset[str]:
        """Names of these that are stored."""
        found = await self._session.scalars(
            select(StoredFigure.name).where(StoredFigure.club_id == self._club_id, StoredFigure.name.in_(names))
        )
        return frozenset(found)

    async def _remove_unused(self, before: datetime) -> None:
        """Remove figures older than a time that no edition has, in its text, its former versions or its changes."""
        old = set(
            await self._session.scalars(
                select(StoredFigure.name).where(StoredFigure.club_id == self._club_id, StoredFigure.at < before)
            )
        )
        if not old:
            return
        shown = select(Edition.document, Edition.making).where(
            Edition.club_id == self._club_id, Edition.state != EditionState.SKIPPED
        )
        former = select(EditionVersion.document, EditionVersion.document).where(EditionVersion.club_id == self._club_id)
        for rows in (shown, former):
            for row in await self._session.execute(rows):
                text = json.dumps([*row])
                old = {name for name in old if name not in text}
        await self._session.execute(
            delete(StoredFigure).where(StoredFigure.club_id == self._club_id, StoredFigure.name.in_(old))
        )
