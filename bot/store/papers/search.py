"""Finding papers of a club by words, fast for every word, however many papers there are.

What is a match, `bot.store.base.search_rules` says. The newest few hundred papers are looked through first, one after the other:
a word that many papers have fills a page there. Of any other word the index knows the few papers that have it.
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
"""So many are looked through one by one. A page that they do not fill is of a word that fewer than one in forty has."""

SAMPLE_SIZE, RARE_SHARE, FREQUENT_SHARE = 100, 0.05, 0.2
"""So many of them tell how frequent each of several words is; what share of them is few, and what is many."""


class PaperSearch(ClubRepository):
    """The ways in which papers are looked for."""

    async def papers(
        self,
        words: str,
        *,
        since: datetime | None = None,
        topic: str = "",
        author: str = "",
        skip: int = 0,
        limit: int = 10,
    ) -> Sequence[Submission]:
        """Submissions that have every word in title, abstract, authors or why; newest first."""
        query = [*search_index.parse_query(words, TEXT, TITLE), *search_index.parse_author(author)]
        filters: list[ColumnElement[bool]] = []
        if topic:
            filters.append(Submission.topic_id == await Topics(*self._arguments()).id_of(topic))
        if since:
            filters.append(Submission.submitted_at >= since)
        listed = (Submission.merged_into_id.is_(None), Submission.state.not_in(CLOSED_STATES), *filters)
        few = False
        for one in filters:
            few = few or await self._is_small(one, _scan_limit(skip, limit))
        return await self._load_page(query, listed, Submission.number, skip, limit, few=few)

    async def by_title(self, typed: str, *, limit: int = 10) -> Sequence[Submission]:
        """Submissions whose title or heading has every word that was typed; hottest first."""
        unmerged = (Submission.merged_into_id.is_(None),)
        return await self._load_page(search_index.parse_query(typed, TITLE), unmerged, Submission.heat, 0, limit)

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
        """A page of those that have it all, the highest of `order` first. `few`: all others may be looked through."""
        ids = await self._page(query, conditions, order, skip, limit, few)
        read = await Submissions(*self._arguments()).many(ids) if ids else {}
        return [read[id] for id in ids if id in read]

    async def _page(
        self, query: SearchQuery, conditions: Sequence[ColumnElement[bool]], order: Any, skip: int, limit: int, few: bool
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
        telling = await self._rare_terms(recent, query) if len(query) > 1 else query
        # With the bare column SQLite goes through the club by one of its indexes instead of taking the hits.
        each = select(Submission.id, order.label("place")).where(Submission.club_id + 0 == self._club_id, *conditions)
        found = search_index.select_matching(self._dialect, self._club_id, telling, each)
        rest = [starts for starts in query if starts not in telling]
        if not rest:
            return await self._ids(found, skip, limit)
        page = await self._scan_recent(found.limit(scan_limit), rest, skip, limit)
        return page if len(page) == limit else await self._scan_recent(found, rest, skip, limit)

    async def _scan_recent(self, these: Select[Any], query: SearchQuery, skip: int, limit: int) -> Sequence[int]:
        """The page of these that have it all, each of them looked at."""
        recent = these.subquery()
        looked = select(recent.c.id).join(SearchEntry, SearchEntry.submission_id == recent.c.id)
        looked = looked.where(search_index.matches_row(self._dialect, query)).order_by(recent.c.place.desc())
        return await self._ids(looked, skip, limit)

    async def _rare_terms(self, recent: Select[Any], query: SearchQuery) -> SearchQuery:
        """What few of the near ones have: an index gathers all that have a word, so frequent words are not its work."""
        sample = recent.limit(SAMPLE_SIZE).subquery()
        have = [func.sum(case((search_index.matches_row(self._dialect, [starts]), 1), else_=0)) for starts in query]
        counted = select(*have).select_from(sample.join(SearchEntry, SearchEntry.submission_id == sample.c.id))
        counts = [count or 0 for count in (await self._session.execute(counted)).one()]
        by_count = sorted(zip(counts, query, strict=True), key=lambda pair: pair[0])
        few = [starts for count, starts in by_count if count <= SAMPLE_SIZE * RARE_SHARE]
        return few or [starts for count, starts in by_count[:2] if count <= max(SAMPLE_SIZE * FREQUENT_SHARE, by_count[0][0])]

    async def _is_small(self, which: ColumnElement[bool], scan_limit: int) -> bool:
        """Whether so few are such that all of them may be looked through."""
        such = select(Submission.id).where(Submission.club_id == self._club_id, which).limit(scan_limit)
        return (await self._session.scalar(select(func.count()).select_from(such.subquery())) or 0) < scan_limit

    async def _ids(self, question: Select[Any], skip: int, limit: int) -> Sequence[int]:
        return (await self._session.scalars(question.offset(skip).limit(limit))).all()

    @property
    def _dialect(self) -> str:
        return self._session.get_bind().dialect.name


def _scan_limit(skip: int, limit: int) -> int:
    """How far one looks, for a page that begins after `skip` others."""
    return SCAN_FIRST * (skip // limit + 1)
