"""Scheduled tasks of all clubs: found by one indexed query a kind, claimed in small batches under a renewed lease."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, insert, literal, or_, select, tuple_, update

from bot.domain.club_settings import ClubSettings
from bot.domain.models import (
    AT_ONCE,
    Club,
    Edition,
    EditionState,
    Quarantine,
    ScheduledTask,
    Slot,
    SlotState,
    TaskKind,
    UtcDateTime,
)
from bot.store.base.transaction import BaseRepository

_TASKS: Any = ScheduledTask.__table__
_NOW: Any = bindparam("now", type_=UtcDateTime())
_DUE = and_(_TASKS.c.due_at <= _NOW, _TASKS.c.lease_until.is_(None))
_EXPIRED = _TASKS.c.lease_until < _NOW
_OF_KIND = _TASKS.c.kind == bindparam("kind")
_HELD = and_(_OF_KIND, _TASKS.c.lease_until.is_not(None), _TASKS.c.lease_until >= literal(AT_ONCE, UtcDateTime()))
"""Leased tasks; the lower bound, which all meet, makes SQLite search the few leases and not all tasks of a kind."""
_EXPIRED_OR_OWN = and_(_HELD, or_(_EXPIRED, _TASKS.c.owner == bindparam("me")))
_SOME = select(or_(
    select(_TASKS.c.club_id).where(_OF_KIND, _DUE).exists(),
    select(_TASKS.c.club_id).where(_EXPIRED_OR_OWN).exists(),
))  # fmt: skip
"""Asked by each loop at every look, so it is built once."""

_RELEASE = (
    update(_TASKS)
    .where(_TASKS.c.kind == bindparam("of_kind"), _TASKS.c.club_id == bindparam("of_club"))
    .where(_TASKS.c.owner == bindparam("me"), _TASKS.c.lease_until.is_not(None))
    .values(lease_until=None, due_at=func.coalesce(_TASKS.c.due_at, bindparam("next_due", type_=UtcDateTime())))
    .returning(_TASKS.c.due_at)
)


@dataclass(frozen=True, slots=True)
class TaskClaim:
    """A task that a process holds, and the language of its club's texts."""

    kind: TaskKind
    club_id: int
    language: str = field(default="en", compare=False)


class ScheduledTasks(BaseRepository):
    """Tasks of every club. A task that a dead process holds is free again when its lease ends."""

    async def may_have_due(self, kind: TaskKind, owner: str, now: datetime) -> bool:
        """True if there may be a task of a kind to claim. It locks nothing: most looks find nothing."""
        given = {"kind": kind, "now": now, "me": owner}
        return bool(await self._transaction.run_sync(lambda connection: connection.scalar(_SOME, given)))

    async def next_due(self, kind: TaskKind, owner: str, now: datetime) -> datetime | None:
        """Time at which the next task of a kind is due, or another process's lease on one ends unless it is renewed.

        None where nothing will by itself.
        """
        of_kind, leases = _TASKS.c.kind == kind, and_(_TASKS.c.lease_until.is_not(None), _TASKS.c.lease_until > now)
        due = select(func.min(_TASKS.c.due_at)).where(of_kind, _TASKS.c.due_at > now).scalar_subquery()
        left = select(func.min(_TASKS.c.lease_until)).where(of_kind, leases, _TASKS.c.owner != owner).scalar_subquery()
        times = (await self._session.execute(select(due, left))).one()
        return min((at for at in times if at), default=None)

    async def claim(
        self, kind: TaskKind, owner: str, now: datetime, lease: timedelta, *, except_clubs: Collection[int], limit: int
    ) -> Sequence[TaskClaim]:
        """Claim what is due, longest due first, but not of `except_clubs`.

        An owner may claim again what it holds but does not work on. Tasks of a paused club are put off until it is
        resumed, which wakes them; its members still get the notifications that they asked for. In a club in quarantine
        after a restore nothing is done until the quarantine ends, which wakes its tasks too.
        """
        free = [self._free(asked, except_clubs, limit) for asked in (and_(_OF_KIND, _DUE), _EXPIRED_OR_OWN)]
        given = {"kind": kind, "now": now, "me": owner}
        found = [row for asked in free for row in await self._session.execute(asked, given)][:limit]
        resting = [row.club_id for row in found if row.restored or (row.paused_at and kind != TaskKind.NEWS)]
        taken = [row for row in found if row.club_id not in resting]
        await self._set(kind, resting, owner="", lease_until=None, due_at=None)
        await self._set(kind, [row.club_id for row in taken], owner=owner, lease_until=now + lease, due_at=None)
        return [TaskClaim(kind, row.club_id, ClubSettings.of(row.settings).language) for row in taken]

    async def renew(self, owner: str, claims: Collection[TaskClaim], until: datetime) -> set[TaskClaim]:
        """Extend the leases of these claims. Returns those that are still held.

        Another process takes what was left too long. Rows that are locked are left for the next time: whoever never
        waits cannot deadlock.
        """
        keys = {(claim.kind, claim.club_id): claim for claim in claims}
        key = tuple_(_TASKS.c.kind, _TASKS.c.club_id)
        mine = (key.in_(list(keys)), _TASKS.c.owner == owner, _TASKS.c.lease_until.is_not(None))
        free = select(_TASKS.c.kind, _TASKS.c.club_id).where(*mine).with_for_update(skip_locked=True)
        await self._session.execute(update(_TASKS).where(key.in_(free)).values(lease_until=until))
        held = await self._session.execute(select(_TASKS.c.kind, _TASKS.c.club_id).where(*mine))
        return {keys[TaskKind(kind), club_id] for kind, club_id in held}

    async def release(self, claim: TaskClaim, owner: str, next_due: datetime | None) -> bool:
        """Release a task, which is due again at `next_due`, or when it is woken. True if it was woken meanwhile."""
        given = {"of_kind": claim.kind, "of_club": claim.club_id, "me": owner, "next_due": next_due}
        due_at: datetime | None = await self._transaction.run_sync(lambda to: to.execute(_RELEASE, given).scalar())
        return due_at == AT_ONCE

    async def free_all(self) -> int:
        """Release all tasks, whoever holds them: for a start on a database that only one process may use."""
        freed = await self._session.execute(
            update(_TASKS)
            .where(_TASKS.c.lease_until.is_not(None))
            .values(lease_until=AT_ONCE)
            .returning(_TASKS.c.club_id)
        )
        return len(freed.all())

    async def add_missing(self) -> None:
        """Add the tasks that clubs lack: a club that a program of an earlier release has made has none."""
        for kind in TaskKind:
            theirs = select(_TASKS.c.club_id).where(_TASKS.c.club_id == Club.id, _TASKS.c.kind == kind).exists()
            rows = select(Club.id, literal(kind, _TASKS.c.kind.type), literal(AT_ONCE, UtcDateTime())).where(~theirs)
            await self._session.execute(insert(_TASKS).from_select(["club_id", "kind", "due_at"], rows))

    async def wake_overlooked(self, now: datetime) -> None:
        """Wake what the rows of slots and editions ask for now, where the tasks do not know of it.

        A process of the release before, in a rolling upgrade, changes the rows alone.
        """
        resting = or_(Club.paused_at.is_not(None), Club.id.in_(select(Quarantine.club_id)))
        overdue = select(Slot.club_id).where(Slot.state == SlotState.DUE, Slot.due_at <= now)
        approved = select(Edition.club_id).where(Edition.state == EditionState.APPROVED)
        for kind, clubs in ((TaskKind.EDITION, overdue), (TaskKind.PUBLISH, approved)):
            idle = and_(_TASKS.c.lease_until.is_(None), or_(_TASKS.c.due_at.is_(None), _TASKS.c.due_at > now))
            active = clubs.where(clubs.selected_columns[0].not_in(select(Club.id).where(resting)))
            await self._session.execute(
                update(_TASKS).where(_TASKS.c.kind == kind, idle, _TASKS.c.club_id.in_(active)).values(due_at=AT_ONCE)
            )

    async def _set(self, kind: TaskKind, clubs: Sequence[int], **values: Any) -> None:
        if clubs:
            these = (_TASKS.c.kind == kind, _TASKS.c.club_id.in_(clubs))
            await self._session.execute(update(_TASKS).where(*these).values(**values))

    @staticmethod
    def _free(which: ColumnElement[bool], except_clubs: Collection[int], limit: int) -> Select[Any]:
        return (
            select(_TASKS.c.club_id, Club.paused_at, Club.settings, Quarantine.club_id.label("restored"))
            .join(Club, Club.id == _TASKS.c.club_id)
            .outerjoin(Quarantine, Quarantine.club_id == _TASKS.c.club_id)
            .where(which, _TASKS.c.club_id.not_in(list(except_clubs)))
            .order_by(_TASKS.c.due_at, _TASKS.c.club_id)
            .limit(limit)
            .with_for_update(of=_TASKS, skip_locked=True)
        )
