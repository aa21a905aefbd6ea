"""Models of deliveries: parts of posts, their kinds and states."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, false, text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.domain.models.base import Table, stored_enum
from bot.domain.models.members import Room


@stored_enum
class DeliveryKind(StrEnum):
    """Kind of a post, which also determines its subject."""

    CARD = "card"
    """Card of a submission with its votes."""
    EDITION = "edition"
    """Part of an edition."""
    DRAFT = "draft"
    """Draft of an edition, for moderators."""
    ATTENTION = "attention"
    """Something that moderators must decide; its subject is the audit entry that caused it."""
    OVERDUE_NOTICE = "held"
    """Tells moderators that an edition waits for them beyond its time."""
    DELAY_NOTICE = "late"
    """Tells moderators that an approved edition is late, and why; drawn anew until it is out. Its subject is the
    edition."""
    OUTAGE_NOTICE = "outage"
    """Tells moderators that no post to a platform succeeds; drawn anew until one does. Its subject is its
    audit entry."""
    SKIP_NOTICE = "notice"
    """Notice to readers that there is no edition; its subject is the slot."""
    AUDIT = "act"
    """Entry of the audit log."""
    REPORT = "report"
    """Problem that a member reported."""
    CHANNEL_TEST = "test"
    """Test of every channel; its subject is its audit entry."""
    QUOTE_ADDED = "quoted"
    """Notice to moderators that a member's quote came into the draft."""
    QUOTE_REVOKED = "quote"
    """Notice to moderators that a member revoked a quote."""
    MEMBER_FORGOTTEN = "forgotten"
    """Notice to moderators that a member had their data deleted."""
    ADMIN_ALERT = "alarm"
    """Alert to admins about a problem; its subject is its audit entry."""
    DOUBTFUL_POST = "doubtful"
    """Question to moderators about a post of unknown outcome; its subject is that delivery."""
    RESTORED = "restored"
    """Question to moderators about a club in quarantine after a restore; its subject is its audit entry."""
    BALLOT = "ballot"
    """Ballot on what the club reads next; its subject is the ballot."""
    SHORTLIST = "candidates"
    """New papers suggested to moderators; its subject is the shortlist's post."""
    SHARED_COPY = "shared"
    """Copy of a paper's card that a member requested; its subject is the submission."""
    THREAD_OPENING = "opening"
    """First message in a paper's thread, with a part for each thread that it had in a channel; its subject is the
    submission."""
    MEETING = "meeting"
    """Card of a meeting with the answers to it; its subject is the meeting."""


@stored_enum
class DeliveryState(StrEnum):
    """State of a delivery."""

    READY = "ready"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    """Perhaps posted: it is checked before it is tried again."""
    FAILED = "failed"
    SKIPPED = "skipped"


PENDING = (DeliveryState.READY, DeliveryState.SENDING, DeliveryState.UNKNOWN)
"""States of a delivery that is not posted yet, or of unknown outcome."""


class Delivery(Table):
    """One part of a post in one room: the row makes it happen once and records the message."""

    __tablename__ = "delivery"
    __table_args__ = (
        Unique("club_id", "kind", "subject_id", "room_id", "part"),
        Index("ix_delivery_state", "state", "not_before"),
        Index("ix_delivery_message", "room_id", "message"),
        # The few outdated posts, which the delivery workers query all the time.
        Index(
            "ix_delivery_stale", "state", "not_before", sqlite_where=text("stale = 1"), postgresql_where=text("stale")
        ),
        Index("ix_delivery_lease", "lease_until"),
        # The few posts that were ever of unknown outcome: a pressed button may prove that one of them exists.
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
    """Id of its subject; each kind has its own subjects, so that no two share an id."""
    part: Mapped[int] = mapped_column(default=0)
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"), index=True)
    """Submission whose votes it shows; empty if it shows none."""
    card: Mapped[dict[str, Any] | None]
    """Frozen card; empty if it is drawn from the submission's current state."""
    state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.READY)
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    owner: Mapped[str] = mapped_column(default="")
    lease_until: Mapped[datetime | None]
    """End of the lease under which its owner posts, checks or updates it."""
    first_tried_at: Mapped[datetime | None]
    last_tried_at: Mapped[datetime | None]
    had_unknown: Mapped[bool] = mapped_column(default=False)
    looks: Mapped[int] = mapped_column(default=0)
    """Checks without a result since its outcome became unknown."""
    message: Mapped[str] = mapped_column(default="")
    thread: Mapped[str] = mapped_column(default="")
    url: Mapped[str] = mapped_column(Text, default="")
    error: Mapped[str] = mapped_column(Text, default="")
    stale: Mapped[bool] = mapped_column(default=False)
    """True while the posted message is outdated."""
    asked_at: Mapped[datetime | None]
    """Time at which moderators were asked about it, because the platform could not be."""
    reposted_at: Mapped[datetime | None]
    """Time at which it was posted again although a first copy may exist."""
    double: Mapped[str] = mapped_column(default="", server_default="")
    """Message id of a second copy that is to be removed; empty if there is none."""
    in_thread: Mapped[bool] = mapped_column(default=False, server_default=false())
    """True for a reply in the thread of part 0, which must be posted first."""

    key_prefix: Mapped[str] = mapped_column(default="", server_default="")
    """The database's key prefix when this was planned; empty in rows of releases that had none."""

    room: Mapped[Room] = relationship(lazy="joined", innerjoin=True)

    @property
    def key(self) -> str:
        """Key of the delivery on the platform, to find it again. At most 25 characters (Discord's nonce)."""
        return f"jc{self.key_prefix}-{self.id}" if self.key_prefix else f"jc{self.id}"
