"""Quarantine of a club whose database was restored: nothing is posted until an admin lifts it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.models.base import Table


class Quarantine(Table):
    """A club whose rows are those of a backup. While the row is there, nothing of the club is posted."""

    __tablename__ = "quarantine"

    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), primary_key=True)
    backed_up_at: Mapped[datetime]
    """Time of the backup: the rows do not know what was posted after it."""
    entered_at: Mapped[datetime]
    reviewed_at: Mapped[datetime | None]
    """Time at which the channels had been compared with the rows, and people had been asked; None until then."""
    act_id: Mapped[int | None]
    """Audit entry about the restore: the subject of the question to the moderators."""
    found: Mapped[int] = mapped_column(default=0)
    """Number of posts that were found in the channels and linked to their rows."""
    unread: Mapped[list[str]] = mapped_column(default=list)
    """Names of the channels that could not be read."""
    unknown: Mapped[list[list[str]]] = mapped_column(default=list)
    """The bot's posts that are in the channels and have no row: channel and link of each."""
