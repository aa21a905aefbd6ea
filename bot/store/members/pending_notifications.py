"""Notifications of members about followed papers and decisions: one row each, sent once, or recorded as not sent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, TypedDict, Unpack

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update

from bot.domain.follow_updates import Frequency
from bot.domain.models import (
    Account,
    Edition,
    EditionItem,
    EditionState,
    NotificationState,
    Paper,
    PendingNotification,
    Quarantine,
    Submission,
    Workspace,
)
from bot.store.base.statements import upsert
from bot.store.base.transaction import BaseRepository, ClubRepository

WAITING = PendingNotification.state == NotificationState.WAITING


class PendingNotificationValues(TypedDict, total=False):
    """Columns that a worker may set when it finishes notifications."""

    state: NotificationState
    not_before: datetime
    told_at: datetime
    error: str


class PendingNotifications(ClubRepository):
    """Notifications of one club's members."""

    # Creating notifications

    async def unprocessed(self, since: datetime, pending_before: datetime, *, limit: int) -> Sequence[Submission]:
        """Papers submitted since a time whose followers were not looked up yet, oldest first.

        A paper without details waits for them, unless it was submitted before `pending_before`.
        """
        known = or_(Paper.details_at.is_not(None), Submission.submitted_at < pending_before)
        found = await self._session.scalars(
            select(Submission)
            .join(Paper, Paper.id == Submission.paper_id)
            .where(Submission.club_id == self._club_id, Submission.follows_matched_at.is_(None))
            .where(Submission.submitted_at >= since, known)
            .order_by(Submission.submitted_at, Submission.id)
            .limit(limit)
        )
        return found.unique().all()

    async def mark_processed(self, submission_ids: Collection[int], before: datetime, now: datetime) -> None:
        """Record that followers were looked up: for these submissions, and for those older than the earliest follow."""
        either = or_(Submission.id.in_(submission_ids), Submission.submitted_at < before)
        await self._session.execute(
            update(Submission)
            .where(Submission.club_id == self._club_id, Submission.follows_matched_at.is_(None), either)
            .values(follows_matched_at=now)
            .execution_options(synchronize_session=False)
        )

    async def editions(self, submission_ids: Collection[int]) -> dict[int, int]:
        """Numbers of the published editions of these submissions."""
        found = await self._session.execute(
            select(EditionItem.submission_id, Edition.number)
            .join(Edition, Edition.id == EditionItem.edition_id)
            .where(EditionItem.club_id == self._club_id, Edition.state == EditionState.PUBLISHED)
            .where(EditionItem.submission_id.in_(submission_ids))
        )
        return dict(found.all())

    async def add(self, notifications: Sequence[dict[str, Any]]) -> None:
        """Store notifications, each a row for a member; existing ones stay unchanged."""
        defaults = {
            "club_id": self._club_id,
            "state": NotificationState.WAITING,
            "attempts": 0,
            "owner": "",
            "error": "",
        }
        rows = [defaults | values for values in notifications]
        if rows:
            dialect = self._session.get_bind().dialect.name
            await self._session.execute(upsert(dialect, PendingNotification, tuple(rows[0]), ()), rows)

    # Sending notifications

    async def claim(self, member_id: int, now: datetime, owner: str, lease: timedelta) -> Sequence[PendingNotification]:
        """Claim all due news of a member, whose row must be locked; decisions are claimed by `claim_decision`."""
        due = (
            PendingNotification.club_id == self._club_id,
            PendingNotification.member_id == member_id,
            PendingNotification.what != "decision",
            WAITING,
            PendingNotification.not_before <= now,
        )
        return await self._claim(due, member_id, now, owner, lease)

    async def claim_decision(
        self, member_id: int, now: datetime, owner: str, lease: timedelta
    ) -> PendingNotification | None:
        """Claim a member's oldest due message about a decision; None if there is none. Their row must be locked."""
        due = (
            PendingNotification.club_id == self._club_id,
            PendingNotification.member_id == member_id,
            PendingNotification.what == "decision",
            WAITING,
            PendingNotification.not_before <= now,
        )
        columns = PendingNotification.submission_id, PendingNotification.mark
        first = select(*columns).where(*due).order_by(PendingNotification.at, *columns).limit(1)
        oldest = (await self._session.execute(first)).first()
        if oldest is None:
            return None
        this = PendingNotification.submission_id == oldest.submission_id, PendingNotification.mark == oldest.mark
        return next(iter(await self._claim((*due, *this), member_id, now, owner, lease)), None)

    async def _claim(
        self, due: Sequence[ColumnElement[bool]], member_id: int, now: datetime, owner: str, lease: timedelta
    ) -> Sequence[PendingNotification]:
        """Claim those that are due; the owner has no other claim of that member."""
        await self._session.execute(
            update(PendingNotification)
            .where(*due)
            .values(
                state=NotificationState.SENDING,
                owner=owner,
                lease_until=now + lease,
                attempts=PendingNotification.attempts + 1,
            )
            .execution_options(synchronize_session=False)
        )
        found = await self._session.scalars(
            select(PendingNotification)
            .where(PendingNotification.club_id == self._club_id, PendingNotification.member_id == member_id)
            .where(PendingNotification.state == NotificationState.SENDING, PendingNotification.owner == owner)
            .order_by(PendingNotification.at.desc(), PendingNotification.submission_id, PendingNotification.what)
            .execution_options(populate_existing=True)
        )
        return found.all()

    async def settle(self, member_id: int, owner: str, **values: Unpack[PendingNotificationValues]) -> None:
        """Store the result of claimed notifications and release them."""
        await self._session.execute(
            update(PendingNotification)
            .where(PendingNotification.club_id == self._club_id, PendingNotification.member_id == member_id)
            .where(PendingNotification.state == NotificationState.SENDING, PendingNotification.owner == owner)
            .values(lease_until=None, **values)
            .execution_options(synchronize_session=False)
        )

    async def postpone(self, member_id: int, how: Frequency, until: datetime) -> None:
        """Postpone daily or weekly notifications to their next time."""
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
        """Time of the last notification by frequency, including those that may not have arrived."""
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
        """True if the member's last message since a time could not be delivered."""
        tried = (
            PendingNotification.club_id == self._club_id,
            PendingNotification.member_id == member_id,
            PendingNotification.told_at > since,
        )
        last = await self._session.scalar(
            select(PendingNotification.state).where(*tried).order_by(PendingNotification.told_at.desc()).limit(1)
        )
        return last == NotificationState.FAILED

    async def reachable_accounts(self, member_id: int, platforms: Collection[str]) -> Sequence[Account]:
        """Accounts by which a member can be reached: on these platforms, in active workspaces."""
        found = await self._session.scalars(
            select(Account)
            .join(Workspace, _account_workspace())
            .where(Account.club_id == self._club_id, Account.member_id == member_id)
            .where(Account.platform.in_(platforms), Workspace.left_at.is_(None))
            .order_by(Account.id)
        )
        return found.unique().all()


class NotificationQueue(BaseRepository):
    """Notifications of all clubs, for the notification worker."""

    async def due(self, now: datetime, platforms: Collection[str], *, limit: int) -> Sequence[tuple[int, int]]:
        """Clubs and members with due notifications who can be reached; none of a club in quarantine after a restore.

        In each club those who wait longest come first, and the clubs take turns.
        """
        since = func.min(PendingNotification.not_before)
        place = func.row_number().over(
            partition_by=PendingNotification.club_id, order_by=(since, PendingNotification.member_id)
        )
        found = await self._session.execute(
            select(PendingNotification.club_id, PendingNotification.member_id, place.label("place"))
            .join(Account, Account.member_id == PendingNotification.member_id)
            .join(Workspace, _account_workspace())
            .where(WAITING, PendingNotification.not_before <= now)
            .where(Account.platform.in_(platforms), Workspace.left_at.is_(None))
            .where(PendingNotification.club_id.not_in(select(Quarantine.club_id)))
            .group_by(PendingNotification.club_id, PendingNotification.member_id)
            .order_by("place", PendingNotification.club_id)
            .limit(limit)
        )
        return [(row.club_id, row.member_id) for row in found]

    async def clean_up(self, now: datetime, keep: timedelta) -> None:
        """Give up notifications of a dead process, which may have arrived, and delete old ones."""
        dead = and_(PendingNotification.state == NotificationState.SENDING, PendingNotification.lease_until < now)
        error = "the program stopped while it was telling this"
        await self._session.execute(
            update(PendingNotification)
            .where(dead)
            .values(state=NotificationState.UNKNOWN, told_at=now, lease_until=None, error=error)
            .execution_options(synchronize_session=False)
        )
        await self._session.execute(
            delete(PendingNotification)
            .where(PendingNotification.not_before < now - keep)
            .execution_options(synchronize_session=False)
        )


def _account_workspace() -> Any:
    """Join condition: the workspace in which an account was last seen."""
    return and_(
        Workspace.club_id == Account.club_id,
        Workspace.platform == Account.platform,
        Workspace.external_id == Account.workspace,
    )
