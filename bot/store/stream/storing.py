"""Storing of what sources announced: each work once, whichever sources name it and under whichever key."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table as SqlTable
from sqlalchemy import and_, delete, false, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.chat.text import one_line
from bot.domain.models import (
    EntryVerdict,
    PostedCandidate,
    ShortlistEntry,
    StreamAppearance,
    StreamEntry,
    StreamSource,
)
from bot.domain.stream.items import MAX_ABSTRACT, StreamItem, fingerprint
from bot.store.base.search_folding import fold
from bot.store.base.transaction import BaseRepository

LATE = timedelta(days=14)
"""Age from which what a source names for the first time is old, and not late: the archive of a feed, not news."""
LEAST_POPULAR, POPULAR_FOR = 5, timedelta(days=730)
"""Votes elsewhere from which an entry stays longer, and for how long."""
CHUNK = 200
"""Items that are looked up by one statement, which may have some hundreds of values."""

ENTRIES: SqlTable = StreamEntry.__table__  # type: ignore[assignment] # a declared class has a Table
APPEARANCES: SqlTable = StreamAppearance.__table__  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class _Known:
    """An entry that is stored already."""

    id: int
    votes: int | None


class StreamStoring(BaseRepository):
    """Entries of all sources: stored, and deleted after a time."""

    async def store(
        self, sources: Sequence[StreamSource], items: Sequence[StreamItem], now: datetime, *, oldest: datetime
    ) -> int:
        """Store items of these sources, which were asked together. Returns the number that is new to any of them.

        The same items again change nothing but votes. What would count as older than `oldest` is left out, and so is a
        source that was removed while it was read.
        """
        there = await self._session.scalars(
            select(StreamSource.id).where(StreamSource.id.in_([source.id for source in sources]))
        )
        still = set(there)
        sources = [source for source in sources if source.id in still]
        if not sources:
            return 0
        items = [item for item in items if _listed(item, sources[0], now) >= oldest]
        new = 0
        for start in range(0, len(items), CHUNK):
            new += await self._store_chunk(sources, items[start : start + CHUNK], now)
        return new

    async def texts(self, since: datetime, *, limit: int) -> Sequence[tuple[str, str, Sequence[str]]]:
        """Title, abstract and categories of papers listed since a time, at most `limit`, spread evenly."""
        listed = StreamEntry.listed_at >= since, StreamEntry.abstract != ""
        number = await self._session.scalar(select(func.count()).select_from(StreamEntry).where(*listed)) or 0
        every = max(1, -(-number // max(1, limit)))
        found = await self._session.execute(
            select(StreamEntry.title, StreamEntry.abstract, StreamEntry.categories)
            .where(*listed, StreamEntry.id % every == 0)
            .order_by(StreamEntry.id)
            .limit(limit)
        )
        return [(title, abstract, tuple(categories)) for title, abstract, categories in found]

    async def _store_chunk(self, sources: Sequence[StreamSource], items: Sequence[StreamItem], now: datetime) -> int:
        unique = {item.key: item for item in items}
        known = await self._known(list(unique.values()))
        fresh = self._without_doubles([item for key, item in unique.items() if key not in known])
        if fresh:
            rows = [_row(item, sources[0], now) for item in fresh]
            await self._session.execute(self._insert(ENTRIES).on_conflict_do_nothing(), rows)
            known |= await self._known(fresh)
        for key, item in unique.items():
            found = known.get(key)
            if found and item.votes is not None and item.votes != found.votes:
                await self._session.execute(
                    update(StreamEntry).where(StreamEntry.id == found.id).values(hf_votes=item.votes)
                )
        seen = [
            (found, source, item)
            for item in unique.values()
            if (found := known.get(item.key))
            for source in sources
            if not item.addresses or source.address in item.addresses
        ]
        return await self._appear(seen, now)

    async def _appear(self, seen: Sequence[tuple[_Known, StreamSource, StreamItem]], now: datetime) -> int:
        """Record which source announced what. Returns the number that is new, and notes it at each source."""
        if not seen:
            return 0
        rows = {
            (found.id, source.id): {"entry_id": found.id, "source_id": source.id, "at": _listed(item, source, now)}
            for found, source, item in seen
        }
        ids = {source.id for _, source, _ in seen}
        stored = await self._session.execute(
            select(StreamAppearance.entry_id, StreamAppearance.source_id).where(
                StreamAppearance.entry_id.in_({found.id for found, _, _ in seen}), StreamAppearance.source_id.in_(ids)
            )
        )
        for row in stored:
            rows.pop((row.entry_id, row.source_id), None)
        if rows:
            await self._session.execute(self._insert(APPEARANCES).on_conflict_do_nothing(), list(rows.values()))
        await self._note(seen, rows, now)
        return len({entry_id for entry_id, _ in rows})

    async def _note(
        self,
        seen: Sequence[tuple[_Known, StreamSource, StreamItem]],
        rows: Mapping[tuple[int, int], object],
        now: datetime,
    ) -> None:
        """Note at each source how much came last, and the newest title."""
        for source in {source.id: source for _, source, _ in seen}.values():
            came = [item for found, other, item in seen if other.id == source.id and (found.id, source.id) in rows]
            if not came:
                continue
            newest = max(came, key=lambda item: item.published)
            await self._session.execute(
                update(StreamSource)
                .where(StreamSource.id == source.id)
                .values(
                    last_count=StreamSource.last_count + len(came),
                    last_new_at=now,
                    last_title=one_line(newest.title)[:300],
                )
            )

    async def _known(self, items: Sequence[StreamItem]) -> dict[str, _Known]:
        """The stored entries of these items, by the item's key: under the same key, DOI, or title and author."""
        keys = {item.key for item in items}
        dois = {item.doi for item in items if item.doi} | {
            item.key.removeprefix("doi:") for item in items if item.key.startswith("doi:")
        }
        prints = {mark for item in items if (mark := fingerprint(item.title, item.authors))}
        found = await self._session.execute(
            select(StreamEntry.id, StreamEntry.key, StreamEntry.doi, StreamEntry.fingerprint, StreamEntry.hf_votes)
            .where(
                or_(StreamEntry.key.in_(keys), StreamEntry.doi.in_(dois), StreamEntry.fingerprint.in_(prints)),
            )
            .order_by(StreamEntry.id.desc())
        )
        by_key, by_doi, by_print = dict[str, _Known](), dict[str, _Known](), dict[str, _Known]()
        for id, key, doi, mark, votes in found:
            entry = _Known(id, votes)
            by_key[key] = entry
            by_doi[doi or key.removeprefix("doi:")] = entry
            by_print[mark] = entry
        same = dict[str, _Known]()
        for item in items:
            mark, doi = fingerprint(item.title, item.authors), item.doi or item.key.removeprefix("doi:")
            entry_of = by_key.get(item.key) or by_doi.get(doi) or (by_print.get(mark) if mark else None)
            if entry_of:
                same[item.key] = entry_of
        return same

    def _insert(self, table: SqlTable) -> Any:
        return (postgresql if self._session.get_bind().dialect.name == "postgresql" else sqlite).insert(table)

    @staticmethod
    def _without_doubles(items: Sequence[StreamItem]) -> list[StreamItem]:
        """The items, each work once: of two under different keys the first."""
        seen, kept = set[str](), list[StreamItem]()
        for item in items:
            marks = {mark for mark in (fingerprint(item.title, item.authors), item.doi) if mark}
            if not marks & seen:
                kept.append(item)
            seen |= marks
        return kept

    async def clean_up(self, before: datetime, *, limit: int = 2_000) -> int:
        """Delete up to `limit` entries listed before a time of which no moderator said anything. Returns the number.

        What many people voted for elsewhere stays longer: the shortlist learns from it what many like.
        """
        judged = select(EntryVerdict.entry_id).where(EntryVerdict.entry_id == StreamEntry.id)
        is_popular = StreamEntry.hf_votes >= LEAST_POPULAR, StreamEntry.listed_at >= before - POPULAR_FOR
        old = select(StreamEntry.id).where(
            StreamEntry.listed_at < before, ~judged.exists(), ~func.coalesce(and_(*is_popular), false())
        )
        ids = (await self._session.scalars(old.order_by(StreamEntry.listed_at).limit(limit))).all()
        for start in range(0, len(ids), CHUNK):
            part = ids[start : start + CHUNK]
            for table in (ShortlistEntry, PostedCandidate, StreamAppearance):
                await self._session.execute(delete(table).where(table.entry_id.in_(part)))
            await self._session.execute(delete(StreamEntry).where(StreamEntry.id.in_(part)))
        return len(ids)


def _listed(item: StreamItem, source: StreamSource, now: datetime) -> datetime:
    """Time from which an item is new: now, but of a first reading, or of an archive, its own date."""
    published = min(item.published, now)
    return published if source.read_until is None or published < source.read_until - LATE else now


def _row(item: StreamItem, source: StreamSource, now: datetime) -> dict[str, Any]:
    title, abstract = one_line(item.title), one_line(item.abstract)[:MAX_ABSTRACT]
    authors = "\n".join(one_line(name) for name in item.stored_authors)
    return {
        "key": item.key,
        "kind": item.kind,
        "url": item.url,
        "title": title,
        "authors": authors,
        "abstract": abstract,
        "categories": list(item.categories),
        "doi": item.doi,
        "folded": _folded(f"{title} {authors} {abstract}"),
        "fingerprint": fingerprint(item.title, item.authors),
        "published_at": min(item.published, now),
        "listed_at": _listed(item, source, now),
        "hf_votes": item.votes,
    }


def _folded(text: str) -> str:
    """The words of a text that have accents, each once, without them."""
    return " ".join(dict.fromkeys(fold(word) for word in re.findall(r"\w+", text) if not word.isascii()))
