"""Posts of a club that was restored: which may have gone out since the backup, and what becomes of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select, update

from bot.domain.models import (
    Delivery,
    DeliveryKind,
    DeliveryState,
    NotificationState,
    PendingNotification,
    Quarantine,
)
from bot.store.base.transaction import ClubRepository
from bot.store.delivery.key_prefix import key_prefix

LEFT_OUT = "left out after the club was restored from a backup: it may have been posted"


class RestoredPosts(ClubRepository):
    """One club's quarantine, and its posts from before the backup."""

    async def quarantine(self, *, lock: bool = False) -> Quarantine | None:
        """The club's quarantine; None where it is in none."""
        asked = select(Quarantine).where(Quarantine.club_id == self._club_id)
        if lock:
            asked = asked.with_for_update().execution_options(populate_existing=True)
        return await self._session.scalar(asked)

    async def in_doubt(self) -> Sequence[Delivery]:
        """Posts planned before the backup that may have gone out since, in the order in which they were planned."""
        found = await self._session.scalars(
            select(Delivery)
            .where(Delivery.club_id == self._club_id, Delivery.state == DeliveryState.UNKNOWN)
            .where(Delivery.key_prefix != await key_prefix(self._session))
            .order_by(Delivery.id)
        )
        return found.unique().all()

    async def known(self, messages: Collection[str]) -> set[str]:
        """Messages of these that are posts whose rows have their address."""
        found = await self._session.scalars(
            select(Delivery.message).where(Delivery.club_id == self._club_id, Delivery.message.in_(messages))
        )
        return set(found.all())

    async def not_posted(self, delivery_ids: Collection[int], now: datetime) -> None:
        """Plan again what is certainly not there: it is posted when the quarantine is lifted."""
        await self._session.execute(
            update(Delivery)
            .where(Delivery.club_id == self._club_id, Delivery.id.in_(delivery_ids))
            .where(Delivery.state == DeliveryState.UNKNOWN)
            .values(state=DeliveryState.READY, not_before=now, first_tried_at=None, attempts=0, looks=0, error="")
            .execution_options(synchronize_session=False)
        )

    async def waiting(self) -> int:
        """Number of posts that wait for the end of the quarantine."""
        ready = (Delivery.club_id == self._club_id, Delivery.state == DeliveryState.READY)
        wanted = select(func.count()).select_from(Delivery).where(*ready, Delivery.kind != DeliveryKind.RESTORED)
        return await self._session.scalar(wanted) or 0

    async def lift(self, quarantine: Quarantine, *, post_doubtful: bool, now: datetime) -> int:
        """End the quarantine. Posts that are still in doubt are left out, or posted; how many those were.

        What is posted now gets keys of this database, so that no platform takes it for a post from before.
        """
        doubtful = [delivery.id for delivery in await self.in_doubt()]
        if post_doubtful:
            await self.not_posted(doubtful, now)
        else:
            await self._session.execute(
                update(Delivery)
                .where(Delivery.club_id == self._club_id, Delivery.id.in_(doubtful))
                .values(state=DeliveryState.SKIPPED, error=LEFT_OUT, owner="", lease_until=None)
                .execution_options(synchronize_session=False)
            )
        await self._session.execute(
            update(Delivery)
            .where(Delivery.club_id == self._club_id, Delivery.state == DeliveryState.READY)
            .values(key_prefix=await key_prefix(self._session))
            .execution_options(synchronize_session=False)
        )
        news = (PendingNotification.state == NotificationState.WAITING) | (
            PendingNotification.state == NotificationState.SENDING
        )
        await self._session.execute(
            update(PendingNotification)
            .where(PendingNotification.club_id == self._club_id, news)
            .values(state=NotificationState.DROPPED, error=LEFT_OUT, lease_until=None)
            .execution_options(synchronize_session=False)
        )
        await self._session.delete(quarantine)
        await self._session.flush()
        return len(doubtful)
