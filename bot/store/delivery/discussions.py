"""Discussions repository: the threads of submissions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from bot.domain.models import Discussion
from bot.store.base.statements import insert_if_absent
from bot.store.base.transaction import ClubRepository

_BY_SUBMISSION = (
    select(Discussion)
    .where(Discussion.club_id == bindparam("club"), Discussion.submission_id == bindparam("submission"))
    .order_by(Discussion.id)
)


class Discussions(ClubRepository):
    """Threads of submissions, at most one per submission and workspace."""

    async def by_submission(self, submission_id: int) -> Sequence[Discussion]:
        """Every thread of a submission, one a workspace at most."""
        return await self._all_of(_BY_SUBMISSION, submission=submission_id)

    async def by_thread(self, workspace_id: int, thread: str) -> Discussion | None:
        """The discussion that a thread of a platform is."""
        return await self._session.scalar(
            select(Discussion).where(
                Discussion.club_id == self._club_id,
                Discussion.workspace_id == workspace_id,
                Discussion.thread == thread,
            )
        )

    async def add_replies(self, workspace_id: int, thread: str, by: int) -> None:
        """Count replies in a thread: more of them, or (below zero) fewer."""
        await self._session.execute(
            update(Discussion)
            .where(Discussion.club_id == self._club_id, Discussion.workspace_id == workspace_id)
            .where(Discussion.thread == thread, Discussion.replies + by >= 0)
            .values(replies=Discussion.replies + by)
        )

    async def open(
        self, submission_id: int, workspace_id: int, room: str, thread: str, url: str, now: datetime
    ) -> tuple[Discussion, bool]:
        """Store a thread; if the workspace has one for this submission, that one stays.

        Returns the thread that is stored now, and True if it is this one.
        """
        values = {
            "club_id": self._club_id,
            "submission_id": submission_id,
            "workspace_id": workspace_id,
            "room": room,
            "thread": thread,
            "url": url,
            "replies": 0,
            "opened_at": now,
        }
        is_new = await insert_if_absent(self._session, Discussion, values)
        found = await self._session.scalars(
            select(Discussion)
            .where(Discussion.submission_id == submission_id, Discussion.workspace_id == workspace_id)
            .execution_options(populate_existing=True)
        )
        return found.unique().one(), is_new

    async def delete(self, workspace_id: int, thread: str) -> None:
        """A thread was deleted on its platform: the submission may have another one."""
        gone = await self.by_thread(workspace_id, thread)
        if gone is not None:
            await self._session.delete(gone)

    async def forget_room(self, workspace_id: int, room: str) -> None:
        """A channel cannot be used any more: the submissions discussed in it may have a thread elsewhere."""
        await self._session.execute(
            delete(Discussion).where(
                Discussion.club_id == self._club_id, Discussion.workspace_id == workspace_id, Discussion.room == room
            )
        )

    async def set_reply_counts(self, workspace_id: int, counts: Mapping[str, int]) -> list[int]:
        """Write down how many replies threads have; the submissions for which that is news."""
        found = await self._session.scalars(
            select(Discussion).where(
                Discussion.club_id == self._club_id,
                Discussion.workspace_id == workspace_id,
                Discussion.thread.in_(counts),
            )
        )
        changed = [d for d in found.unique() if d.replies != counts[d.thread]]
        for discussion in changed:
            discussion.replies = counts[discussion.thread]
        return [discussion.submission_id for discussion in changed]
