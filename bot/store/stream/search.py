"""Search over the stream by the database's own full-text index; the newest entries come first.

SQLite's index is read from its end, and PostgreSQL's by blocks of ids from the last one, so that frequent words, which
fill a page at once, cost no more than rare ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select

from bot.domain.models import ClubSource, StreamAppearance, StreamEntry
from bot.store.base.transaction import ClubRepository
from bot.store.stream.announcements import announced_to
from bot.store.stream.text_index import (
    BLOCK,
    INDEX,
    has_words,
    ids_in_categories,
    in_categories,
    phrase,
    words_of,
)
from bot.store.stream.word_index import sharing_most

FIRST_BLOCKS = (2, 32)
"""Newest blocks that are searched before all others, in two steps."""
MOST_RANKED, MOST_COMPARED = 1_000, 90
"""Entries with the weightiest shared words, among which those of the club are looked up; and those that are read."""
MOST_OF_WINDOW = 20_000
"""Maximum number of entries between two times that are all scanned, if the newest do not fill a page."""
FILTERED_TOGETHER = 200
"""Entries per statement that checks which of them a source of the club announced."""


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
        terms, names = words_of(words), words_of(author)
        everything: Select[StreamEntry] = select(StreamEntry).where(announced_to(self._club_id, since, before))
        everything = everything.order_by(StreamEntry.id.desc()).offset(skip).limit(limit)
        page = everything.where(in_categories(categories)) if categories else everything
        if not terms and not names:
            window = await self._narrow_window(since, before) if since and categories else None
            return await self._by_categories(everything, page, categories, limit, window)
        if self._dialect == "postgresql":
            return await self._by_blocks(page.where(*map(_by_author, names)), (*terms, *names), limit)
        page = page.join(INDEX, INDEX.c.rowid == StreamEntry.id).where(phrase(terms, names))
        return (await self._session.scalars(page.order_by(None).order_by(INDEX.c.rowid.desc()))).all()

    async def _by_categories(
        self,
        everything: Select[StreamEntry],
        page: Select[StreamEntry],
        categories: Sequence[str],
        limit: int,
        window: Select[int] | None,
    ) -> Sequence[StreamEntry]:
        """A page of the entries of some categories: of the newest blocks if they fill it, as usual ones do.

        Else all entries of a narrow window are scanned, or all of the categories.
        """
        newest = await self._newest_block()
        recent = page.where(StreamEntry.id >= (newest - FIRST_BLOCKS[0]) * BLOCK)
        if len(entries := (await self._session.scalars(recent)).all()) == limit or newest <= FIRST_BLOCKS[0]:
            return entries
        if window is not None:
            there = window.cte("there").prefix_with("MATERIALIZED", dialect="postgresql")
            return (await self._session.scalars(page.where(StreamEntry.id.in_(select(there.c.entry_id))))).all()
        if not categories:
            return (await self._session.scalars(everything)).all()
        hits = (
            ids_in_categories(self._dialect, categories).cte("hits").prefix_with("MATERIALIZED", dialect="postgresql")
        )
        return (await self._session.scalars(everything.where(StreamEntry.id.in_(select(hits.c.id))))).all()

    async def _narrow_window(self, since: datetime, before: datetime | None) -> Select[int] | None:
        """Ids of what the club's sources announced between two times; None if that is too much to scan."""
        mine = select(ClubSource.source_id).where(ClubSource.club_id == self._club_id)
        window = select(StreamAppearance.entry_id).where(
            StreamAppearance.source_id.in_(mine), StreamAppearance.at >= since
        )
        window = window.where(StreamAppearance.at < before) if before else window
        first = window.limit(MOST_OF_WINDOW + 1).subquery()
        number = await self._session.scalar(select(func.count()).select_from(first)) or 0
        return window if number <= MOST_OF_WINDOW else None

    async def _by_blocks(self, page: Select[StreamEntry], words: Sequence[str], limit: int) -> Sequence[StreamEntry]:
        """A page of the entries with these words, of the newest blocks if they fill it."""
        newest = await self._newest_block()
        for number in FIRST_BLOCKS:
            found = await self._session.scalars(
                page.where(has_words(words, range(max(0, newest - number), newest + 1)))
            )
            if len(entries := found.all()) == limit or newest <= number:
                return entries
        hits = select(StreamEntry.id).where(has_words(words)).cte("hits").prefix_with("MATERIALIZED")
        return (await self._session.scalars(page.join(hits, hits.c.id == StreamEntry.id))).all()

    async def sharing(self, words: Mapping[str, float]) -> Sequence[StreamEntry]:
        """Entries that share the most with a paper, given as words with their weights, at most `MOST_COMPARED`.

        The sum of the shared words' weights counts, and newer ones come first where it is the same.
        """
        best = await sharing_most(self._session, words, MOST_RANKED)
        mine = list[int]()
        for start in range(0, len(best), FILTERED_TOGETHER):
            part = best[start : start + FILTERED_TOGETHER]
            there = set(
                await self._session.scalars(
                    select(StreamEntry.id).where(StreamEntry.id.in_(part), announced_to(self._club_id))
                )
            )
            mine += [id for id in part if id in there]
            if len(mine) >= MOST_COMPARED:
                break
        ids = mine[:MOST_COMPARED]
        return (await self._session.scalars(select(StreamEntry).where(StreamEntry.id.in_(ids)))).all() if ids else ()

    async def _newest_block(self) -> int:
        return (await self._session.scalar(select(func.max(StreamEntry.id))) or 0) // BLOCK

    @property
    def _dialect(self) -> str:
        return self._session.get_bind().dialect.name


def _by_author(name: str) -> ColumnElement[bool]:
    """Condition: a name is among the authors, also without its accents."""
    return or_(
        StreamEntry.authors.icontains(name, autoescape=True), StreamEntry.folded.icontains(name, autoescape=True)
    )
