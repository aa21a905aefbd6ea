"""Sources of new papers: those that a club reads, and the work of reading them for all clubs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update

from bot.domain.models import Club, ClubSource, ShortlistRun, StreamAppearance, StreamSource
from bot.domain.stream.source_kinds import StreamSourceKind
from bot.store.base.statements import insert_if_absent
from bot.store.base.transaction import BaseRepository, ClubRepository


class ClubSources(ClubRepository):
    """Sources that a club reads."""

    async def all(self) -> Sequence[ClubSource]:
        """The club's sources, in the order in which they were added."""
        found = await self._session.scalars(
            select(ClubSource)
            .where(ClubSource.club_id == self._club_id)
            .order_by(ClubSource.at, ClubSource.source_id)
            .execution_options(populate_existing=True)
        )
        return found.unique().all()

    async def named(self, kind: StreamSourceKind, address: str) -> ClubSource | None:
        """A source of the club."""
        found = await self._session.scalars(
            select(ClubSource)
            .join(StreamSource, StreamSource.id == ClubSource.source_id)
            .where(ClubSource.club_id == self._club_id, StreamSource.kind == kind, StreamSource.address == address)
        )
        return found.unique().first()

    async def add(self, kind: StreamSourceKind, address: str, negative_words: Sequence[str], now: datetime) -> bool:
        """Read a source from now on; False if the club does so already."""
        values = {
            "kind": kind,
            "address": address,
            "position": "",
            "next_at": now,
            "failures": 0,
            "error": "",
            "last_count": 0,
            "last_title": "",
            "added_at": now,
        }
        await insert_if_absent(self._session, StreamSource, values)
        source = await self._session.scalar(
            select(StreamSource).where(StreamSource.kind == kind, StreamSource.address == address)
        )
        assert source is not None
        given = {
            "club_id": self._club_id,
            "source_id": source.id,
            "negative_words": list(negative_words),
            "at": now,
        }
        return await insert_if_absent(self._session, ClubSource, given)

    async def remove(self, subscribed: ClubSource) -> None:
        """Read a source no longer. What it announced stays for the other clubs."""
        await self._session.delete(subscribed)
        await self._session.flush()

    async def counts(self, since: datetime) -> dict[int, int]:
        """Number of entries of each of the club's sources that are new since a time; those without any are left out."""
        found = await self._session.execute(
            select(StreamAppearance.source_id, func.count())
            .join(ClubSource, ClubSource.source_id == StreamAppearance.source_id)
            .where(ClubSource.club_id == self._club_id, StreamAppearance.at >= since)
            .group_by(StreamAppearance.source_id)
        )
        return {source_id: count for source_id, count in found}  # noqa: C416  rows

    async def count_new(self, since: datetime, until: datetime) -> int:
        """Number of different entries that the club's sources announced between two times."""
        sources = select(ClubSource.source_id).where(ClubSource.club_id == self._club_id)
        statement = select(func.count(StreamAppearance.entry_id.distinct())).where(
            StreamAppearance.source_id.in_(sources), StreamAppearance.at >= since, StreamAppearance.at <= until
        )
        return await self._session.scalar(statement) or 0


class StreamReading(BaseRepository):
    """The work of reading sources: those that are due, and the results."""

    async def due(self, now: datetime) -> Sequence[StreamSource]:
        """Sources that are due and that a club which is not paused reads, the longest waiting first."""
        active = (
            select(ClubSource.source_id)
            .join(Club, Club.id == ClubSource.club_id)
            .where(ClubSource.source_id == StreamSource.id, Club.paused_at.is_(None))
        )
        found = await self._session.scalars(
            select(StreamSource)
            .where(StreamSource.next_at <= now, active.exists())
            .order_by(StreamSource.next_at, StreamSource.id)
        )
        return found.all()

    async def begin(self, source_ids: Collection[int], position: str, now: datetime) -> None:
        """Start a reading."""
        await self._set(source_ids, position=position, started_at=now, last_count=0)

    async def go_on(self, source_ids: Collection[int], position: str, error: str) -> None:
        """Record that a page was read; the reading goes on at `position`."""
        await self._set(source_ids, position=position, failures=0, failing_since=None, error=error)

    async def finish(self, source_ids: Collection[int], started_at: datetime, next_at: datetime, error: str) -> None:
        """Record that a reading is complete."""
        await self._set(
            source_ids,
            position="",
            started_at=None,
            read_until=started_at,
            next_at=next_at,
            failures=0,
            failing_since=None,
            error=error,
        )

    async def fail(self, source_ids: Collection[int], error: str, next_at: datetime, now: datetime) -> None:
        """Record a failure; the reading goes on at the same position later."""
        await self._session.execute(
            update(StreamSource)
            .where(StreamSource.id.in_(source_ids))
            .values(
                failures=StreamSource.failures + 1,
                failing_since=func.coalesce(StreamSource.failing_since, now),
                error=error,
                next_at=next_at,
            )
        )

    async def clubs(self) -> Sequence[int]:
        """Clubs that read sources."""
        return (await self._session.scalars(select(ClubSource.club_id).distinct().order_by(ClubSource.club_id))).all()

    async def mark_shortlists_stale(self, source_ids: Collection[int]) -> None:
        """Have the shortlists of the clubs that read these sources made again."""
        clubs = select(ClubSource.club_id).where(ClubSource.source_id.in_(source_ids))
        await self._session.execute(update(ShortlistRun).where(ShortlistRun.club_id.in_(clubs)).values(stale=True))

    async def remove_unused(self) -> None:
        """Remove the sources that no club reads and that no entry names any more."""
        used, named = select(ClubSource.source_id), select(StreamAppearance.source_id)
        await self._session.execute(
            delete(StreamSource).where(StreamSource.id.not_in(used), StreamSource.id.not_in(named))
        )

    async def _set(self, source_ids: Collection[int], **values: object) -> None:
        await self._session.execute(update(StreamSource).where(StreamSource.id.in_(source_ids)).values(**values))
