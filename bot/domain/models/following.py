"""What members follow, and what they are to be told of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.models.base import Table


class Followed(Table):
    """A topic, an author, words, a person or a paper that a member follows."""

    __tablename__ = "followed"
    __table_args__ = (
        Index(
            "ix_followed_alerts",
            "club_id",
            sqlite_where=text("how <> 'home'"),
            postgresql_where=text("how <> 'home'"),
        ),
    )

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    """The value whatever its case; of a paper its number."""
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    value: Mapped[str]
    how: Mapped[str] = mapped_column(default="home")
    """`home`, or by direct message too: `instant`, `daily` or `weekly`."""
    at: Mapped[datetime]
    """Since when they are told of it in this way: what is older is no news."""
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"))
    seen: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """How a followed paper stood when they were last told of it, or when they began to follow it."""


class Alert(Table):
    """One piece of news for one member, who is told of it once: alone, or among others of the day or the week."""

    __tablename__ = "alert"
    __table_args__ = (Index("ix_alert_due", "state", "not_before"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    what: Mapped[str] = mapped_column(primary_key=True)
    mark: Mapped[str] = mapped_column(primary_key=True, default="")
    """Which of its kind it is: a version, an edition's number."""
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), index=True)
    how: Mapped[str]
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="waiting")
    """`waiting`, `sending`, `sent`, `unknown` (perhaps told, never told again), `failed` or `dropped`."""
    not_before: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str] = mapped_column(default="")
    lease_until: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    """When it was told, or when it was tried in vain."""
    error: Mapped[str] = mapped_column(Text, default="")
