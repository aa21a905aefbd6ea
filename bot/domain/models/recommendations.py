"""Models of papers that are chosen for single members: only the member sees them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.models.base import Table


class Recommendation(Table):
    """A paper that was last chosen for a member, of the club's list or new in its sources."""

    __tablename__ = "recommendation"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    """The paper's key; the stream entry that it was may be deleted before."""
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), index=True)
    place: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(Text)
    number: Mapped[int] = mapped_column(default=0)
    """Its number on the club's list; 0 if it is not there."""
    reasons: Mapped[Any] = mapped_column(JSON, default=list)
    """Sentences that say why, the strongest first."""
    at: Mapped[datetime]


class UnwantedPaper(Table):
    """A paper like which a member wants less. Its title is kept, since the entry may be deleted."""

    __tablename__ = "unwanted_paper"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), index=True)
    title: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class NewPaperMessage(Table):
    """Time of a member's next direct message about new papers of the club's sources."""

    __tablename__ = "new_paper_message"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), primary_key=True, index=True)
    seen_until: Mapped[datetime]
    """Papers that were listed until then are no news."""
    next_at: Mapped[datetime]
