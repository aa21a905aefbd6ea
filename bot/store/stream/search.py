"""Search over the stream by the database's own full-text index; the newest entries come first.

SQLite's index is read from its end, so that frequent words, which fill a page at once, cost no more than rare ones.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, column, exists, func, literal_column, or_, select, table

from bot.domain.models import ClubSource, StreamAppearance, StreamEntry
from bot.store.base.statements import contains_text
from bot.store.base.transaction import ClubRepository

MOST_WORDS = 12
"""Words of a query that are looked for; the others are ignored."""
MOST_WITH_WORD, MOST_COMPARED = 120, 60
"""Newest entries with a word that are counted, and those with the most shared words that are read and compared."""
INDEX = table("lookup_index_stream", column("rowid"), column("lookup_index_stream"))
TEXT: ColumnElement[Any] = literal_column(
    "to_tsvector('english'::regconfig, title || ' ' || authors || ' ' || abstract || ' ' || folded)"
)
"""The expression that PostgreSQL's index is over; it must be written like the index."""


class StreamSearch(ClubRepository):
    """Searches the entries of the club's sources."""

    async def find(
        self,
        words: str,
        *,
        author: str = "",
        categories: Sequence[str] = (),
        since: datetime | None = None,
        before: datetime | None = None,
        skip: int = 0,
        limit: int = 10,
    ) -> Sequence[StreamEntry]:
        """Entries that have every word in title, authors or abstract, in any of its forms, newest first.

        They have one of the categories, if any are given; one that ends in a dot (`cs.`) stands for all that begin so.
        `since` and `before` are when a source of the club announced them.
        """
        terms, names = _words(words), _words(author)
        statement: Select[StreamEntry] = select(StreamEntry).where(self._of_the_club(since, before))
        if categories:
            stored = cast(StreamEntry.categories, String)
            patterns = [f'"{name}' if name.endswith(".") else f'"{name}"' for name in categories]
            statement = statement.where(or_(*(contains_text(stored, pattern) for pattern in patterns)))
        if self._session.get_bind().dialect.name == "postgresql":
            statement = statement.where(*_postgresql(terms, names)).order_by(StreamEntry.id.desc())
        elif terms or names:
            asked = [f'"{term}"' for term in terms] + [f'authors : "{name}"' for name in names]
            statement = (
                statement.join(INDEX, INDEX.c.rowid == StreamEntry.id)
                .where(INDEX.c.lookup_index_stream.match(" AND ".join(asked)))
                .order_by(INDEX.c.rowid.desc())
            )
        else:
            statement = statement.order_by(StreamEntry.id.desc())
        return (await self._session.scalars(statement.offset(skip).limit(limit))).all()

    async def sharing(self, words: Sequence[str]) -> Sequence[StreamEntry]:
        """Entries with the most of these words, at most `MOST_COMPARED`; each word is looked up alone, newest first."""
        shared = Counter[int]()
        for word in words:
            shared.update(await self._with_word(word))
        best = sorted(shared, key=lambda id: (-shared[id], -id))[:MOST_COMPARED]
        if not best:
            return ()
        return (await self._session.scalars(select(StreamEntry).where(StreamEntry.id.in_(best)))).all()

    async def _with_word(self, word: str) -> Sequence[int]:
        terms = _words(word)
        if not terms:
            return ()
        statement = select(StreamEntry.id).where(self._of_the_club())
        if self._session.get_bind().dialect.name == "postgresql":
            statement = statement.where(*_postgresql(terms, ())).order_by(StreamEntry.id.desc())
        else:
            phrase = " AND ".join(f'"{term}"' for term in terms)
            statement = (
                statement.join(INDEX, INDEX.c.rowid == StreamEntry.id)
                .where(INDEX.c.lookup_index_stream.match(phrase))
                .order_by(INDEX.c.rowid.desc())
            )
        return (await self._session.scalars(statement.limit(MOST_WITH_WORD))).all()

    def _of_the_club(self, since: datetime | None = None, before: datetime | None = None) -> ColumnElement[bool]:
        """Condition: a source of the club announced the entry, since and before these times."""
        mine = select(ClubSource.source_id).where(ClubSource.club_id == self._club_id)
        there = exists().where(StreamAppearance.entry_id == StreamEntry.id, StreamAppearance.source_id.in_(mine))
        there = there.where(StreamAppearance.at >= since) if since else there
        return there.where(StreamAppearance.at < before) if before else there


def _postgresql(terms: Sequence[str], names: Sequence[str]) -> list[ColumnElement[bool]]:
    """Conditions in PostgreSQL's words: each term, and each name among the authors."""
    found: list[ColumnElement[bool]] = []
    if terms or names:
        words = func.plainto_tsquery(literal_column("'english'::regconfig"), " ".join((*terms, *names)))
        found.append(TEXT.bool_op("@@")(words))
    found += [
        or_(StreamEntry.authors.icontains(name, autoescape=True), StreamEntry.folded.icontains(name, autoescape=True))
        for name in names
    ]
    return found


def _words(typed: str) -> list[str]:
    """The words of a query, without punctuation."""
    return re.findall(r"[^\W_]+", typed.casefold())[:MOST_WORDS]
