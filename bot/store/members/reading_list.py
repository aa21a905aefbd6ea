"""What members keep for later, with their own notes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update

from bot.domain.models import ReadingListEntry, Submission
from bot.store.base.statements import insert_if_absent
from bot.store.base.transaction import ClubRepository


class ReadingList(ClubRepository):
    """What members keep for later."""

    async def save(self, member_id: int, submission_id: int, now: datetime) -> bool:
        """Put a paper on a member's list; False if it is there. A finished one comes back."""
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
        """Tick a paper off; False if it is not on the list or ticked off already."""
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

    async def remove(self, member_id: int, submission_id: int) -> None:
        """Take a paper off a member's list without a trace."""
        await self._session.execute(
            delete(ReadingListEntry).where(
                ReadingListEntry.member_id == member_id,
                ReadingListEntry.submission_id == submission_id,
                ReadingListEntry.club_id == self._club_id,
            )
        )

    async def set_note(self, member_id: int, submission_id: int, words: str, now: datetime) -> bool:
        """Keep a member's words on a paper, in place of those before; empty takes them away. Whether it is new there.

        A paper that is not on their list is put there, unless there is nothing to say of it.
        """
        values = {"member_id": member_id, "submission_id": submission_id, "club_id": self._club_id, "at": now}
        inserted = bool(words) and await insert_if_absent(self._session, ReadingListEntry, values)
        entry = (
            ReadingListEntry.member_id == member_id,
            ReadingListEntry.submission_id == submission_id,
            ReadingListEntry.club_id == self._club_id,
        )
        await self._session.execute(update(ReadingListEntry).where(*entry).values(note=words))
        return inserted

    async def notes(self, member_id: int, submission_ids: Collection[int]) -> dict[int, str]:
        """What a member noted on these papers, by their rows."""
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
        """How many papers a member still has to read."""
        unread = (
            ReadingListEntry.club_id == self._club_id,
            ReadingListEntry.member_id == member_id,
            ReadingListEntry.done_at.is_(None),
        )
        question = (
            select(func.count())
            .select_from(ReadingListEntry)
            .join(Submission, Submission.id == ReadingListEntry.submission_id)
        )
        return await self._session.scalar(question.where(*unread, Submission.merged_into_id.is_(None))) or 0

    async def papers(self, member_id: int, *, done: bool = False, skip: int = 0, limit: int = 10) -> Sequence[Submission]:
        """A member's list, latest first: what is still to read, or what is done."""
        ticked = ReadingListEntry.done_at.is_not(None) if done else ReadingListEntry.done_at.is_(None)
        found = await self._session.scalars(
            select(Submission)
            .join(ReadingListEntry, ReadingListEntry.submission_id == Submission.id)
            .where(ReadingListEntry.club_id == self._club_id, ReadingListEntry.member_id == member_id, ticked)
            .where(Submission.merged_into_id.is_(None))
            .order_by(ReadingListEntry.at.desc())
            .offset(skip)
            .limit(limit)
        )
        return found.unique().all()
