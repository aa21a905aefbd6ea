"""Shortlists of a club: the current ranking, and what of it was posted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from bot.domain.models import EntryVerdict, PostedCandidate, ShortlistEntry, ShortlistPost, ShortlistRun, StreamEntry
from bot.store.base.statements import insert_if_absent
from bot.store.base.transaction import ClubRepository
from bot.store.stream.announcements import announced_to
from bot.store.stream.entries import shared_key


class Shortlists(ClubRepository):
    """The club's shortlist."""

    async def run(self) -> ShortlistRun | None:
        """The last ranking; None before the first."""
        found = await self._session.scalars(
            select(ShortlistRun).where(ShortlistRun.club_id == self._club_id).execution_options(populate_existing=True)
        )
        return found.first()

    async def replace(
        self, ranked: Sequence[tuple[int, float, Any]], *, considered: int, ranker: str, notice: str, now: datetime
    ) -> None:
        """Store a new ranking, best first: entry, score and reasons of each."""
        await self._session.execute(delete(ShortlistEntry).where(ShortlistEntry.club_id == self._club_id))
        rows = [
            {"club_id": self._club_id, "entry_id": entry_id, "place": place, "score": score, "reasons": reasons}
            for place, (entry_id, score, reasons) in enumerate(ranked, 1)
        ]
        if rows:
            await self._session.execute(insert(ShortlistEntry), rows)
        values = {
            "club_id": self._club_id,
            "at": now,
            "considered": considered,
            "ranker": ranker,
            "notice": notice,
            "stale": False,
        }
        await insert_if_absent(self._session, ShortlistRun, values, keys=("club_id",))

    async def mark_stale(self) -> None:
        """Have the ranking made again, since something it depends on has changed."""
        await self._session.execute(
            update(ShortlistRun).where(ShortlistRun.club_id == self._club_id).values(stale=True)
        )

    async def discard(self) -> None:
        """Have the ranking made again before it is shown next, since the club's sources or their words changed."""
        await self._session.execute(
            update(ShortlistRun).where(ShortlistRun.club_id == self._club_id).values(stale=True, considered=0)
        )

    async def entries(self) -> Sequence[ShortlistEntry]:
        """The entries of the current ranking of which moderators have said nothing since, best first.

        Those of sources that the club no longer reads are left out.
        """
        hidden = select(EntryVerdict.entry_id).where(EntryVerdict.club_id == self._club_id)
        found = await self._session.scalars(
            select(ShortlistEntry)
            .where(
                ShortlistEntry.club_id == self._club_id,
                ShortlistEntry.entry_id.not_in(hidden),
                announced_to(self._club_id, entry_id=ShortlistEntry.entry_id),
            )
            .order_by(ShortlistEntry.place)
        )
        return found.unique().all()

    async def posted_ids(self, among: Collection[int]) -> set[int]:
        """Ids of these entries that were posted."""
        found = await self._session.scalars(
            select(PostedCandidate.entry_id).where(
                PostedCandidate.club_id == self._club_id, PostedCandidate.entry_id.in_(among)
            )
        )
        return set(found)

    async def has_post(self, period: str) -> bool:
        """True if the shortlist of a day or week was posted."""
        found = select(ShortlistPost.id).where(ShortlistPost.club_id == self._club_id, ShortlistPost.period == period)
        return await self._session.scalar(found) is not None

    async def post(self, period: str, entries: Sequence[ShortlistEntry], now: datetime) -> ShortlistPost | None:
        """Record the post of a day or week with its entries; None if it was recorded before."""
        values = {"club_id": self._club_id, "period": period, "at": now}
        if not await insert_if_absent(self._session, ShortlistPost, values):
            return None
        post = (
            await self._session.scalars(
                select(ShortlistPost).where(ShortlistPost.club_id == self._club_id, ShortlistPost.period == period)
            )
        ).one()
        await self._session.execute(
            insert(PostedCandidate),
            [
                {
                    "club_id": self._club_id,
                    "entry_id": entry.entry_id,
                    "post_id": post.id,
                    "place": place,
                    "reasons": entry.reasons,
                }
                for place, entry in enumerate(entries, 1)
            ],
        )
        return post

    async def post_of(self, entry_id: int) -> int | None:
        """Id of the post that proposed an entry; None if none did."""
        found = select(PostedCandidate.post_id).where(
            PostedCandidate.club_id == self._club_id, PostedCandidate.entry_id == entry_id
        )
        return await self._session.scalar(found)

    async def post_with(self, paper_key: str) -> int | None:
        """Id of the post that proposed a paper of the club's list, given by its key; None if none did."""
        found = (
            select(PostedCandidate.post_id)
            .join(StreamEntry, StreamEntry.id == PostedCandidate.entry_id)
            .where(PostedCandidate.club_id == self._club_id, StreamEntry.key == shared_key(paper_key, self._club_id))
        )
        return await self._session.scalar(found)

    async def posted(self, post_id: int) -> Sequence[PostedCandidate]:
        """The entries of a post that are still stored, in order."""
        found = await self._session.scalars(
            select(PostedCandidate)
            .where(PostedCandidate.club_id == self._club_id, PostedCandidate.post_id == post_id)
            .order_by(PostedCandidate.place)
        )
        return found.unique().all()
