"""What members follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, literal_column, select, tuple_, update

from bot.domain.follow_rules import FollowKey, FollowKind
from bot.domain.follow_updates import Frequency
from bot.domain.models import Follow, Paper, Submission
from bot.store.base.statements import insert_if_absent
from bot.store.base.transaction import ClubRepository
from bot.store.base.wake_up import OF_FOLLOW, wake

NOTIFIED_BY_MESSAGE = Follow.how != literal_column("'home'")
"""What is told by direct message too; the rest waits on the member's home. Word for word what its index is of."""
ABOUT = Follow.kind != "paper"
"""What a new paper can fit."""
SOME = 500
"""Of so many things is asked at once who follows them."""


class Follows(ClubRepository):
    """The topics, authors, words, people and papers that members follow: only they see which."""

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
        """Have a member follow something, or be told of it in another way: what is older than this is no news."""
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
        await self._block.at_once(lambda connection: wake(connection, self._club_id, OF_FOLLOW))

    async def of(self, member_id: int) -> Sequence[Follow]:
        """What a member follows, in the order in which they began to."""
        found = await self._session.scalars(
            select(Follow)
            .where(Follow.club_id == self._club_id, Follow.member_id == member_id)
            .order_by(Follow.at, Follow.kind, Follow.key)
            .execution_options(populate_existing=True)
        )
        return found.all()

    async def count(self, member_id: int) -> int:
        """How much a member follows."""
        mine = select(func.count()).where(Follow.club_id == self._club_id, Follow.member_id == member_id)
        return await self._session.scalar(mine) or 0

    async def end(self, member_id: int, kind: FollowKind, value: str) -> bool:
        """Have a member follow something no longer; False if they did not."""
        gone = await self._session.execute(
            delete(Follow)
            .where(Follow.club_id == self._club_id, Follow.member_id == member_id)
            .where(Follow.kind == kind, Follow.key == value.casefold())
            .returning(Follow.key)
        )
        return gone.first() is not None

    async def since(self) -> datetime | None:
        """Since when anybody wants to be told of new papers by direct message; None where nobody does."""
        return await self._session.scalar(select(func.min(Follow.at)).where(*self._aloud, ABOUT))

    async def subjects(self) -> list[FollowKey]:
        """What new papers are looked through for, each once however many follow it."""
        found = await self._session.execute(select(Follow.kind, Follow.value).where(*self._aloud, ABOUT).distinct())
        return [(row.kind, row.value) for row in found]

    async def fit(self, follows: Sequence[FollowKey], at: datetime) -> dict[int, list[Frequency]]:
        """Who followed any of these when a paper was brought, and in which ways they want to be told."""
        theirs: dict[int, list[Frequency]] = {}
        for some in range(0, len(follows), SOME):
            keys = [(kind, value.casefold()) for kind, value in follows[some : some + SOME]]
            of_these = tuple_(Follow.kind, Follow.key).in_(keys)
            question = select(Follow.member_id, Follow.how).where(*self._aloud, of_these, Follow.at <= at)
            for row in await self._session.execute(question):
                theirs.setdefault(row.member_id, []).append(row.how)
        return theirs

    async def watched(self) -> Sequence[Follow]:
        """The papers that members want to be told of by direct message."""
        found = await self._session.scalars(
            select(Follow)
            .where(*self._aloud, Follow.kind == "paper")
            .order_by(Follow.member_id, Follow.key)
            .execution_options(populate_existing=True)
        )
        return found.all()

    @property
    def _aloud(self) -> tuple[ColumnElement[bool], ...]:
        return (Follow.club_id == self._club_id, NOTIFIED_BY_MESSAGE)

    async def mark_seen(self, followed: Follow, seen: dict[str, Any]) -> None:
        """Remember how a followed paper stood when its follower's news was written down."""
        same = (Follow.member_id == followed.member_id, Follow.kind == "paper", Follow.key == followed.key)
        await self._session.execute(update(Follow).where(*same).values(seen=seen))

    async def papers(self) -> Sequence[Paper]:
        """The papers that somebody wants to be told of, whatever becomes of them."""
        theirs = select(Follow.submission_id).where(Follow.club_id == self._club_id, NOTIFIED_BY_MESSAGE)
        found = await self._session.scalars(
            select(Paper).join(Submission, Submission.paper_id == Paper.id).where(Submission.id.in_(theirs))
        )
        return found.unique().all()
