"""Models of operations: rate gates, leases, saved calls, the event inbox, cached facts."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Index,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.models.base import Table, stored_enum


@stored_enum
class InboxState(StrEnum):
    """State of a stored event: new, handled, or given up."""

    NEW = "new"
    DONE = "done"
    FAILED = "failed"


@stored_enum
class CodePurpose(StrEnum):
    """Purpose of a one-time code."""

    LINK_ACCOUNT = "link"
    CONNECT_WORKSPACE = "connect"


class RateGateState(Table):
    """Time of the next request to a shared service, for all processes."""

    __tablename__ = "turn"

    name: Mapped[str] = mapped_column(primary_key=True)
    next_at: Mapped[datetime]


class Lease(Table):
    """Exclusive task of one process, such as serving a shard of Discord's gateway."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str]
    until: Mapped[datetime]


class SavedCall(Table):
    """A call too long for a button, or the input of a form that failed."""

    __tablename__ = "kept"

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    call: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    """Member who typed it, and who alone may open it again; empty for the call of a button that others may press."""


class InboxEvent(Table):
    """A platform's event, stored before it is handled, so that a redelivery is recognized."""

    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_state", "platform", "state"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    platform: Mapped[str]
    payload: Mapped[dict[str, Any]]
    state: Mapped[InboxState] = mapped_column(default=InboxState.NEW)
    tries: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime] = mapped_column(index=True)


class CachedFact(Table):
    """A small value stored between starts, such as the hash of the commands last synced."""

    __tablename__ = "fact"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(Text)
