"""Posts of unknown outcome: what they are now, where they turned up, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, or_, select, update

from bot.domain.models import PENDING, Delivery, DeliveryState, Room, Workspace
from bot.store.base.transaction import BaseRepository, ClubRepository

UNSETTLED = Delivery.state.in_((*PENDING, DeliveryState.FAILED))


class DoubtfulPosts(ClubRepository):
    """Posts of one club, one by one, as those who settle them need them."""

    async def get(self, delivery_id: int, *, lock: bool = False) -> Delivery | None:
        """A post of this club by its id; with `lock` it stays as it is until the block ends."""
        condition = select(Delivery).where(Delivery.club_id == self._club_id, Delivery.id == delivery_id)
        if lock:
            condition = condition.with_for_update(of=Delivery).execution_options(populate_existing=True)
        return (await self._session.scalars(condition)).unique().one_or_none()

    async def change(self, delivery_id: int, **values: Any) -> None:
        """Decide on a post, whoever is at work on it: what they find out after this is not written down."""
        await self._session.execute(
            update(Delivery)
            .where(Delivery.club_id == self._club_id, Delivery.id == delivery_id)
            .values(owner="", lease_until=None, **values)
        )

    async def possible_posts(self, room: str, message: str, workspace_id: int) -> Sequence[Delivery]:
        """The posts that a message of a room may be: once of unknown outcome, and bound to no or another message."""
        found = await self._session.scalars(
            select(Delivery)
            .join(Room, Delivery.room_id == Room.id)
            .where(Room.workspace_id == workspace_id, Room.external_id == room)
            .where(Delivery.club_id == self._club_id, Delivery.had_unknown, Delivery.message != message)
            .order_by(Delivery.id.desc())
        )
        return found.unique().all()

    async def unsettled(self, *, skip: int = 0, limit: int = 10) -> Sequence[Delivery]:
        """What waits, failed, is of unknown outcome or has a possible double; what was planned last comes first."""
        double = and_(Delivery.had_unknown, or_(Delivery.double != "", Delivery.reposted_at.is_not(None)))
        return await self._page(or_(UNSETTLED, double), skip, limit)

    async def recent(self, *, skip: int = 0, limit: int = 10) -> Sequence[Delivery]:
        """All posts, what was planned last first."""
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
    """Messages of every club that are known to be posts of ours."""

    async def exists(self, platform: str, workspace: str, room: str, message: str) -> bool:
        """Whether a message is a post whose row has this address."""
        found = await self._session.scalar(
            select(Delivery.id)
            .join(Room, Delivery.room_id == Room.id)
            .join(Workspace, Room.workspace_id == Workspace.id)
            .where(Workspace.platform == platform, Workspace.external_id == workspace)
            .where(Room.external_id == room, Delivery.message == message)
            .limit(1)
        )
        return found is not None
