"""Reading lists of members, with their private notes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update

from bot.domain.models import ReadingListEntry, Submission
from bot.store.base.statements import insert_if_absent
from bot.store.base.transaction import ClubRepository


class ReadingList(ClubRepository):
    """Reading lists of members."""

    async def save(self, member_id: int, submission_id: int, now: datetime) -> bool:
        """Add a paper to a member's list; False if it is on it. A finished paper becomes unread again."""
        await self._session.execute(
            update(ReadingListEntry)
            .where(
                ReadingListEntry.member_id == member_id,
                ReadingListEntry.submission_id == submission_id,
                ReadingListEntry.done_at.is_not(None),
            )
            .values(done_at=None, at=now)
        )
        values = {"member_id": member_id, "submission_id": submission_id, "club_id": self._club_id, "at": now}
        return await insert_if_absent(self._session, ReadingListEntry, values)

    async def mark_done(self, member_id: int, submission_id: int, now: datetime) -> bool:
        """Mark a paper as read; False if it is not on the list or already read."""
        result = await self._session.execute(
            update(ReadingListEntry)
            .where(
                ReadingListEntry.member_id == member_id,
                ReadingListEntry.submission_id == submission_id,
                ReadingListEntry.done_at.is_(None),
            )
            .where(ReadingListEntry.club_id == self._club_id)
            .values(done_at=now)
            .returning(ReadingListEntry.submission_id)
        )
        return result.first() is not None

    async def is_done(self, member_id: int, submission_id: int) -> bool:
        """True if a member has marked a paper as read."""
        found = await self._session.scalar(
            select(ReadingListEntry.done_at).where(
                ReadingListEntry.member_id == member_id,
                ReadingListEntry.submission_id == submission_id,
                ReadingListEntry.club_id == self._club_id,
            )
        )
        return found is not None

    async def remove(self, member_id: int, submission_id: int) -> None:
        """Remove a paper from a member's list."""
        await self._session.execute(
            delete(ReadingListEntry).where(
                ReadingListEntry.member_id == member_id,
                ReadingListEntry.submission_id == submission_id,
                ReadingListEntry.club_id == self._club_id,
            )
        )

    async def set_note(self, member_id: int, submission_id: int, text: str, now: datetime) -> bool:
        """Set a member's note on a paper; empty deletes it. True if the paper was added to the list for it."""
        values = {"member_id": member_id, "submission_id": submission_id, "club_id": self._club_id, "at": now}
        inserted = bool(text) and await insert_if_absent(self._session, ReadingListEntry, values)
        entry = (
            ReadingListEntry.member_id == member_id,
            ReadingListEntry.submission_id == submission_id,
            ReadingListEntry.club_id == self._club_id,
        )
        await self._session.execute(update(ReadingListEntry).where(*entry).values(note=text))
        return inserted

    async def notes(self, member_id: int, submission_ids: Collection[int]) -> dict[int, str]:
        """A member's notes on these papers, by submission id."""
        found = await self._session.execute(
            select(ReadingListEntry.submission_id, ReadingListEntry.note)
            .where(
                ReadingListEntry.club_id == self._club_id,
                ReadingListEntry.member_id == member_id,
                ReadingListEntry.note != "",
            )
            .where(ReadingListEntry.submission_id.in_(submission_ids))
        )
        return dict(found.all())

    async def count(self, member_id: int) -> int:
        """Number of papers on a member's list that are not read."""
        unread = (
            ReadingListEntry.club_id == self._club_id,
            ReadingListEntry.member_id == member_id,
            ReadingListEntry.done_at.is_(None),
        )
        statement = (
            select(func.count())
            .select_from(ReadingListEntry)
            .join(Submission, Submission.id == ReadingListEntry.submission_id)
        )
        return await self._session.scalar(statement.where(*unread, Submission.merged_into_id.is_(None))) or 0

    async def papers(
        self, member_id: int, *, done: bool = False, skip: int = 0, limit: int = 10
    ) -> Sequence[Submission]:
        """Papers on a member's list, unread or read, latest first."""
        matching = ReadingListEntry.done_at.is_not(None) if done else ReadingListEntry.done_at.is_(None)
        found = await self._session.scalars(
            select(Submission)
            .join(ReadingListEntry, ReadingListEntry.submission_id == Submission.id)
            .where(ReadingListEntry.club_id == self._club_id, ReadingListEntry.member_id == member_id, matching)
            .where(Submission.merged_into_id.is_(None))
            .order_by(ReadingListEntry.at.desc())
            .offset(skip)
            .limit(limit)
        )
        return found.unique().all()
