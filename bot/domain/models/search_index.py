"""What papers are found by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ForeignKey, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.models.base import Table


class SearchTerms(TypeDecorator[Sequence[str]]):
    """Entries as the databases' own indexes take them: a tsvector, or a text with a space before each.

    They are asked for, and never read back.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        """A tsvector on PostgreSQL."""
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Sequence[str] | None, dialect: Any) -> str | None:
        """The entries as text."""
        if value is None:
            return None
        return " ".join(map(quoted, value)) if dialect.name == "postgresql" else "".join(f" {it}" for it in value)


def quoted(entry: str) -> str:
    """An entry as PostgreSQL reads it in a tsvector or a tsquery, whatever signs it has."""
    return "'" + entry.replace("\\", "\\\\").replace("'", "''") + "'"


class SearchEntry(Table):
    """What a submission is found by, as `bot.store.base.search_rules` makes it of the paper, its heading and its reason.

    The migrations lay an index over it that is each database's own, `lookup_index`.
    """

    __tablename__ = "lookup"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    entries: Mapped[Sequence[str]] = mapped_column(SearchTerms())
