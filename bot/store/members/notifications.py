"""News that members asked to be told of: written down once for each, told once, or known not to have been."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, TypedDict, Unpack

from sqlalchemy import and_, delete, func, or_, select, update

from bot.domain.follow_updates import Frequency
from bot.domain.models import (
    Account,
    AlertState,
    Edition,
    EditionItem,
    EditionState,
    Paper,
    PendingNotification,
    Submission,
    Workspace,
)
from bot.store.base.statements import upsert
from bot.store.base.transaction import BaseRepository, ClubRepository

WAITING = PendingNotification.state == AlertState.WAITING


class AlertValues(TypedDict, total=False):
    """What may come of telling a member: columns of the news that was being told, and their new values."""

    state: AlertState
    not_before: datetime
    told_at: datetime
    error: str


class Notifications(ClubRepository):
    """What there is to tell the members of one club."""

    # What is news

    async def unprocessed(self, since: datetime, pending_before: datetime, *, limit: int) -> Sequence[Submission]:
        """Papers brought since then whose followers were not looked for yet, oldest first.

        One whose details are still to follow waits for them, unless it was brought before `pending_before`.
        """
        known = or_(Paper.details_at.is_not(None), Submission.submitted_at < pending_before)
        found = await self._session.scalars(
            select(Submission)
            .join(Paper, Paper.id == Submission.paper_id)
            .where(Submission.club_id == self._club_id, Submission.told_at.is_(None))
            .where(Submission.submitted_at >= since, known)
            .order_by(Submission.submitted_at, Submission.id)
            .limit(limit)
        )
        return found.unique().all()

    async def mark_processed(self, submission_ids: Collection[int], before: datetime, now: datetime) -> None:
        """Remember that followers were looked for: of these, and of all that was brought before somebody followed."""
        either = or_(Submission.id.in_(submission_ids), Submission.submitted_at < before)
        await self._session.execute(
            update(Submission)
            .where(Submission.club_id == self._club_id, Submission.told_at.is_(None), either)
            .values(told_at=now)
            .execution_options(synchronize_session=False)
        )

    async def editions(self, submission_ids: Collection[int]) -> dict[int, int]:
        """In which published edition each of these is, by its number."""
        found = await self._session.execute(
            select(EditionItem.submission_id, Edition.number)
            .join(Edition, Edition.id == EditionItem.edition_id)
            .where(EditionItem.club_id == self._club_id, Edition.state == EditionState.PUBLISHED)
            .where(EditionItem.submission_id.in_(submission_ids))
        )
        return dict(found.all())

    async def add(self, news: Sequence[dict[str, Any]]) -> None:
        """Write down pieces of news, each for a member; what is there already stays."""
        fresh = {"club_id": self._club_id, "state": AlertState.WAITING, "attempts": 0, "owner": "", "error": ""}
        rows = [fresh | one for one in news]
        if rows:
            dialect = self._session.get_bind().dialect.name
            await self._session.execute(upsert(dialect, PendingNotification, tuple(rows[0]), ()), rows)

    # Telling it

    async def claim(self, member_id: int, now: datetime, owner: str, lease: timedelta) -> Sequence[PendingNotification]:
        """Take all that it is time to tell a member. Their row must be held, so that only one process does."""
        due = (
            PendingNotification.club_id == self._club_id,
            PendingNotification.member_id == member_id,
            WAITING,
            PendingNotification.not_before <= now,
        )
        await self._session.execute(
            update(PendingNotification)
            .where(*due)
            .values(
                state=AlertState.SENDING,
                owner=owner,
                lease_until=now + lease,
                attempts=PendingNotification.attempts + 1,
            )
            .execution_options(synchronize_session=False)
        )
        found = await self._session.scalars(
            select(PendingNotification)
            .where(PendingNotification.club_id == self._club_id, PendingNotification.member_id == member_id)
            .where(PendingNotification.state == AlertState.SENDING, PendingNotification.owner == owner)
            .order_by(PendingNotification.at.desc(), PendingNotification.submission_id, PendingNotification.what)
            .execution_options(populate_existing=True)
        )
        return found.all()

    async def settle(self, member_id: int, owner: str, **values: Unpack[AlertValues]) -> None:
        """Write down what came of what a process took, and let it go."""
        await self._session.execute(
            update(PendingNotification)
            .where(PendingNotification.club_id == self._club_id, PendingNotification.member_id == member_id)
            .where(PendingNotification.state == AlertState.SENDING, PendingNotification.owner == owner)
            .values(lease_until=None, **values)
            .execution_options(synchronize_session=False)
        )

    async def put_off(self, member_id: int, how: Frequency, until: datetime) -> None:
        """Let what is told by the day or the week wait for its next time."""
        waiting = (
            PendingNotification.club_id == self._club_id,
            PendingNotification.member_id == member_id,
            WAITING,
            PendingNotification.how == how,
        )
        await self._session.execute(
            update(PendingNotification)
            .where(*waiting, PendingNotification.not_before < until)
            .values(not_before=until)
            .execution_options(synchronize_session=False)
        )

    async def last_sent(self, member_id: int) -> dict[Frequency, datetime]:
        """When a member was last told something by the day, and by the week; or perhaps was."""
        found = await self._session.execute(
            select(PendingNotification.how, func.max(PendingNotification.told_at).label("last"))
            .where(
                PendingNotification.club_id == self._club_id,
                PendingNotification.member_id == member_id,
                PendingNotification.told_at.is_not(None),
            )
            .group_by(PendingNotification.how)
        )
        return {row.how: row.last for row in found if row.last}

    async def refused(self, member_id: int, since: datetime) -> bool:
        """Whether a member took no message when they were last written to since then."""
        tried = (
            PendingNotification.club_id == self._club_id,
            PendingNotification.member_id == member_id,
            PendingNotification.told_at > since,
        )
        last = await self._session.scalar(
            select(PendingNotification.state).where(*tried).order_by(PendingNotification.told_at.desc()).limit(1)
        )
        return last == AlertState.FAILED

    async def reachable_accounts(self, member_id: int, platforms: Collection[str]) -> Sequence[Account]:
        """The accounts by which a member can be reached: on these platforms, in workspaces that we are in."""
        found = await self._session.scalars(
            select(Account)
            .join(Workspace, _its_workspace())
            .where(Account.club_id == self._club_id, Account.member_id == member_id)
            .where(Account.platform.in_(platforms), Workspace.left_at.is_(None))
            .order_by(Account.id)
        )
        return found.unique().all()


class NotificationQueue(BaseRepository):
    """The news of every club, as who tells it sees them."""

    async def due(self, now: datetime, platforms: Collection[str], *, limit: int) -> Sequence[tuple[int, int]]:
        """Clubs and members for whom there is something to tell now and who can be reached.

        Those who wait longest come first in their club, and the clubs take turns.
        """
        since = func.min(PendingNotification.not_before)
        place = func.row_number().over(
            partition_by=PendingNotification.club_id, order_by=(since, PendingNotification.member_id)
        )
        found = await self._session.execute(
            select(PendingNotification.club_id, PendingNotification.member_id, place.label("place"))
            .join(Account, Account.member_id == PendingNotification.member_id)
            .join(Workspace, _its_workspace())
            .where(WAITING, PendingNotification.not_before <= now)
            .where(Account.platform.in_(platforms), Workspace.left_at.is_(None))
            .group_by(PendingNotification.club_id, PendingNotification.member_id)
            .order_by("place", PendingNotification.club_id)
            .limit(limit)
        )
        return [(row.club_id, row.member_id) for row in found]

    async def tidy(self, now: datetime, keep: timedelta) -> None:
        """Give up what a dead process was telling, which may have arrived; forget what is long past."""
        dead = and_(PendingNotification.state == AlertState.SENDING, PendingNotification.lease_until < now)
        error = "the program stopped while it was telling this"
        await self._session.execute(
            update(PendingNotification)
            .where(dead)
            .values(state=AlertState.UNKNOWN, told_at=now, lease_until=None, error=error)
            .execution_options(synchronize_session=False)
        )
        await self._session.execute(
            delete(PendingNotification)
            .where(PendingNotification.not_before < now - keep)
            .execution_options(synchronize_session=False)
        )


def _its_workspace() -> Any:
    """Where an account was last seen."""
    return and_(
        Workspace.club_id == Account.club_id,
        Workspace.platform == Account.platform,
        Workspace.external_id == Account.workspace,
    )
