"""Posts of unknown outcome: their state, their possible messages, and decisions about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, or_, select, update

from bot.domain.models import PENDING, Delivery, DeliveryState, Room, Workspace
from bot.store.base.transaction import BaseRepository, ClubRepository

UNSETTLED = Delivery.state.in_((*PENDING, DeliveryState.FAILED))


class UnknownOutcomes(ClubRepository):
    """Deliveries of one club whose outcome is or was unknown."""

    async def get(self, delivery_id: int, *, lock: bool = False) -> Delivery | None:
        """A delivery of this club by id; with `lock` its row is locked."""
        statement = select(Delivery).where(Delivery.club_id == self._club_id, Delivery.id == delivery_id)
        if lock:
            statement = statement.with_for_update(of=Delivery).execution_options(populate_existing=True)
        return (await self._session.scalars(statement)).unique().one_or_none()

    async def change(self, delivery_id: int, **values: Any) -> None:
        """Decide about a delivery, even if a worker holds it: the worker's later result is discarded."""
        await self._session.execute(
            update(Delivery)
            .where(Delivery.club_id == self._club_id, Delivery.id == delivery_id)
            .values(owner="", lease_until=None, **values)
        )

    async def possible_posts(self, room: str, message: str, workspace_id: int) -> Sequence[Delivery]:
        """Deliveries that a message in a room may be: once of unknown outcome, and without this message's id."""
        found = await self._session.scalars(
            select(Delivery)
            .join(Room, Delivery.room_id == Room.id)
            .where(Room.workspace_id == workspace_id, Room.external_id == room)
            .where(Delivery.club_id == self._club_id, Delivery.had_unknown, Delivery.message != message)
            .order_by(Delivery.id.desc())
        )
        return found.unique().all()

    async def unsettled(self, *, skip: int = 0, limit: int = 10) -> Sequence[Delivery]:
        """Deliveries that wait, failed, are of unknown outcome or have a possible duplicate; newest first."""
        double = and_(Delivery.had_unknown, or_(Delivery.double != "", Delivery.reposted_at.is_not(None)))
        return await self._page(or_(UNSETTLED, double), skip, limit)

    async def recent(self, *, skip: int = 0, limit: int = 10) -> Sequence[Delivery]:
        """All deliveries, newest first."""
        return await self._page(Delivery.id > 0, skip, limit)

    async def _page(self, condition: Any, skip: int, limit: int) -> Sequence[Delivery]:
        found = await self._session.scalars(
            select(Delivery)
            .where(Delivery.club_id == self._club_id, condition)
            .order_by(Delivery.id.desc())
            .offset(skip)
            .limit(limit)
        )
        return found.unique().all()


class PostedMessages(BaseRepository):
    """Messages of all clubs that are known to be posts of the bot."""

    async def exists(self, platform: str, workspace: str, room: str, message: str) -> bool:
        """True if a message is a known post."""
        found = await self._session.scalar(
            select(Delivery.id)
            .join(Room, Delivery.room_id == Room.id)
            .join(Workspace, Room.workspace_id == Workspace.id)
            .where(Workspace.platform == platform, Workspace.external_id == workspace)
            .where(Room.external_id == room, Delivery.message == message)
            .limit(1)
        )
        return found is not None
