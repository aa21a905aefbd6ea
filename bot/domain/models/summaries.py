"""Models of source texts, quotes, summaries and model spending."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Index,
    Text,
)
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.models.base import Table


class SourceText(Table):
    """A text entered by moderators to quote from: a blog post, a section of a paper; unchanged."""

    __tablename__ = "source_text"
    __table_args__ = (Unique("club_id", "key", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    key: Mapped[str]
    """Key of its item: `arxiv:1706.03762`, `suggestion:7`."""
    name: Mapped[str]
    """Name of the text: `section 4.1`."""
    text: Mapped[str] = mapped_column(Text)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime]


class StoredQuote(Table):
    """A quote chosen by a moderator: an exact part of a text, with its position."""

    __tablename__ = "ledger_quote"
    __table_args__ = (Index("ix_ledger_quote_item", "club_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    key: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    passage: Mapped[str]
    source: Mapped[str]
    """Text that it is from, with version: `arxiv:1706.03762v5`."""
    start: Mapped[int]
    end: Mapped[int]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime]


class StoredSummary(Table):
    """Summary of one version of a paper, with its writer and source."""

    __tablename__ = "summary"
    __table_args__ = (Unique("paper_id", "version", "writer", "prompt", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"))
    version: Mapped[int]
    writer: Mapped[str]
    prompt: Mapped[str]
    digest: Mapped[str]
    """Hash of the source text, so that the same text is paid for once and a changed one is summarized again."""
    body: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class PaperText(Table):
    """Full text of one version of a paper, by section, read from arXiv's HTML page."""

    __tablename__ = "paper_text"
    __table_args__ = (Unique("paper_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"))
    version: Mapped[int]
    passages: Mapped[list[list[str]]]
    """Pairs of heading and text; empty if there was no page."""
    at: Mapped[datetime]


class ModelSpending(Table):
    """Tokens and cost of one model call, for the club that it was made for."""

    __tablename__ = "spending"
    __table_args__ = (Index("ix_spending_at", "at", "club_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"))
    at: Mapped[datetime]
    model: Mapped[str]
    tokens_in: Mapped[int]
    tokens_out: Mapped[int]
    cost: Mapped[float]
    """Cost in the currency of the configured prices."""
