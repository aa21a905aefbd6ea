"""Deliveries: one part of one post to one room, its kinds and its states."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Index,
    Text,
    false,
    text,
)
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.domain.models.base import Table, stored
from bot.domain.models.members import Room


@stored
class DeliveryKind(StrEnum):
    """Kind of a post, and with it what its subject is."""

    CARD = "card"
    """A submission, drawn anew with its tally."""
    EDITION = "edition"
    """A part of an edition."""
    DRAFT = "draft"
    """A draft of an edition, for the moderators."""
    ATTENTION = "attention"
    """What needs a moderator's hand; its subject is the act in the log that made it needed."""
    OVERDUE_NOTICE = "held"
    """Tells moderators that an edition waits for them beyond its time."""
    SKIP_NOTICE = "notice"
    """Tells readers that there is no edition; its subject is the due time."""
    AUDIT = "act"
    """A row of the moderators' log."""
    REPORT = "report"
    """A problem that a member reported."""
    CHANNEL_TEST = "test"
    """A test of every channel; its subject is the log's row about it."""
    QUOTE_REVOKED = "quote"
    """Tells moderators that a member took a quote back."""
    MEMBER_FORGOTTEN = "forgotten"
    """Tells moderators that a member had their data deleted."""
    ADMIN_ALERT = "alarm"
    """Trouble that nobody asked about; its subject is the log's row about it."""
    DOUBTFUL_POST = "doubtful"
    """Asks moderators about a post of unknown outcome; its subject is that delivery."""
    RESTORED = "restored"
    """Tells moderators that the club is in quarantine after a restore; its subject is the log's row about it."""
    SHARED_COPY = "shared"
    """A copy of a paper's card that a member asked for; its subject is the submission."""


@stored
class DeliveryState(StrEnum):
    """State of a delivery: how far it is on its way."""

    READY = "ready"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    """Perhaps posted: it is looked for before it is tried again."""
    FAILED = "failed"
    SKIPPED = "skipped"


PENDING = (DeliveryState.READY, DeliveryState.SENDING, DeliveryState.UNKNOWN)
"""States of what is still to be posted, or of unknown outcome."""


class Delivery(Table):
    """One part of something posted to one room: the row that makes posting happen once, and is remembered."""

    __tablename__ = "delivery"
    __table_args__ = (
        Unique("club_id", "kind", "subject_id", "room_id", "part"),
        Index("ix_delivery_state", "state", "not_before"),
        Index("ix_delivery_message", "room_id", "message"),
        # The few posts that are to be drawn anew: the courier looks for them all the time, among all there are.
        Index(
            "ix_delivery_stale", "state", "not_before", sqlite_where=text("stale = 1"), postgresql_where=text("stale")
        ),
        Index("ix_delivery_lease", "lease_until"),
        # The few posts that were ever of unknown outcome: a pressed button may prove that one of them is there.
        Index(
            "ix_delivery_doubtful",
            "room_id",
            "id",
            sqlite_where=text("had_unknown = 1"),
            postgresql_where=text("had_unknown"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    kind: Mapped[DeliveryKind]
    subject_id: Mapped[int]
    """Key of what it is about; each kind counts its own subjects, so that two of them never share one."""
    part: Mapped[int] = mapped_column(default=0)
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"), index=True)
    """The submission whose tally it shows, if it shows one."""
    card: Mapped[dict[str, Any] | None]
    """The frozen card; empty where it is drawn from the submission as it now stands."""
    state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.READY)
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    owner: Mapped[str] = mapped_column(default="")
    lease_until: Mapped[datetime | None]
    """Until when its owner is at work on it: posting, looking for it or drawing it again."""
    first_tried_at: Mapped[datetime | None]
    last_tried_at: Mapped[datetime | None]
    had_unknown: Mapped[bool] = mapped_column(default=False)
    looks: Mapped[int] = mapped_column(default=0)
    """How often it was looked for in vain since its outcome became unknown."""
    message: Mapped[str] = mapped_column(default="")
    thread: Mapped[str] = mapped_column(default="")
    url: Mapped[str] = mapped_column(Text, default="")
    error: Mapped[str] = mapped_column(Text, default="")
    stale: Mapped[bool] = mapped_column(default=False)
    """True while what it shows has changed since it was drawn."""
    asked_at: Mapped[datetime | None]
    """When the moderators were asked what became of it; the platform could not be."""
    reposted_at: Mapped[datetime | None]
    """When it was posted again though an earlier copy may be there: it has a possible double."""
    double: Mapped[str] = mapped_column(default="", server_default="")
    """The id of a second copy that is known to be there and is to be removed; empty where there is none."""
    in_thread: Mapped[bool] = mapped_column(default=False, server_default=false())
    """True for a reply in the thread of part 0, which waits until that one is known to be there."""

    key_prefix: Mapped[str] = mapped_column(default="", server_default="")
    """The database's key prefix when this was planned; empty in rows of releases that had none."""

    room: Mapped[Room] = relationship(lazy="joined", innerjoin=True)

    @property
    def key(self) -> str:
        """Names the delivery on the platform, for finding it again. At most 25 characters (Discord's nonce)."""
        return f"jc{self.key_prefix}-{self.id}" if self.key_prefix else f"jc{self.id}"
