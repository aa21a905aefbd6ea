"""Condition that a club's own sources announced an entry."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import InstrumentedAttribute

from bot.domain.models import ClubSource, StreamAppearance, StreamEntry


def announced_to(
    club_id: int,
    since: datetime | None = None,
    before: datetime | None = None,
    *,
    entry_id: InstrumentedAttribute[int] = StreamEntry.id,
) -> ColumnElement[bool]:
    """Condition: a source that the club reads announced the entry of this id, since and before these times."""
    mine = select(ClubSource.source_id).where(ClubSource.club_id == club_id)
    announced = exists().where(StreamAppearance.entry_id == entry_id, StreamAppearance.source_id.in_(mine))
    announced = announced.where(StreamAppearance.at >= since) if since else announced
    return announced.where(StreamAppearance.at < before) if before else announced
