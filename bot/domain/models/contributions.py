"""Models of members' contributions to editions: suggestions and remarks that may be quoted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    ForeignKey,
    Index,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.domain.models.base import Table
from bot.domain.models.members import Member
from bot.domain.models.moderation import SuggestedSection, SuggestionState
from bot.domain.models.papers import Submission


class Suggestion(Table):
    """News, code or a theme that a member suggests for the next edition."""

    __tablename__ = "suggestion"
    __table_args__ = (Index("ix_suggestion_club_id_state", "club_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    section: Mapped[SuggestedSection]
    kind: Mapped[str] = mapped_column(default="")
    title: Mapped[str] = mapped_column(Text, default="")
    url: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[SuggestionState] = mapped_column(default=SuggestionState.NEW)
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"))
    at: Mapped[datetime]

    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True)


class MemberQuote(Table):
    """A member's remark about a paper with their consent to be quoted, until revoked. Nothing else is quoted."""

    __tablename__ = "saying"
    __table_args__ = (Index("ix_saying_submission", "submission_id", "revoked_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    text: Mapped[str] = mapped_column(Text)
    credit: Mapped[str] = mapped_column(default="")
    """Name to show; empty for none."""
    url: Mapped[str] = mapped_column(Text, default="")
    """Link to the message with the remark."""
    at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    submission: Mapped[Submission] = relationship(lazy="joined", innerjoin=True)
