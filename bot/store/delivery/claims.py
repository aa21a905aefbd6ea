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
TO_COME = (DeliveryState.READY, DeliveryState.SENDING)
STALE = and_(Delivery.state == DeliveryState.SENT, Delivery.stale)

_NOW: Any = bindparam("now", type_=UtcDateTime())
ANY = select(
    or_(
        select(Delivery.id).where(Delivery.not_before <= _NOW, or_(READY, UNKNOWN_OUTCOME)).exists(),
        select(Delivery.id).where(STALE).exists(),
        select(Delivery.id).where(Delivery.lease_until < _NOW).exists(),
    )
)
"""Asked after every act, so it is built once, as are the questions below it."""

ROOMS = 50
"""How many rooms are served in one round at most."""


def _first(
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
    return select(due.c.id).where(due.c.place == 1).order_by(due.c.id).limit(ROOMS)


def _before() -> Exists:
    """Whether an earlier part of the same post is still to come, so that this one has to wait.

    A part of unknown outcome holds up nothing but the replies in its thread: it may be there, and settling it may take
    until a person answers.
    """
    earlier = aliased(Delivery)
    header = and_(Delivery.in_thread, earlier.part == 0, earlier.state.in_(PENDING))
    to_come = and_(earlier.state.in_(TO_COME), earlier.reposted_at.is_(None))
    return (
        select(earlier.id)
        .where(earlier.club_id == Delivery.club_id, earlier.kind == Delivery.kind)
        .where(earlier.subject_id == Delivery.subject_id, earlier.room_id == Delivery.room_id)
        .where(earlier.part < Delivery.part, or_(to_come, header))
        .exists()
    )


NOT_CLAIMED = Delivery.lease_until.is_(None)
POSTS = _first(READY, Room.active, ~_before())
DOUBTS = _first(UNKNOWN_OUTCOME, or_(NOT_CLAIMED, Delivery.lease_until < _NOW))
REDRAWS = _first(STALE, NOT_CLAIMED, Delivery.message != "", order=(Delivery.not_before, Delivery.id))
SENDING, DRAWING = (
    select(Delivery.id).where(Delivery.state == s, Delivery.lease_until < _NOW)
    for s in (DeliveryState.SENDING, DeliveryState.SENT)
)


class DeliveryClaims(BaseRepository):
    """Deliveries of every club, as the courier sees them. `besides` are rooms that it is at work in already."""

    async def any(self, now: datetime) -> bool:
        """Whether there may be something to do. Only looks: most questions leave the courier nothing."""
        return bool(await self._block.at_once(lambda connection: connection.scalar(ANY, {"now": now})))

    async def doubtful_since(self) -> datetime | None:
        """When the post was last tried that has been of unknown outcome for longest; None where there is none."""
        return await self._session.scalar(select(func.min(Delivery.last_tried_at)).where(UNKNOWN_OUTCOME))

    async def posts(
        self, platforms: Sequence[str], owner: str, now: datetime, lease: timedelta, besides: Collection[int] = ()
    ) -> Sequence[Delivery]:
        """Take what is to be posted: of each post the first part that is missing, and none after it."""
        return await self._take(
            await self._due(POSTS, platforms, now, besides),
            READY,
            state=DeliveryState.SENDING,
            owner=owner,
            lease_until=now + lease,
            attempts=Delivery.attempts + 1,
            first_tried_at=func.coalesce(Delivery.first_tried_at, literal(now, UtcDateTime())),
            last_tried_at=now,
        )

    async def unknown_outcomes(
        self, platforms: Sequence[str], owner: str, now: datetime, lease: timedelta, besides: Collection[int] = ()
    ) -> Sequence[Delivery]:
        """Take what may have been posted and it is time to look for."""
        ids = await self._due(DOUBTS, platforms, now, besides)
        still = and_(UNKNOWN_OUTCOME, or_(NOT_CLAIMED, Delivery.lease_until < now))
        return await self._take(ids, still, owner=owner, lease_until=now + lease)

    async def redraws(
        self, platforms: Sequence[str], owner: str, now: datetime, lease: timedelta, besides: Collection[int] = ()
    ) -> Sequence[Delivery]:
        """Take posted copies that show something old, in each room the one that was drawn longest ago.

        This clears their mark: a later change marks them again.
        """
        ids = await self._due(REDRAWS, platforms, now, besides)
        return await self._take(ids, STALE, owner=owner, lease_until=now + lease, stale=False)

    async def renew(self, owner: str, ids: Collection[int], until: datetime) -> Sequence[int]:
        """Hold these for longer; those that are still held by this owner."""
        renewed = await self._session.scalars(
            update(Delivery)
            .where(Delivery.id.in_(list(ids)), Delivery.owner == owner, Delivery.lease_until.is_not(None))
            .values(lease_until=until)
            .returning(Delivery.id)
        )
        return renewed.all()

    async def abandoned(self, now: datetime) -> int:
        """Let go of what a dead process held: nobody knows whether a post was made; a copy is to be drawn again."""
        sending = and_(Delivery.state == DeliveryState.SENDING, Delivery.lease_until < now)
        error = "the program stopped while it was posting this"
        posts = await self._take(
            await self._ids(SENDING, now),
            sending,
            state=DeliveryState.UNKNOWN,
            had_unknown=True,
            error=error,
            lease_until=None,
            looks=0,
        )
        drawing = and_(Delivery.state == DeliveryState.SENT, Delivery.lease_until < now)
        copies = await self._take(await self._ids(DRAWING, now), drawing, stale=True, lease_until=None)
        return len(posts) + len(copies)

    async def _due(
        self, asked: Select[int], platforms: Sequence[str], now: datetime, besides: Collection[int]
    ) -> Sequence[int]:
        return await self._ids(asked, now, platforms=list(platforms), besides=list(besides))

    async def _ids(self, asked: Select[int], now: datetime, **given: Any) -> Sequence[int]:
        return (await self._session.scalars(asked, {"now": now, **given})).all()

    async def _take(self, ids: Sequence[int], still: ColumnElement[bool], **values: Any) -> Sequence[Delivery]:
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
