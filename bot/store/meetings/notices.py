"""Direct messages about meetings: written once a member, sent once, or recorded as not sent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict, Unpack

from sqlalchemy import ColumnElement, and_, delete, or_, select, tuple_, union, update

from bot.domain.models import (
    Account,
    AlertState,
    Club,
    Meeting,
    MeetingNotice,
    MeetingState,
    NoticeKind,
    Quarantine,
    Workspace,
)
from bot.store.base.statements import insert_if_absent
from bot.store.base.transaction import BaseRepository, ClubRepository

WAITING = MeetingNotice.state == AlertState.WAITING
NOTICE_KEY = (MeetingNotice.meeting_id, MeetingNotice.member_id, MeetingNotice.what, MeetingNotice.mark)
NO_SESSION_SYNC = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class NoticeKey:
    """Identity of a notice: it is sent at most once."""

    meeting_id: int
    member_id: int
    what: NoticeKind
    mark: str = ""


class NoticeValues(TypedDict, total=False):
    """Columns that a worker may set when it finishes a notice."""

    state: AlertState
    not_before: datetime
    told_at: datetime
    error: str


class MeetingNotices(ClubRepository):
    """Notices about one club's meetings."""

    async def known(self, meeting_ids: Collection[int]) -> set[NoticeKey]:
        """Notices of meetings, in any state."""
        found = await self._session.execute(
            select(*NOTICE_KEY).where(MeetingNotice.club_id == self._club_id, MeetingNotice.meeting_id.in_(meeting_ids))
        )
        return {NoticeKey(*row) for row in found}

    async def add(self, key: NoticeKey, now: datetime) -> bool:
        """Store a notice to be sent; False if it was stored before."""
        values = {
            "meeting_id": key.meeting_id,
            "member_id": key.member_id,
            "what": key.what,
            "mark": key.mark,
            "club_id": self._club_id,
            "state": AlertState.WAITING,
            "not_before": now,
            "attempts": 0,
            "owner": "",
            "error": "",
        }
        return await insert_if_absent(self._session, MeetingNotice, values)

    async def was_sent(self, meeting_id: int, member_id: int, what: NoticeKind) -> bool:
        """True if a member got a message of this kind about a meeting, or may have got one."""
        sent = await self._session.scalar(
            select(MeetingNotice.meeting_id)
            .where(MeetingNotice.club_id == self._club_id, MeetingNotice.meeting_id == meeting_id)
            .where(MeetingNotice.member_id == member_id, MeetingNotice.what == what)
            .where(MeetingNotice.state.in_((AlertState.SENT, AlertState.UNKNOWN)))
            .limit(1)
        )
        return sent is not None

    async def claim(self, key: NoticeKey, owner: str, now: datetime, lease: timedelta) -> int:
        """Claim a notice that is due. Returns the number of its attempts, 0 if another process has it."""
        claimed = (
            update(MeetingNotice)
            .where(*self._is(key), WAITING, MeetingNotice.not_before <= now)
            .values(
                state=AlertState.SENDING,
                owner=owner,
                lease_until=now + lease,
                attempts=MeetingNotice.attempts + 1,
            )
            .returning(MeetingNotice.attempts)
            .execution_options(**NO_SESSION_SYNC)
        )
        return await self._session.scalar(claimed) or 0

    async def settle(self, key: NoticeKey, owner: str, **values: Unpack[NoticeValues]) -> None:
        """Store the result of a claimed notice and release it."""
        await self._session.execute(
            update(MeetingNotice)
            .where(*self._is(key), MeetingNotice.state == AlertState.SENDING, MeetingNotice.owner == owner)
            .values(lease_until=None, **values)
            .execution_options(**NO_SESSION_SYNC)
        )

    def _is(self, key: NoticeKey) -> tuple[ColumnElement[bool], ...]:
        values = (key.meeting_id, key.member_id, key.what, key.mark)
        return (MeetingNotice.club_id == self._club_id, tuple_(*NOTICE_KEY).in_([values]))


class MeetingNoticeQueue(BaseRepository):
    """Notices of all clubs, for the notification worker."""

    async def clubs(self, now: datetime, soon: timedelta) -> Sequence[int]:
        """Clubs with a meeting soon or a notice to send; none that is paused or in quarantine after a restore."""
        starting = select(Meeting.club_id.label("id")).where(
            Meeting.state == MeetingState.PLANNED, Meeting.starts_at > now, Meeting.starts_at <= now + soon
        )
        waiting = select(MeetingNotice.club_id.label("id")).where(WAITING, MeetingNotice.not_before <= now)
        either = union(starting, waiting).subquery()
        found = await self._session.scalars(
            select(Club.id)
            .where(Club.id.in_(select(either.c.id)), Club.paused_at.is_(None))
            .where(Club.id.not_in(select(Quarantine.club_id)))
            .order_by(Club.id)
        )
        return found.all()

    async def due(self, club_id: int, now: datetime, platforms: Collection[str], *, limit: int) -> Sequence[NoticeKey]:
        """Due notices of members who can be reached, longest waiting first."""
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
            .where(Account.member_id == MeetingNotice.member_id, Account.platform.in_(platforms))
            .where(Workspace.left_at.is_(None))
            .exists()
        )
        found = await self._session.execute(
            select(*NOTICE_KEY)
            .where(MeetingNotice.club_id == club_id, WAITING, MeetingNotice.not_before <= now, reachable)
            .order_by(MeetingNotice.not_before, MeetingNotice.meeting_id, MeetingNotice.member_id)
            .limit(limit)
        )
        return [NoticeKey(*row) for row in found]

    async def clean_up(self, now: datetime, keep: timedelta) -> None:
        """Give up notices of a dead process, which may have arrived, and delete old ones of past meetings."""
        dead = and_(MeetingNotice.state == AlertState.SENDING, MeetingNotice.lease_until < now)
        await self._session.execute(
            update(MeetingNotice)
            .where(dead)
            .values(
                state=AlertState.UNKNOWN,
                told_at=now,
                lease_until=None,
                error="the program stopped while it was sending this",
            )
            .execution_options(**NO_SESSION_SYNC)
        )
        over = select(Meeting.id).where(Meeting.starts_at < now - keep)
        settled = or_(MeetingNotice.state != AlertState.SENDING, MeetingNotice.lease_until.is_(None))
        await self._session.execute(
            delete(MeetingNotice)
            .where(MeetingNotice.meeting_id.in_(over), MeetingNotice.not_before < now - keep, settled)
            .execution_options(**NO_SESSION_SYNC)
        )
