"""The index by which similar papers are looked for: which entries have each of the words that tell them apart.

A row has the entries of one word in one segment of ids, as places within it, the newest last. The empty word has every
entry that is indexed, so that indexing goes on where it stopped. A full-text index does not serve here: PostgreSQL's
gives every entry with a word, in no order, and reads each.
"""

from __future__ import annotations

import sys
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from heapq import nlargest

from sqlalchemy import LargeBinary, Select, cast, delete, func, select
from sqlalchemy import Table as SqlTable
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.models import StreamEntry, StreamWord
from bot.store.base.transaction import BaseRepository

SEGMENT = 65_536
"""Ids of one segment: a place in it is a number of two bytes."""
EVERY_ENTRY = ""
"""The word that every indexed entry has."""
LONGEST_WORD = 40
MOST_WITH_WORD = 1_500
"""Entries with a word that are counted, the newest (to a segment)."""

_NEWEST = (
    select(StreamWord.segment, StreamWord.places)
    .where(StreamWord.word == EVERY_ENTRY)
    .order_by(StreamWord.segment.desc())
    .limit(1)
)
WORDS: SqlTable = StreamWord.__table__  # type: ignore[assignment] # a declared class has a Table


class StreamWordIndex(BaseRepository):
    """Indexes entries of all sources, in the order of their ids."""

    async def waiting(self, limit: int) -> Sequence[tuple[int, str, str]]:
        """Id, title and abstract of the oldest entries that are not indexed yet."""
        entries = select(StreamEntry.id, StreamEntry.title, StreamEntry.abstract)
        entries = entries.where(StreamEntry.id > await self._last(_NEWEST))
        rows = await self._session.execute(entries.order_by(StreamEntry.id).limit(limit))
        return [(id, title, abstract) for id, title, abstract in rows]

    async def add(self, words: Mapping[int, Iterable[str]]) -> None:
        """Index entries, given by id with their words; those that another process has indexed meanwhile stay so."""
        found: defaultdict[tuple[str, int], array[int]] = defaultdict(lambda: array("H"))
        last = await self._last(_NEWEST.with_for_update())
        for id in sorted(id for id in words if id > last):
            segment, place = divmod(id, SEGMENT)
            for word in {EVERY_ENTRY, *(word for word in words[id] if len(word) <= LONGEST_WORD)}:
                found[word, segment].append(place)
        if not found:
            return
        rows = [
            {"word": word, "segment": segment, "places": bytes_of(places)}
            for (word, segment), places in sorted(found.items())
        ]
        dialect = self._session.get_bind().dialect.name
        insert = (postgresql if dialect == "postgresql" else sqlite).insert(WORDS)
        longer = {"places": cast(WORDS.c.places.concat(insert.excluded.places), LargeBinary)}
        await self._session.execute(insert.on_conflict_do_update(index_elements=["word", "segment"], set_=longer), rows)

    async def _last(self, newest: Select[int, bytes]) -> int:
        if (row := (await self._session.execute(newest)).first()) is None:
            return -1
        segment, places = row
        return segment * SEGMENT + places_of(places)[-1]

    async def prune(self, before: datetime) -> int:
        """Forget the segments that end before the first entry that was listed since a time. Returns their number."""
        first = await self._session.scalar(select(func.min(StreamEntry.id)).where(StreamEntry.listed_at >= before))
        newest = await self._session.scalar(select(func.max(StreamWord.segment)))
        if first is None or newest is None:
            return 0
        gone = StreamWord.segment < min(first // SEGMENT, newest)
        old = (await self._session.scalars(select(StreamWord.segment).where(gone).distinct())).all()
        await self._session.execute(delete(StreamWord).where(gone))
        return len(old)


async def sharing_most(session: AsyncSession, words: Mapping[str, float], limit: int) -> list[int]:
    """Ids of the entries whose words weigh most together, newer ones first where it is the same."""
    before = func.sum(func.length(StreamWord.places)).over(
        partition_by=StreamWord.word, order_by=StreamWord.segment.desc()
    ) - func.length(StreamWord.places)
    rows = select(StreamWord.word, StreamWord.segment, StreamWord.places, before.label("before"))
    found = rows.where(StreamWord.word.in_([word for word in words if word != EVERY_ENTRY])).subquery()
    newest = select(found.c.word, found.c.segment, found.c.places).where(found.c.before < MOST_WITH_WORD * 2)
    shared: dict[int, float] = {}
    for word, segment, places in await session.execute(newest):
        weight, start = words[word], segment * SEGMENT
        for place in places_of(places)[-MOST_WITH_WORD:]:
            id = start + place
            shared[id] = shared.get(id, 0.0) + weight
    least = min(nlargest(limit, shared.values()), default=0.0)
    best = [id for id, weight in shared.items() if weight >= least]
    return sorted(best, key=lambda id: (-shared[id], -id))[:limit]


def places_of(stored: bytes) -> array[int]:
    """The places of a stored row."""
    places = array("H", stored)
    if sys.byteorder == "big":
        places.byteswap()
    return places


def bytes_of(places: array[int]) -> bytes:
    """The places as they are stored: two bytes each, the lower one first."""
    if sys.byteorder == "big":
        places = array("H", places)
        places.byteswap()
    return places.tobytes()
