"""Editions, and when they are due."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Index,
    String,
    Text,
    text,
)
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.models.base import Table, stored


@stored
class SlotState(StrEnum):
    """State of a due time: still to come or being seen to, over, or given up."""

    DUE = "due"
    DONE = "done"
    SKIPPED = "skipped"


@stored
class EditionState(StrEnum):
    """State of an edition."""

    DRAFT = "draft"
    APPROVED = "approved"
    """Frozen, and waiting for its time or being posted."""
    PUBLISHED = "published"
    RECALLED = "recalled"
    SKIPPED = "skipped"
    """Given up, its number free again."""


HELD = text("lease_until IS NOT NULL")


class Slot(Table):
    """One edition's due time. Unique for a club and a period: the row is the truth, the ticker only looks."""

    __tablename__ = "slot"
    __table_args__ = (
        Unique("club_id", "key"),
        Index("ix_slot_due", "state", "due_at"),
        Index("ix_slot_lease", "lease_until", sqlite_where=HELD, postgresql_where=HELD),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    key: Mapped[str]
    """The local period, such as `2026-W47` or `2026-11`; not the time at which it fired."""
    due_at: Mapped[datetime]
    state: Mapped[SlotState] = mapped_column(default=SlotState.DUE)
    owner: Mapped[str] = mapped_column(default="")
    lease_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str] = mapped_column(Text, default="")
    why: Mapped[str] = mapped_column(Text, default="")


DRAFT_STATES = text("state IN ('draft', 'approved')")


class Edition(Table):
    """One issue of the club's digest; frozen when approved. A club makes one at a time."""

    __tablename__ = "edition"
    __table_args__ = (
        Unique("club_id", "number"),
        Index("ix_edition_state", "club_id", "state"),
        Index("uq_edition_making", "club_id", unique=True, sqlite_where=DRAFT_STATES, postgresql_where=DRAFT_STATES),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    number: Mapped[int]
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("slot.id"), unique=True)
    template: Mapped[str]
    title: Mapped[str] = mapped_column(Text)
    state: Mapped[EditionState] = mapped_column(default=EditionState.DRAFT)
    since: Mapped[datetime]
    until: Mapped[datetime]
    sha: Mapped[str] = mapped_column(String(64), default="")
    """SHA-256 of the frozen document, so that a changed byte shows."""
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    drafted_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]
    publish_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=0)
    making: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What a draft is made of: the document as it was composed, and the moderators' changes. Empty once it is out."""
    document: Mapped[dict[str, Any]]
    """Last of the columns: SQLite reads a row from its beginning, and lists of editions need not read all of each."""

    @property
    def goes_alone(self) -> bool:
        """Whether it goes out at a time of its own and leaves the club's due times as they are."""
        return self.slot_id is None and self.publish_at is not None


class EditionVersion(Table):
    """The frozen document of an edition as it was before a correction: no byte that was approved is ever lost."""

    __tablename__ = "edition_version"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    sha: Mapped[str] = mapped_column(String(64))
    until: Mapped[datetime]
    """When it was corrected."""
    document: Mapped[dict[str, Any]]


class Approval(Table):
    """That a moderator has approved an edition as it stood."""

    __tablename__ = "approval"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    at: Mapped[datetime]


class EditionItem(Table):
    """That a submission was in an edition: so it is in no later one."""

    __tablename__ = "edition_item"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    place: Mapped[int]
