"""The full-text indexes over entries of sources: FTS5 on SQLite, GIN over tsvectors on PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    cast,
    column,
    func,
    literal_column,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY

from bot.domain.models import StreamEntry
from bot.domain.stream.subjects import ARXIV_CATEGORIES
from bot.store.base.statements import contains_text

MOST_WORDS = 12
"""Words of a query that are looked for; the others are ignored."""
BLOCK = 2_048
"""Ids of one block: the newest blocks are searched first on PostgreSQL, since its index has no order."""
INDEX = table("lookup_index_stream", column("rowid"), column("lookup_index_stream"))
TEXT: ColumnElement[Any] = literal_column(
    "(to_tsvector('english'::regconfig, title || ' ' || authors || ' ' || abstract || ' ' || folded)"
    " || array_to_tsvector(ARRAY['#' || (id / 2048)::text]))"
)
"""The expression that PostgreSQL's index is over; it must be written like the index."""
CATEGORIES: ColumnElement[Any] = literal_column("(lower(categories::text)::jsonb)")
"""The expression that PostgreSQL's index of categories is over."""


def words_of(typed: str) -> list[str]:
    """The words of a query, without punctuation."""
    return re.findall(r"[^\W_]+", typed.casefold())[:MOST_WORDS]


def phrase(terms: Sequence[str], names: Sequence[str] = ()) -> ColumnElement[bool]:
    """SQLite's condition: an entry has every term, and every name among its authors."""
    asked = [f'"{term}"' for term in terms] + [f'authors : "{name}"' for name in names]
    return INDEX.c.lookup_index_stream.match(" AND ".join(asked))


def has_words(words: Sequence[str], blocks: Iterable[int] = ()) -> ColumnElement[bool]:
    """PostgreSQL's condition: an entry has every word, and is in one of the blocks if any are given."""
    asked: ColumnElement[Any] = func.plainto_tsquery(literal_column("'english'::regconfig"), " ".join(words))
    if places := " | ".join(f"'#{block}'" for block in blocks):
        asked = asked.op("&&")(cast(places, TSQUERY))
    return TEXT.bool_op("@@")(asked)


def in_categories(names: Sequence[str]) -> ColumnElement[bool]:
    """Condition: an entry has one of the categories; one that ends in a dot (`cs.`) stands for all that begin so."""
    stored = cast(StreamEntry.categories, String)
    return or_(*(contains_text(stored, f'"{name}' if name.endswith(".") else f'"{name}"') for name in names))


def ids_in_categories(dialect: str, names: Sequence[str]) -> Select[int]:
    """Ids of all entries that have one of the categories, by the index of categories."""
    if dialect != "postgresql":
        return select(StreamEntry.id).where(in_categories(names))
    of_archives = [
        known for name in names if name.endswith(".") for known in ARXIV_CATEGORIES if known.startswith(name)
    ]
    asked = [name.lower() for name in (*names, *of_archives)]
    return select(StreamEntry.id).where(CATEGORIES.bool_op("?|")(cast(asked, ARRAY(String))))
