"""Direct messages about meetings: written once a member, sent once, or recorded as not sent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict, Unpack

from sqlalchemy import ColumnElement, and_, delete, or_, select, tuple_, union, update

from bot.domain.models import (
    Account,
    Club,
    Meeting,
    MeetingNotification,
    MeetingNotificationKind,
    MeetingState,
    NotificationState,
    Quarantine,
    Workspace,
)
from bot.store.base.statements import insert_if_absent
from bot.store.base.transaction import BaseRepository, ClubRepository

WAITING = MeetingNotification.state == NotificationState.WAITING
KEY = (
    MeetingNotification.meeting_id,
    MeetingNotification.member_id,
    MeetingNotification.what,
    MeetingNotification.mark,
)
NO_SESSION_SYNC = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class NotificationKey:
    """Identity of a notification: it is sent at most once."""

    meeting_id: int
    member_id: int
    what: MeetingNotificationKind
    mark: str = ""


class NotificationValues(TypedDict, total=False):
    """Columns that a worker may set when it finishes a notification."""

    state: NotificationState
    not_before: datetime
    told_at: datetime
    error: str


class MeetingNotifications(ClubRepository):
    """Notifications about one club's meetings."""

    async def known(self, meeting_ids: Collection[int]) -> set[NotificationKey]:
        """Notifications of meetings, in any state."""
        found = await self._session.execute(
            select(*KEY).where(
                MeetingNotification.club_id == self._club_id, MeetingNotification.meeting_id.in_(meeting_ids)
            )
        )
        return {NotificationKey(*row) for row in found}

    async def add(self, key: NotificationKey, now: datetime) -> bool:
        """Store a notification to be sent; False if it was stored before."""
        values = {
            "meeting_id": key.meeting_id,
            "member_id": key.member_id,
            "what": key.what,
            "mark": key.mark,
            "club_id": self._club_id,
            "state": NotificationState.WAITING,
            "not_before": now,
            "attempts": 0,
            "owner": "",
            "error": "",
        }
        return await insert_if_absent(self._session, MeetingNotification, values)

    async def was_sent(self, meeting_id: int, member_id: int, what: MeetingNotificationKind) -> bool:
        """True if a member got a message of this kind about a meeting, or may have got one."""
        sent = await self._session.scalar(
            select(MeetingNotification.meeting_id)
            .where(MeetingNotification.club_id == self._club_id, MeetingNotification.meeting_id == meeting_id)
            .where(MeetingNotification.member_id == member_id, MeetingNotification.what == what)
            .where(MeetingNotification.state.in_((NotificationState.SENT, NotificationState.UNKNOWN)))
            .limit(1)
        )
        return sent is not None

    async def claim(self, key: NotificationKey, owner: str, now: datetime, lease: timedelta) -> int:
        """Claim a notification that is due. Returns the number of its attempts, 0 if another process has it."""
        claimed = (
            update(MeetingNotification)
            .where(*self._is(key), WAITING, MeetingNotification.not_before <= now)
            .values(
                state=NotificationState.SENDING,
                owner=owner,
                lease_until=now + lease,
                attempts=MeetingNotification.attempts + 1,
            )
            .returning(MeetingNotification.attempts)
            .execution_options(**NO_SESSION_SYNC)
        )
        return await self._session.scalar(claimed) or 0

    async def settle(self, key: NotificationKey, owner: str, **values: Unpack[NotificationValues]) -> None:
        """Store the result of a claimed notification and release it."""
        await self._session.execute(
            update(MeetingNotification)
            .where(
                *self._is(key),
                MeetingNotification.state == NotificationState.SENDING,
                MeetingNotification.owner == owner,
            )
            .values(lease_until=None, **values)
            .execution_options(**NO_SESSION_SYNC)
        )

    def _is(self, key: NotificationKey) -> tuple[ColumnElement[bool], ...]:
        values = (key.meeting_id, key.member_id, key.what, key.mark)
        return (MeetingNotification.club_id == self._club_id, tuple_(*KEY).in_([values]))


class MeetingNotificationQueue(BaseRepository):
    """Notifications of all clubs, for the notification worker."""

    async def clubs(self, now: datetime, soon: timedelta) -> Sequence[int]:
        """Clubs with a meeting soon or a notification to send; none that is paused or in quarantine after a restore."""
        starting = select(Meeting.club_id.label("id")).where(
            Meeting.state == MeetingState.PLANNED, Meeting.starts_at > now, Meeting.starts_at <= now + soon
        )
        waiting = select(MeetingNotification.club_id.label("id")).where(WAITING, MeetingNotification.not_before <= now)
        either = union(starting, waiting).subquery()
        found = await self._session.scalars(
            select(Club.id)
            .where(Club.id.in_(select(either.c.id)), Club.paused_at.is_(None))
            .where(Club.id.not_in(select(Quarantine.club_id)))
            .order_by(Club.id)
        )
        return found.all()

    async def due(
        self, club_id: int, now: datetime, platforms: Collection[str], *, limit: int
    ) -> Sequence[NotificationKey]:
        """Due notifications of members who can be reached, longest waiting first."""
        reachable = (
            select(Account.id)
            .join(
                Workspace,
                and_(
                    Workspace.club_id == Account.club_id,
                    Workspace.platform == Account.platform,
                    Workspace.external_id == Account.workspace,
                ),
            )
            .where(Account.member_id == MeetingNotification.member_id, Account.platform.in_(platforms))
            .where(Workspace.left_at.is_(None))
            .exists()
        )
        found = await self._session.execute(
            select(*KEY)
            .where(MeetingNotification.club_id == club_id, WAITING, MeetingNotification.not_before <= now, reachable)
            .order_by(MeetingNotification.not_before, MeetingNotification.meeting_id, MeetingNotification.member_id)
            .limit(limit)
        )
        return [NotificationKey(*row) for row in found]

    async def clean_up(self, now: datetime, keep: timedelta) -> None:
        """Give up notifications of a dead process, which may have arrived, and delete old ones of past meetings."""
        dead = and_(MeetingNotification.state == NotificationState.SENDING, MeetingNotification.lease_until < now)
        await self._session.execute(
            update(MeetingNotification)
            .where(dead)
            .values(
                state=NotificationState.UNKNOWN,
                told_at=now,
                lease_until=None,
                error="the program stopped while it was sending this",
            )
            .execution_options(**NO_SESSION_SYNC)
        )
        over = select(Meeting.id).where(Meeting.starts_at < now - keep)
        settled = or_(MeetingNotification.state != NotificationState.SENDING, MeetingNotification.lease_until.is_(None))
        await self._session.execute(
            delete(MeetingNotification)
            .where(MeetingNotification.meeting_id.in_(over), MeetingNotification.not_before < now - keep, settled)
            .execution_options(**NO_SESSION_SYNC)
        )
