"""What members follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, literal_column, select, tuple_, update

from bot.domain.following import Follow, Kind
from bot.domain.models import Followed, Paper, Submission
from bot.domain.news import How
from bot.store.base import put
from bot.store.block import Repository

ALOUD = Followed.how != literal_column("'home'")
"""What is told by direct message too; the rest waits on the member's home. Word for word what its index is of."""
ABOUT = Followed.kind != "paper"
"""What a new paper can fit."""
SOME = 500
"""Of so many things is asked at once who follows them."""


class Following(Repository):
    """The topics, authors, words, people and papers that members follow: only they see which."""

    async def add(
        self,
        member_id: int,
        kind: Kind,
        value: str,
        how: How,
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
        await put(self._session, Followed, values, keys=("member_id", "kind", "key"))

    async def of(self, member_id: int) -> Sequence[Followed]:
        """What a member follows, in the order in which they began to."""
        found = await self._session.scalars(
            select(Followed)
            .where(Followed.club_id == self._club_id, Followed.member_id == member_id)
            .order_by(Followed.at, Followed.kind, Followed.key)
            .execution_options(populate_existing=True)
        )
        return found.all()

    async def count(self, member_id: int) -> int:
        """How much a member follows."""
        mine = select(func.count()).where(Followed.club_id == self._club_id, Followed.member_id == member_id)
        return await self._session.scalar(mine) or 0

    async def end(self, member_id: int, kind: Kind, value: str) -> bool:
        """Have a member follow something no longer; False if they did not."""
        gone = await self._session.execute(
            delete(Followed)
            .where(Followed.club_id == self._club_id, Followed.member_id == member_id)
            .where(Followed.kind == kind, Followed.key == value.casefold())
            .returning(Followed.key)
        )
        return gone.first() is not None

    async def since(self) -> datetime | None:
        """Since when anybody wants to be told of new papers by direct message; None where nobody does."""
        return await self._session.scalar(select(func.min(Followed.at)).where(*self._aloud, ABOUT))

    async def subjects(self) -> list[Follow]:
        """What new papers are looked through for, each once however many follow it."""
        found = await self._session.execute(select(Followed.kind, Followed.value).where(*self._aloud, ABOUT).distinct())
        return [(row.kind, row.value) for row in found]

    async def fit(self, follows: Sequence[Follow], at: datetime) -> dict[int, list[How]]:
        """Who followed any of these when a paper was brought, and in which ways they want to be told."""
        theirs: dict[int, list[How]] = {}
        for some in range(0, len(follows), SOME):
            keys = [(kind, value.casefold()) for kind, value in follows[some : some + SOME]]
            of_these = tuple_(Followed.kind, Followed.key).in_(keys)
            question = select(Followed.member_id, Followed.how).where(*self._aloud, of_these, Followed.at <= at)
            for row in await self._session.execute(question):
                theirs.setdefault(row.member_id, []).append(row.how)
        return theirs

    async def watched(self) -> Sequence[Followed]:
        """The papers that members want to be told of by direct message."""
        found = await self._session.scalars(
            select(Followed)
            .where(*self._aloud, Followed.kind == "paper")
            .order_by(Followed.member_id, Followed.key)
            .execution_options(populate_existing=True)
        )
        return found.all()

    @property
    def _aloud(self) -> tuple[ColumnElement[bool], ...]:
        return (Followed.club_id == self._club_id, ALOUD)

    async def saw(self, followed: Followed, seen: dict[str, Any]) -> None:
        """Remember how a followed paper stood when its follower's news was written down."""
        same = (Followed.member_id == followed.member_id, Followed.kind == "paper", Followed.key == followed.key)
        await self._session.execute(update(Followed).where(*same).values(seen=seen))

    async def papers(self) -> Sequence[Paper]:
        """The papers that somebody wants to be told of, whatever becomes of them."""
        theirs = select(Followed.submission_id).where(Followed.club_id == self._club_id, ALOUD)
        found = await self._session.scalars(
            select(Paper).join(Submission, Submission.paper_id == Paper.id).where(Submission.id.in_(theirs))
        )
        return found.unique().all()
