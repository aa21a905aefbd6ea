"""Model of the search index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ForeignKey, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.models.base import Table


class SearchTerms(TypeDecorator[Sequence[str]]):
    """Search entries in the form of the database's index: a tsvector, or text with a space before each entry.

    They are queried, and never read back.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        """A tsvector on PostgreSQL, else text."""
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Sequence[str] | None, dialect: Any) -> str | None:
        """The entries as text."""
        if value is None:
            return None
        return " ".join(map(quoted, value)) if dialect.name == "postgresql" else "".join(f" {it}" for it in value)


def quoted(entry: str) -> str:
    """An entry in PostgreSQL's quotation marks, for a tsvector or a tsquery."""
    return "'" + entry.replace("\\", "\\\\").replace("'", "''") + "'"


class SearchEntry(Table):
    """Search entries of a submission, as `bot.store.base.search_rules` derives them.

    The migrations create each database's own index over it, `lookup_index`.
    """

    __tablename__ = "lookup"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    entries: Mapped[Sequence[str]] = mapped_column(SearchTerms())
