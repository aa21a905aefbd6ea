"""Models of editions and their due times."""

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

from bot.domain.models.base import Table, stored_enum


@stored_enum
class SlotState(StrEnum):
    """State of a slot: due, done or given up."""

    DUE = "due"
    DONE = "done"
    SKIPPED = "skipped"


@stored_enum
class EditionState(StrEnum):
    """State of an edition."""

    DRAFT = "draft"
    APPROVED = "approved"
    """Frozen; scheduled or being posted."""
    PUBLISHED = "published"
    RECALLED = "recalled"
    SKIPPED = "skipped"
    """Given up; its number is free again."""


HELD = text("lease_until IS NOT NULL")


class Slot(Table):
    """Due time of one edition, unique for a club and a period, so that each is published once."""

    __tablename__ = "slot"
    __table_args__ = (
        Unique("club_id", "key"),
        Index("ix_slot_due", "state", "due_at"),
        Index("ix_slot_lease", "lease_until", sqlite_where=HELD, postgresql_where=HELD),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    key: Mapped[str]
    """Local period, such as `2026-W47` or `2026-11`; not the due time."""
    due_at: Mapped[datetime]
    state: Mapped[SlotState] = mapped_column(default=SlotState.DUE)
    owner: Mapped[str] = mapped_column(default="")
    lease_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str] = mapped_column(Text, default="")
    why: Mapped[str] = mapped_column(Text, default="")


DRAFT_STATES = text("state IN ('draft', 'approved')")


class Edition(Table):
    """One issue of the club's digest; frozen when approved. A club has one in progress at a time."""

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
    """SHA-256 of the frozen document, so that a change is noticed."""
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    drafted_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]
    publish_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=0)
    making: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Composed document and moderators' changes of a draft; empty once published."""
    document: Mapped[dict[str, Any]]
    """Last of the columns: SQLite reads a row from its start, and lists of editions do not need it."""

    @property
    def is_unscheduled(self) -> bool:
        """True if it has a publication time of its own, outside the club's schedule."""
        return self.slot_id is None and self.publish_at is not None


class EditionVersion(Table):
    """Frozen document of an edition before a correction, so that every approved version is preserved."""

    __tablename__ = "edition_version"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    sha: Mapped[str] = mapped_column(String(64))
    until: Mapped[datetime]
    """Time of the correction."""
    document: Mapped[dict[str, Any]]


class Approval(Table):
    """A moderator's approval of an edition in its current version."""

    __tablename__ = "approval"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    at: Mapped[datetime]


class EditionItem(Table):
    """A submission in an edition; it can be in no other."""

    __tablename__ = "edition_item"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    place: Mapped[int]
