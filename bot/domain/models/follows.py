"""Models of follows and notifications."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.follow_rules import FollowKind
from bot.domain.follow_updates import Frequency, UpdateKind
from bot.domain.models.base import Table, stored_enum, stored_literal

stored_literal(FollowKind)
stored_literal(Frequency)
stored_literal(UpdateKind)


@stored_enum
class NotificationState(StrEnum):
    """State of a notification."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    """Perhaps sent, and never sent again."""
    FAILED = "failed"
    DROPPED = "dropped"
    """Outdated before it was sent."""


class Follow(Table):
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
    kind: Mapped[FollowKind] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    """The value in folded case; for a paper its number."""
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    value: Mapped[str]
    how: Mapped[Frequency] = mapped_column(default="home")
    """`home`, or by direct message too: `instant`, `daily` or `weekly`."""
    at: Mapped[datetime]
    """Start of the follow with this frequency: anything older is no news."""
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"))
    seen: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """State of a followed paper at the last notification, or at the start of the follow."""


class PendingNotification(Table):
    """One piece of news for one member, sent once: alone, or in a daily or weekly message."""

    __tablename__ = "alert"
    __table_args__ = (Index("ix_alert_due", "state", "not_before"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    what: Mapped[UpdateKind] = mapped_column(primary_key=True)
    mark: Mapped[str] = mapped_column(primary_key=True, default="")
    """Identifies the news among others of its kind: a version, an edition's number."""
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), index=True)
    how: Mapped[Frequency]
    at: Mapped[datetime]
    state: Mapped[NotificationState] = mapped_column(default=NotificationState.WAITING)
    not_before: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str] = mapped_column(default="")
    lease_until: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    """Time at which it was sent or failed."""
    error: Mapped[str] = mapped_column(Text, default="")
