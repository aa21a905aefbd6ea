"""Claims of the delivery workers, over all clubs: one delivery per room, and none that another process holds.

A claim is a lease: if its process dies, the lease expires and `release_expired` ends it. On PostgreSQL locked rows are
skipped, so that claiming never waits and cannot deadlock with votes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ColumnExpressionArgument,
    Exists,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import ReturningUpdate

from bot.domain.models import (
    PENDING,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Quarantine,
    Room,
    UtcDateTime,
    Workspace,
)
from bot.store.base.transaction import BaseRepository

READY = Delivery.state == DeliveryState.READY
UNKNOWN_OUTCOME = Delivery.state == DeliveryState.UNKNOWN
UNSENT_STATES = (DeliveryState.READY, DeliveryState.SENDING)
FAILED = Delivery.state == DeliveryState.FAILED
PROBE = and_(FAILED, Room.active, Room.trouble != "")
"""A failed post in a channel that could not be used: trying it again shows whether the channel can be used now."""
ALLOWED = or_(Delivery.club_id.not_in(select(Quarantine.club_id)), Delivery.kind == DeliveryKind.RESTORED)
"""Of a club in quarantine only the question about the quarantine is posted."""
STALE = and_(Delivery.state == DeliveryState.SENT, Delivery.stale)

_NOW: Any = bindparam("now", type_=UtcDateTime())
_IN_ROOM = select(Delivery.id).join(Room, Delivery.room_id == Room.id)


class DueKind(StrEnum):
    """Kinds of work of a delivery worker, each with a claim of its own."""

    READY = "ready"
    PROBE = "probe"
    UNKNOWN = "unknown"
    STALE = "stale"
    EXPIRED = "expired"


_DUE: dict[DueKind, ColumnElement[bool]] = {
    DueKind.READY: select(Delivery.id).where(Delivery.not_before <= _NOW, READY).exists(),
    DueKind.PROBE: _IN_ROOM.where(Delivery.not_before <= _NOW, PROBE).exists(),
    DueKind.UNKNOWN: select(Delivery.id).where(Delivery.not_before <= _NOW, UNKNOWN_OUTCOME).exists(),
    DueKind.STALE: _IN_ROOM.where(Delivery.not_before <= _NOW, STALE, Room.trouble == "").exists(),
    DueKind.EXPIRED: select(Delivery.id).where(Delivery.lease_until < _NOW).exists(),
}
DUE_KINDS = select(*(condition.label(kind) for kind, condition in _DUE.items()))
"""Query run after every request, so it is built once, like the queries below."""

MAX_ROOMS = 50
"""Rooms served in one round, at most."""


def _first_per_room(
    *conditions: ColumnExpressionArgument[bool], order: Sequence[ColumnExpressionArgument[Any]] = (Delivery.id,)
) -> Select[int]:
    """Ids of the first matching delivery of each reachable room; parameters `platforms`, `busy_rooms`, `now`."""
    platforms: Any = bindparam("platforms", expanding=True)
    busy_rooms: Any = bindparam("busy_rooms", expanding=True)
    place = func.row_number().over(partition_by=Delivery.room_id, order_by=order)
    due = (
        select(Delivery.id, place.label("place"))
        .join(Room, Delivery.room_id == Room.id)
        .join(Workspace, Room.workspace_id == Workspace.id)
        .where(Workspace.platform.in_(platforms), Workspace.left_at.is_(None), Room.id.not_in(busy_rooms), ALLOWED)
        .where(Delivery.not_before <= _NOW, *conditions)
        .subquery()
    )
    return select(due.c.id).where(due.c.place == 1).order_by(due.c.id).limit(MAX_ROOMS)


def _waits_for_earlier_part() -> Exists:
    """Condition: an earlier part of the same post is not posted yet.

    A part of unknown outcome delays only the replies in its thread: it may be posted, and settling it may need a
    person.
    """
    earlier = aliased(Delivery)
    header = and_(Delivery.in_thread, earlier.part == 0, earlier.state.in_(PENDING))
    to_come = and_(earlier.state.in_(UNSENT_STATES), earlier.reposted_at.is_(None))
    return (
        select(earlier.id)
        .where(earlier.club_id == Delivery.club_id, earlier.kind == Delivery.kind)
        .where(earlier.subject_id == Delivery.subject_id, earlier.room_id == Delivery.room_id)
        .where(earlier.part < Delivery.part, or_(to_come, header))
        .exists()
    )


NOT_CLAIMED = Delivery.lease_until.is_(None)
READY_POSTS = _first_per_room(READY, Room.active, ~_waits_for_earlier_part())
UNKNOWN_POSTS = _first_per_room(UNKNOWN_OUTCOME, or_(NOT_CLAIMED, Delivery.lease_until < _NOW))
PROBES = _first_per_room(PROBE)
STALE_POSTS = _first_per_room(
    STALE, NOT_CLAIMED, Delivery.message != "", Room.trouble == "", order=(Delivery.not_before, Delivery.id)
)
EXPIRED_SENDING, EXPIRED_REDRAWS = (
    select(Delivery.id).where(Delivery.state == s, Delivery.lease_until < _NOW)
    for s in (DeliveryState.SENDING, DeliveryState.SENT)
)


def _update_unlocked(still: ColumnElement[bool], **values: Any) -> ReturningUpdate[int]:
    """Change those deliveries of the parameter `ids` that are still so and not locked, and return their ids."""
    asked = Delivery.id.in_(bindparam("ids", expanding=True))
    free = select(Delivery.id).where(asked, still).order_by(Delivery.id).with_for_update(skip_locked=True)
    changed = update(Delivery).where(Delivery.id.in_(free), still).values(**values).returning(Delivery.id)
    return changed.execution_options(synchronize_session=False)


_CLAIM = {"owner": bindparam("by"), "lease_until": bindparam("until", type_=UtcDateTime())}
_SEND = {
    **_CLAIM,
    "state": DeliveryState.SENDING,
    "attempts": Delivery.attempts + 1,
    "first_tried_at": func.coalesce(Delivery.first_tried_at, _NOW),
    "last_tried_at": _NOW,
}
TAKE_READY, TAKE_PROBES = _update_unlocked(READY, **_SEND), _update_unlocked(FAILED, **_SEND)
TAKE_UNKNOWN = _update_unlocked(and_(UNKNOWN_OUTCOME, or_(NOT_CLAIMED, Delivery.lease_until < _NOW)), **_CLAIM)
TAKE_STALE = _update_unlocked(STALE, **_CLAIM, stale=False)
RELEASE_SENDING = _update_unlocked(
    and_(Delivery.state == DeliveryState.SENDING, Delivery.lease_until < _NOW),
    state=DeliveryState.UNKNOWN,
    had_unknown=True,
    error="the program stopped while it was posting this",
    lease_until=None,
    looks=0,
)
RELEASE_REDRAWS = _update_unlocked(
    and_(Delivery.state == DeliveryState.SENT, Delivery.lease_until < _NOW), stale=True, lease_until=None
)
TAKEN = (
    select(Delivery)
    .where(Delivery.id.in_(bindparam("ids", expanding=True)))
    .order_by(Delivery.id)
    .execution_options(populate_existing=True)
)


class DeliveryClaims(BaseRepository):
    """Claims on deliveries of all clubs. `busy_rooms` are rooms that the worker is already busy with."""

    async def due_kinds(self, now: datetime) -> frozenset[DueKind]:
        """Kinds of which there may be something to do: a cheap check, since mostly there is nothing.

        Releasing what has expired may make posts of other kinds due, so all are named where something has expired.
        """
        row = await self._transaction.run_sync(lambda connection: connection.execute(DUE_KINDS, {"now": now}).one())
        due = frozenset(kind for kind, found in zip(_DUE, row, strict=True) if found)
        return frozenset(DueKind) if DueKind.EXPIRED in due else due

    async def overdue(self, before: datetime) -> dict[str, tuple[datetime, int]]:
        """Posts that were due before then, in channels where nothing was tried since, so that no worker serves them.

        By platform: the due time of the oldest, and how many there are.
        """
        tried = aliased(Delivery)
        at_work = select(tried.id).where(tried.room_id == Delivery.room_id, tried.last_tried_at >= before).exists()
        rows = await self._session.execute(
            select(Workspace.platform, func.min(Delivery.not_before), func.count())
            .join(Room, Delivery.room_id == Room.id)
            .join(Workspace, Room.workspace_id == Workspace.id)
            .where(READY, Delivery.not_before < before, Room.active, Workspace.left_at.is_(None), ALLOWED)
            .where(~_waits_for_earlier_part(), ~at_work)
            .group_by(Workspace.platform)
        )
        return {platform: (since, count) for platform, since, count in rows}

    async def waiting(self, platform: str) -> dict[int, int]:
        """Number of posts that wait to be sent to a platform, by club."""
        rows = await self._session.execute(
            select(Delivery.club_id, func.count())
            .join(Room, Delivery.room_id == Room.id)
            .join(Workspace, Room.workspace_id == Workspace.id)
            .where(READY, Workspace.platform == platform, Room.active, Workspace.left_at.is_(None), ALLOWED)
            .group_by(Delivery.club_id)
        )
        return {club_id: count for club_id, count in rows}  # noqa: C416  rows

    async def doubtful_since(self) -> datetime | None:
        """Last attempt of the delivery that has been of unknown outcome for longest; None if there is none."""
        return await self._session.scalar(select(func.min(Delivery.last_tried_at)).where(UNKNOWN_OUTCOME))

    async def claim_ready(
        self, platforms: Sequence[str], owner: str, now: datetime, lease: timedelta, busy_rooms: Collection[int] = ()
    ) -> Sequence[Delivery]:
        """Claim deliveries to be posted: the first missing part of each post."""
        ids = await self._due(READY_POSTS, platforms, now, busy_rooms)
        return await self._claim(TAKE_READY, ids, now=now, by=owner, until=now + lease)

    async def claim_probes(
        self, platforms: Sequence[str], owner: str, now: datetime, lease: timedelta, busy_rooms: Collection[int] = ()
    ) -> Sequence[Delivery]:
        """Claim, of each channel in trouble, the oldest failed delivery that is due to be tried again."""
        ids = await self._due(PROBES, platforms, now, busy_rooms)
        return await self._claim(TAKE_PROBES, ids, now=now, by=owner, until=now + lease)

    async def claim_unknown(
        self, platforms: Sequence[str], owner: str, now: datetime, lease: timedelta, busy_rooms: Collection[int] = ()
    ) -> Sequence[Delivery]:
        """Claim deliveries of unknown outcome that are due to be checked."""
        ids = await self._due(UNKNOWN_POSTS, platforms, now, busy_rooms)
        return await self._claim(TAKE_UNKNOWN, ids, now=now, by=owner, until=now + lease)

    async def claim_stale(
        self, platforms: Sequence[str], owner: str, now: datetime, lease: timedelta, busy_rooms: Collection[int] = ()
    ) -> Sequence[Delivery]:
        """Claim outdated posts, in each room the one updated longest ago.

        This clears their mark; a later change sets it again.
        """
        ids = await self._due(STALE_POSTS, platforms, now, busy_rooms)
        return await self._claim(TAKE_STALE, ids, by=owner, until=now + lease)

    async def renew(self, owner: str, ids: Collection[int], until: datetime) -> dict[int, datetime]:
        """Hold these for longer. Returns those that are still held by this owner, with the end of each lease.

        Rows that are locked are left for the next time: whoever never waits cannot deadlock.
        """
        mine = (Delivery.id.in_(list(ids)), Delivery.owner == owner, Delivery.lease_until.is_not(None))
        free = select(Delivery.id).where(*mine).order_by(Delivery.id).with_for_update(skip_locked=True)
        await self._session.execute(
            update(Delivery)
            .where(Delivery.id.in_(free))
            .values(lease_until=until)
            .execution_options(synchronize_session=False)
        )
        held = await self._session.execute(select(Delivery.id, Delivery.lease_until).where(*mine))
        return {id: end for id, end in held if end}

    async def release_expired(self, now: datetime) -> int:
        """Release deliveries of dead processes: a post gets an unknown outcome, an update is due again."""
        posts = await self._take(RELEASE_SENDING, await self._ids(EXPIRED_SENDING, now), now=now)
        copies = await self._take(RELEASE_REDRAWS, await self._ids(EXPIRED_REDRAWS, now), now=now)
        return len(posts) + len(copies)

    async def _due(
        self, statement: Select[int], platforms: Sequence[str], now: datetime, busy_rooms: Collection[int]
    ) -> Sequence[int]:
        return await self._ids(statement, now, platforms=list(platforms), busy_rooms=list(busy_rooms))

    async def _ids(self, statement: Select[int], now: datetime, **parameters: Any) -> Sequence[int]:
        return (await self._session.scalars(statement, {"now": now, **parameters})).all()

    async def _claim(self, taking: ReturningUpdate[int], ids: Sequence[int], **values: Any) -> Sequence[Delivery]:
        """Update those of the rows that are still in the same state and not locked. Returns them."""
        taken = await self._take(taking, ids, **values)
        return (await self._session.scalars(TAKEN, {"ids": taken})).unique().all() if taken else []

    async def _take(self, taking: ReturningUpdate[int], ids: Sequence[int], **values: Any) -> Sequence[int]:
        return (await self._session.scalars(taking, {"ids": ids, **values})).all() if ids else []
