"""Paper search of a club, fast for every word whatever the number of papers.

The rules of a match are in `bot.store.base.search_rules`. First the newest few hundred papers are scanned: a frequent
word fills a page there. Papers with any other word are found by the index.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select

from bot.domain.models import SearchEntry, Submission
from bot.store.base import search_index
from bot.store.base.search_index import SearchQuery
from bot.store.base.search_rules import TEXT, TITLE
from bot.store.base.transaction import ClubRepository
from bot.store.papers.submissions import CLOSED_STATES, Submissions
from bot.store.papers.topics import Topics

SCAN_FIRST = 400
"""Newest papers that are scanned for the first page. A word that does not fill a page of ten is in fewer than one of
forty papers."""

SAMPLE_SIZE, RARE_SHARE, FREQUENT_SHARE = 100, 0.05, 0.2
"""Papers sampled for the frequency of each word; shares of them that count as rare and as frequent."""


class PaperSearch(ClubRepository):
    """Searches for papers."""

    async def papers(
        self,
        words: str,
        *,
        since: datetime | None = None,
        before: datetime | None = None,
        topic: str = "",
        author: str = "",
        skip: int = 0,
        limit: int = 10,
    ) -> Sequence[Submission]:
        """Submissions with every word in title, abstract, authors or reason, newest first."""
        query = [*search_index.parse_query(words, TEXT, TITLE), *search_index.parse_author(author)]
        filters: list[ColumnElement[bool]] = []
        if topic:
            filters.append(Submission.topic_id == await Topics(*self._arguments()).id_of(topic))
        if since:
            filters.append(Submission.submitted_at >= since)
        if before:
            filters.append(Submission.submitted_at < before)
        listed = (Submission.merged_into_id.is_(None), Submission.state.not_in(CLOSED_STATES), *filters)
        few = False
        for condition in filters:
            few = few or await self._is_small(condition, _scan_limit(skip, limit))
        return await self._load_page(query, listed, Submission.number, skip, limit, few=few)

    async def by_title(self, title: str, *, limit: int = 10) -> Sequence[Submission]:
        """Submissions with every typed word in title or heading, highest rank first."""
        unmerged = (Submission.merged_into_id.is_(None),)
        return await self._load_page(search_index.parse_query(title, TITLE), unmerged, Submission.heat, 0, limit)

    async def _load_page(
        self,
        query: SearchQuery,
        conditions: Sequence[ColumnElement[bool]],
        order: Any,
        skip: int,
        limit: int,
        *,
        few: bool = False,
    ) -> Sequence[Submission]:
        """A page of matching submissions, by `order` descending. `few` if so few meet them that all are read."""
        ids = await self._page(query, conditions, order, skip, limit, few)
        read = await Submissions(*self._arguments()).many(ids) if ids else {}
        return [read[id] for id in ids if id in read]

    async def _page(
        self,
        query: SearchQuery,
        conditions: Sequence[ColumnElement[bool]],
        order: Any,
        skip: int,
        limit: int,
        few: bool,
    ) -> Sequence[int]:
        candidates = select(Submission.id, order.label("place")).where(Submission.club_id == self._club_id, *conditions)
        ordered = candidates.order_by(order.desc())
        if not query:
            return await self._ids(ordered, skip, limit)
        scan_limit = _scan_limit(skip, limit)
        recent = candidates if few else ordered.limit(scan_limit)
        page = await self._scan_recent(recent, query, skip, limit)
        if few or len(page) == limit:
            return page
        rare = await self._rare_terms(recent, query) if len(query) > 1 else query
        # Without `+ 0` SQLite scans the club by one of its indexes instead of using the hits.
        each = select(Submission.id, order.label("place")).where(Submission.club_id + 0 == self._club_id, *conditions)
        found = search_index.select_matching(self._dialect, self._club_id, rare, each)
        rest = [starts for starts in query if starts not in rare]
        if not rest:
            return await self._ids(found, skip, limit)
        page = await self._scan_recent(found.limit(scan_limit), rest, skip, limit)
        return page if len(page) == limit else await self._scan_recent(found, rest, skip, limit)

    async def _scan_recent(self, these: Select[Any], query: SearchQuery, skip: int, limit: int) -> Sequence[int]:
        """A page of these submissions that match, found by comparing each one."""
        recent = these.subquery()
        matching = select(recent.c.id).join(SearchEntry, SearchEntry.submission_id == recent.c.id)
        matching = matching.where(search_index.matches_row(self._dialect, query)).order_by(recent.c.place.desc())
        return await self._ids(matching, skip, limit)

    async def _rare_terms(self, recent: Select[Any], query: SearchQuery) -> SearchQuery:
        """Terms that are rare in a sample: the index collects every match, so frequent words are too slow for it."""
        sample = recent.limit(SAMPLE_SIZE).subquery()
        have = [func.sum(case((search_index.matches_row(self._dialect, [starts]), 1), else_=0)) for starts in query]
        counted = select(*have).select_from(sample.join(SearchEntry, SearchEntry.submission_id == sample.c.id))
        counts = [count or 0 for count in (await self._session.execute(counted)).one()]
        by_count = sorted(zip(counts, query, strict=True), key=lambda pair: pair[0])
        few = [starts for count, starts in by_count if count <= SAMPLE_SIZE * RARE_SHARE]
        return few or [
            starts for count, starts in by_count[:2] if count <= max(SAMPLE_SIZE * FREQUENT_SHARE, by_count[0][0])
        ]

    async def _is_small(self, which: ColumnElement[bool], scan_limit: int) -> bool:
        """True if fewer than `scan_limit` submissions fulfil a condition."""
        matching = select(Submission.id).where(Submission.club_id == self._club_id, which).limit(scan_limit)
        return (await self._session.scalar(select(func.count()).select_from(matching.subquery())) or 0) < scan_limit

    async def _ids(self, statement: Select[Any], skip: int, limit: int) -> Sequence[int]:
        return (await self._session.scalars(statement.offset(skip).limit(limit))).all()

    @property
    def _dialect(self) -> str:
        return self._session.get_bind().dialect.name


def _scan_limit(skip: int, limit: int) -> int:
    """Number of papers to scan for a page that begins after `skip` others."""
    return SCAN_FIRST * (skip // limit + 1)
