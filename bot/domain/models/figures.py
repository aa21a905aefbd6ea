"""Model of stored figures."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.models.base import Table


class StoredFigure(Table):
    """A picture of an edition, made smaller and without metadata.

    It is in the database, not in a folder: one backup has the editions and their pictures, several processes on
    different machines see the same, and a club's pictures are purged with it. A picture has at most some hundred KB, so
    that a year of weekly editions adds some ten MB.
    """

    __tablename__ = "figure"
    __table_args__ = (Unique("club_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    name: Mapped[str]
    """Name made of content and size: `figures/3f9a…-1200x800.png` (`bot.domain.figure_names`)."""
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    source: Mapped[str]
    """Address that it was read from; empty for an upload."""
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime]
