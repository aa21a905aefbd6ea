"""Model of questions to papers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.models.base import Table


class PaperQuestion(Table):
    """A question that a member asked about a paper, with its answer: private until the member shares it."""

    __tablename__ = "paper_question"
    __table_args__ = (Index("ix_paper_question_member", "member_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    question: Mapped[str] = mapped_column(Text)
    digest: Mapped[str]
    """Hash of the source that was searched."""
    answer: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime]
