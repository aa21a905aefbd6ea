"""Follows repository: topics, authors, words, people and papers that members follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, func, literal_column, select, tuple_, update

from bot.domain.follow_rules import FollowKey, FollowKind
from bot.domain.follow_updates import Frequency
from bot.domain.models import Follow, Paper, Submission
from bot.store.base.statements import insert_if_absent
from bot.store.base.task_triggers import OF_FOLLOW, wake
from bot.store.base.transaction import ClubRepository

NOTIFIED_BY_MESSAGE = Follow.how != literal_column("'home'")
"""Condition: notified by direct message, not only on the member's home. Must equal the index's condition literally."""
NOT_A_PAPER = Follow.kind != "paper"
"""Condition: a follow that a new paper can match."""
BATCH_SIZE = 500
"""Follows looked up in one query."""

_FOLLOWED_PAPERS = (
    select(Paper)
    .join(Submission, Submission.paper_id == Paper.id)
    .where(
        Submission.id.in_(select(Follow.submission_id).where(Follow.club_id == bindparam("club"), NOTIFIED_BY_MESSAGE))
    )
)


class Follows(ClubRepository):
    """Follows of members. Each member sees only their own."""

    async def add(
        self,
        member_id: int,
        kind: FollowKind,
        value: str,
        how: Frequency,
        now: datetime,
        *,
        submission_id: int | None = None,
        seen: dict[str, Any] | None = None,
    ) -> None:
        """Follow something, or change how to be notified of it. Anything older than `now` is no news."""
        values = {
            "member_id": member_id,
            "kind": kind,
            "key": value.casefold(),
            "club_id": self._club_id,
            "value": value,
            "how": how,
            "at": now,
            "submission_id": submission_id,
            "seen": seen or {},
        }
        await insert_if_absent(self._session, Follow, values, keys=("member_id", "kind", "key"))
        await self._transaction.run_sync(lambda connection: wake(connection, self._club_id, OF_FOLLOW))

    async def by_member(self, member_id: int) -> Sequence[Follow]:
        """A member's follows, oldest first."""
        found = await self._session.scalars(
            select(Follow)
            .where(Follow.club_id == self._club_id, Follow.member_id == member_id)
            .order_by(Follow.at, Follow.kind, Follow.key)
            .execution_options(populate_existing=True)
        )
        return found.all()

    async def count(self, member_id: int) -> int:
        """Number of a member's follows."""
        statement = select(func.count()).where(Follow.club_id == self._club_id, Follow.member_id == member_id)
        return await self._session.scalar(statement) or 0

    async def remove(self, member_id: int, kind: FollowKind, value: str) -> bool:
        """Unfollow something; False if the member did not follow it."""
        removed = await self._session.execute(
            delete(Follow)
            .where(Follow.club_id == self._club_id, Follow.member_id == member_id)
            .where(Follow.kind == kind, Follow.key == value.casefold())
            .returning(Follow.key)
        )
        return removed.first() is not None

    async def earliest(self) -> datetime | None:
        """Start of the earliest follow that is notified by direct message; None if there is none."""
        return await self._session.scalar(select(func.min(Follow.at)).where(*self._by_message, NOT_A_PAPER))

    async def subjects(self) -> list[FollowKey]:
        """Distinct follows that new papers are matched with."""
        found = await self._session.execute(
            select(Follow.kind, Follow.value).where(*self._by_message, NOT_A_PAPER).distinct()
        )
        return [(row.kind, row.value) for row in found]

    async def matching_members(self, follows: Sequence[FollowKey], at: datetime) -> dict[int, list[Frequency]]:
        """Members who followed any of these at a time, with the frequencies of their follows."""
        frequencies: dict[int, list[Frequency]] = {}
        for start in range(0, len(follows), BATCH_SIZE):
            keys = [(kind, value.casefold()) for kind, value in follows[start : start + BATCH_SIZE]]
            matching = tuple_(Follow.kind, Follow.key).in_(keys)
            statement = select(Follow.member_id, Follow.how).where(*self._by_message, matching, Follow.at <= at)
            for row in await self._session.execute(statement):
                frequencies.setdefault(row.member_id, []).append(row.how)
        return frequencies

    async def followed_papers(self) -> Sequence[Follow]:
        """Follows of papers that are notified by direct message."""
        found = await self._session.scalars(
            select(Follow)
            .where(*self._by_message, Follow.kind == "paper")
            .order_by(Follow.member_id, Follow.key)
            .execution_options(populate_existing=True)
        )
        return found.all()

    @property
    def _by_message(self) -> tuple[ColumnElement[bool], ...]:
        return (Follow.club_id == self._club_id, NOTIFIED_BY_MESSAGE)

    async def mark_seen(self, followed: Follow, seen: dict[str, Any]) -> None:
        """Store the state of a followed paper for which notifications were created."""
        same = (Follow.member_id == followed.member_id, Follow.kind == "paper", Follow.key == followed.key)
        await self._session.execute(update(Follow).where(*same).values(seen=seen))

    async def papers(self) -> Sequence[Paper]:
        """Papers that somebody follows with direct messages."""
        return await self._all_of(_FOLLOWED_PAPERS)
