"""Models of moderation: picks, the audit log, reports."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from sqlalchemy import (
    ForeignKey,
    Index,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.domain.models.base import Table, stored_enum, stored_literal
from bot.domain.models.members import Member
from bot.domain.models.papers import Submission

Problem = Literal["summary", "quote", "link", "author", "duplicate", "off-topic", "spam", "withdrawn"]
"""Problem that members can report about a paper's entry."""


SuggestedSection = Literal["news", "code", "theme"]
"""Section of an edition that members can suggest something for."""


stored_literal(Problem)


stored_literal(SuggestedSection)


@stored_enum
class ReportState(StrEnum):
    """State of a report: open, or the moderator's answer."""

    OPEN = "open"
    RESOLVED = "resolved"
    REJECTED = "rejected"


@stored_enum
class SuggestionState(StrEnum):
    """State of a suggestion: new, or used in an edition."""

    NEW = "new"
    USED = "used"


class Pick(Table):
    """A moderator's choice for an edition: place, theme, reason, note."""

    __tablename__ = "pick"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    place: Mapped[int | None]
    theme: Mapped[str] = mapped_column(default="")
    why: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]


class AuditEntry(Table):
    """Entry of the audit log: who did what to what, when and why, and the values before and after."""

    __tablename__ = "act"
    __table_args__ = (Index("ix_act_log", "club_id", "id"), Index("ix_act_subject", "submission_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    """Empty for an action of the program, such as publishing at the deadline."""
    verb: Mapped[str]
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"))
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"))
    why: Mapped[str] = mapped_column(Text, default="")
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime]

    member: Mapped[Member | None] = relationship(lazy="joined")


class Report(Table):
    """A member's report of a problem with a paper's entry."""

    __tablename__ = "report"

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), index=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    what: Mapped[Problem]
    note: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[ReportState] = mapped_column(default=ReportState.OPEN)
    at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(Text, default="")

    submission: Mapped[Submission] = relationship(lazy="joined", innerjoin=True)
    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True)
