"""Source texts, quotes and summaries, and what the model cost."""

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
    """A text that moderators quote from and no source tells: a blog post, a section of a paper; as they gave it."""

    __tablename__ = "source_text"
    __table_args__ = (Unique("club_id", "key", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    key: Mapped[str]
    """Of the item it is the text of: `arxiv:1706.03762`, `suggestion:7`."""
    name: Mapped[str]
    """Which text of it: `section 4.1`."""
    text: Mapped[str] = mapped_column(Text)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime]


class StoredQuote(Table):
    """A quote that a moderator chose: an exact piece of a text, with where in it it stands."""

    __tablename__ = "ledger_quote"
    __table_args__ = (Index("ix_ledger_quote_item", "club_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    key: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    passage: Mapped[str]
    source: Mapped[str]
    """The text it stands in, with its version: `arxiv:1706.03762v5`."""
    start: Mapped[int]
    end: Mapped[int]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime]


class StoredSummary(Table):
    """What was written about one version of a paper, by whom or which model, from which source."""

    __tablename__ = "summary"
    __table_args__ = (Unique("paper_id", "version", "writer", "prompt", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"))
    version: Mapped[int]
    writer: Mapped[str]
    prompt: Mapped[str]
    digest: Mapped[str]
    """A hash of the source text: the same text is never paid for twice, a changed one is read anew."""
    body: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class PaperText(Table):
    """The whole text of one version of a paper, section by section, as it was read from arXiv's web page."""

    __tablename__ = "paper_text"
    __table_args__ = (Unique("paper_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"))
    version: Mapped[int]
    passages: Mapped[list[list[str]]]
    """Pairs of heading and text; empty where there was no page to read."""
    at: Mapped[datetime]


class ModelSpending(Table):
    """What one text by a model took, for the club that asked for it: tokens, and their price on that day."""

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
    """In the currency of the prices that were set."""
