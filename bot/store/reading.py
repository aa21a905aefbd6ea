"""What members keep for later, with their own notes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update

from bot.domain.models import Saved, Submission
from bot.store.base import put
from bot.store.block import Repository


class ReadingList(Repository):
    """What members keep for later."""

    async def save(self, member_id: int, submission_id: int, now: datetime) -> bool:
        """Put a paper on a member's list; False if it is there. A finished one comes back."""
        await self._session.execute(
            update(Saved)
            .where(Saved.member_id == member_id, Saved.submission_id == submission_id, Saved.done_at.is_not(None))
            .values(done_at=None, at=now)
        )
        values = {"member_id": member_id, "submission_id": submission_id, "club_id": self._club_id, "at": now}
        return await put(self._session, Saved, values)

    async def done(self, member_id: int, submission_id: int, now: datetime) -> bool:
        """Tick a paper off; False if it is not on the list or ticked off already."""
        result = await self._session.execute(
            update(Saved)
            .where(Saved.member_id == member_id, Saved.submission_id == submission_id, Saved.done_at.is_(None))
            .where(Saved.club_id == self._club_id)
            .values(done_at=now)
            .returning(Saved.submission_id)
        )
        return result.first() is not None

    async def forget(self, member_id: int, submission_id: int) -> None:
        """Take a paper off a member's list without a trace."""
        await self._session.execute(
            delete(Saved).where(
                Saved.member_id == member_id, Saved.submission_id == submission_id, Saved.club_id == self._club_id
            )
        )

    async def note(self, member_id: int, submission_id: int, words: str, now: datetime) -> bool:
        """Keep a member's words on a paper, in place of those before; empty takes them away. Whether it is new there.

        A paper that is not on their list is put there, unless there is nothing to say of it.
        """
        values = {"member_id": member_id, "submission_id": submission_id, "club_id": self._club_id, "at": now}
        fresh = bool(words) and await put(self._session, Saved, values)
        theirs = (Saved.member_id == member_id, Saved.submission_id == submission_id, Saved.club_id == self._club_id)
        await self._session.execute(update(Saved).where(*theirs).values(note=words))
        return fresh

    async def notes(self, member_id: int, submission_ids: Collection[int]) -> dict[int, str]:
        """What a member noted on these papers, by their rows."""
        found = await self._session.execute(
            select(Saved.submission_id, Saved.note)
            .where(Saved.club_id == self._club_id, Saved.member_id == member_id, Saved.note != "")
            .where(Saved.submission_id.in_(submission_ids))
        )
        return dict(found.all())

    async def count(self, member_id: int) -> int:
        """How many papers a member still has to read."""
        unread = (Saved.club_id == self._club_id, Saved.member_id == member_id, Saved.done_at.is_(None))
        question = select(func.count()).select_from(Saved).join(Submission, Submission.id == Saved.submission_id)
        return await self._session.scalar(question.where(*unread, Submission.merged_into_id.is_(None))) or 0

    async def of(self, member_id: int, *, done: bool = False, skip: int = 0, limit: int = 10) -> Sequence[Submission]:
        """A member's list, latest first: what is still to read, or what is done."""
        ticked = Saved.done_at.is_not(None) if done else Saved.done_at.is_(None)
        found = await self._session.scalars(
            select(Submission)
            .join(Saved, Saved.submission_id == Submission.id)
            .where(Saved.club_id == self._club_id, Saved.member_id == member_id, ticked)
            .where(Submission.merged_into_id.is_(None))
            .order_by(Saved.at.desc())
            .offset(skip)
            .limit(limit)
        )
        return found.unique().all()
