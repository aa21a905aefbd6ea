"""What the courier may take, of all clubs: for each room one thing at a time, and nothing that another process holds.

A claim is a lease: whoever dies while holding one is found out when it runs out (`abandoned`). On PostgreSQL rows that
are locked are passed over, so that claiming never waits and cannot deadlock with those who vote.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ColumnExpressionArgument,
    Exists,
    Select,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased

from bot.domain.models import PENDING, Delivery, DeliveryState, Room, UtcDateTime, Workspace
from bot.store.base.transaction import BaseRepository

READY = Delivery.state == DeliveryState.READY
UNKNOWN_OUTCOME = Delivery.state == DeliveryState.UNKNOWN
UNSENT_STATES = (DeliveryState.READY, DeliveryState.SENDING)
FAILED = Delivery.state == DeliveryState.FAILED
TO_PROBE = and_(FAILED, Room.active, Room.trouble != "")
"""A failed post in a channel that could not be used: by trying it again one learns whether the channel can be used."""
STALE = and_(Delivery.state == DeliveryState.SENT, Delivery.stale)

_NOW: Any = bindparam("now", type_=UtcDateTime())
_IN_ROOM = select(Delivery.id).join(Room, Delivery.room_id == Room.id)
HAS_WORK = select(
    or_(
        select(Delivery.id).where(Delivery.not_before <= _NOW, or_(READY, UNKNOWN_OUTCOME)).exists(),
        _IN_ROOM.where(STALE, Room.trouble == "").exists(),
        _IN_ROOM.where(Delivery.not_before <= _NOW, TO_PROBE).exists(),
        select(Delivery.id).where(Delivery.lease_until < _NOW).exists(),
    )
)
"""Asked after every act, so it is built once, as are the questions below it."""

MAX_ROOMS = 50
"""How many rooms are served in one round at most."""


def _first_per_room(
    *conditions: ColumnExpressionArgument[bool], order: Sequence[ColumnExpressionArgument[Any]] = (Delivery.id,)
) -> Select[int]:
    """The ids of the first such delivery of each room that can be reached. (It takes `platforms`, `besides`, `now`.)"""
    platforms: Any = bindparam("platforms", expanding=True)
    besides: Any = bindparam("besides", expanding=True)
    place = func.row_number().over(partition_by=Delivery.room_id, order_by=order)
    due = (
        select(Delivery.id, place.label("place"))
        .join(Room, Delivery.room_id == Room.id)
        .join(Workspace, Room.workspace_id == Workspace.id)
        .where(Workspace.platform.in_(platforms), Workspace.left_at.is_(None), Room.id.not_in(besides))
        .where(Delivery.not_before <= _NOW, *conditions)
        .subquery()
    )
    return select(due.c.id).where(due.c.place == 1).order_by(due.c.id).limit(MAX_ROOMS)


def _waits_for_earlier_part() -> Exists:
    """Whether an earlier part of the same post is still to come, so that this one has to wait.

    A part of unknown outcome holds up nothing but the replies in its thread: it may be there, and settling it may take
    until a person answers.
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
PROBES = _first_per_room(TO_PROBE)
STALE_POSTS = _first_per_room(
    STALE, NOT_CLAIMED, Delivery.message != "", Room.trouble == "", order=(Delivery.not_before, Delivery.id)
)
EXPIRED_SENDING, EXPIRED_REDRAWS = (
    select(Delivery.id).where(Delivery.state == s, Delivery.lease_until < _NOW)
    for s in (DeliveryState.SENDING, DeliveryState.SENT)
)


class DeliveryClaims(BaseRepository):
    """Deliveries of every club, as the courier sees them. `besides` are rooms that it is at work in already."""

    async def has_work(self, now: datetime) -> bool:
        """Whether there may be something to do. Only looks: most questions leave the courier nothing."""
        return bool(await self._block.run_sync(lambda connection: connection.scalar(HAS_WORK, {"now": now})))

    async def overdue(self, before: datetime) -> dict[str, tuple[datetime, int]]:
        """Posts that were due before then, in channels where nothing was tried since, by platform: the due time of the
        oldest, and how many there are. So nobody is at work there."""
        tried = aliased(Delivery)
        at_work = select(tried.id).where(tried.room_id == Delivery.room_id, tried.last_tried_at >= before).exists()
        rows = await self._session.execute(
            select(Workspace.platform, func.min(Delivery.not_before), func.count())
            .join(Room, Delivery.room_id == Room.id)
            .join(Workspace, Room.workspace_id == Workspace.id)
            .where(READY, Delivery.not_before < before, Room.active, Workspace.left_at.is_(None))
            .where(~_waits_for_earlier_part(), ~at_work)
            .group_by(Workspace.platform)
        )
        return {platform: (since, count) for platform, since, count in rows}

    async def waiting(self, platform: str) -> dict[int, int]:
        """How many posts wait to be sent to a platform, by club."""
        rows = await self._session.execute(
            select(Delivery.club_id, func.count())
            .join(Room, Delivery.room_id == Room.id)
            .join(Workspace, Room.workspace_id == Workspace.id)
            .where(READY, Workspace.platform == platform, Room.active, Workspace.left_at.is_(None))
            .group_by(Delivery.club_id)
        )
        return {club_id: count for club_id, count in rows}  # noqa: C416  rows

    async def doubtful_since(self) -> datetime | None:
        """When the post was last tried that has been of unknown outcome for longest; None where there is none."""
        return await self._session.scalar(select(func.min(Delivery.last_tried_at)).where(UNKNOWN_OUTCOME))

    async def claim_ready(
        self, platforms: Sequence[str], owner: str, now: datetime, lease: timedelta, besides: Collection[int] = ()
    ) -> Sequence[Delivery]:
        """Take what is to be posted: of each post the first part that is missing, and none after it."""
        return await self._send(await self._due(READY_POSTS, platforms, now, besides), READY, owner, now, lease)

    async def probes(
        self, platforms: Sequence[str], owner: str, now: datetime, lease: timedelta, besides: Collection[int] = ()
    ) -> Sequence[Delivery]:
        """Take, of each channel in trouble, the oldest post that failed there and that it is time to try again."""
        return await self._send(await self._due(PROBES, platforms, now, besides), FAILED, owner, now, lease)

    async def _send(
        self, ids: Sequence[int], still: ColumnElement[bool], owner: str, now: datetime, lease: timedelta
    ) -> Sequence[Delivery]:
        return await self._claim(
            ids,
            still,
            state=DeliveryState.SENDING,
            owner=owner,
            lease_until=now + lease,
            attempts=Delivery.attempts + 1,
            first_tried_at=func.coalesce(Delivery.first_tried_at, literal(now, UtcDateTime())),
            last_tried_at=now,
        )

    async def claim_unknown(
        self, platforms: Sequence[str], owner: str, now: datetime, lease: timedelta, besides: Collection[int] = ()
    ) -> Sequence[Delivery]:
        """Take what may have been posted and it is time to look for."""
        ids = await self._due(UNKNOWN_POSTS, platforms, now, besides)
        still = and_(UNKNOWN_OUTCOME, or_(NOT_CLAIMED, Delivery.lease_until < now))
        return await self._claim(ids, still, owner=owner, lease_until=now + lease)

    async def claim_stale(
        self, platforms: Sequence[str], owner: str, now: datetime, lease: timedelta, besides: Collection[int] = ()
    ) -> Sequence[Delivery]:
        """Take posted copies that show something old, in each room the one that was drawn longest ago.

        This clears their mark: a later change marks them again.
        """
        ids = await self._due(STALE_POSTS, platforms, now, besides)
        return await self._claim(ids, STALE, owner=owner, lease_until=now + lease, stale=False)

    async def release_expired(self, now: datetime) -> int:
        """Let go of what a dead process held: nobody knows whether a post was made; a copy is to be drawn again."""
        sending = and_(Delivery.state == DeliveryState.SENDING, Delivery.lease_until < now)
        error = "the program stopped while it was posting this"
        posts = await self._claim(
            await self._ids(EXPIRED_SENDING, now),
            sending,
            state=DeliveryState.UNKNOWN,
            had_unknown=True,
            error=error,
            lease_until=None,
            looks=0,
        )
        drawing = and_(Delivery.state == DeliveryState.SENT, Delivery.lease_until < now)
        copies = await self._claim(await self._ids(EXPIRED_REDRAWS, now), drawing, stale=True, lease_until=None)
        return len(posts) + len(copies)

    async def _due(
        self, asked: Select[int], platforms: Sequence[str], now: datetime, besides: Collection[int]
    ) -> Sequence[int]:
        return await self._ids(asked, now, platforms=list(platforms), besides=list(besides))

    async def _ids(self, asked: Select[int], now: datetime, **given: Any) -> Sequence[int]:
        return (await self._session.scalars(asked, {"now": now, **given})).all()

    async def _claim(self, ids: Sequence[int], still: ColumnElement[bool], **values: Any) -> Sequence[Delivery]:
        """Change those of these rows that are as they were and that nobody else is changing; gives them."""
        if not ids:
            return []
        free = select(Delivery.id).where(Delivery.id.in_(ids), still).order_by(Delivery.id)
        taken = await self._session.scalars(
            update(Delivery)
            .where(Delivery.id.in_(free.with_for_update(skip_locked=True)), still)
            .values(**values)
            .returning(Delivery.id)
        )
        found = await self._session.scalars(
            select(Delivery)
            .where(Delivery.id.in_(taken.all()))
            .order_by(Delivery.id)
            .execution_options(populate_existing=True)
        )
        return found.unique().all()
