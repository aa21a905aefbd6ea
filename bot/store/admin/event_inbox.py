"""Inbox of platform events: stored before they are handled, so that none is lost or handled twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update

from bot.domain.models import InboxEvent, InboxState
from bot.store.base.statements import insert_if_absent
from bot.store.base.transaction import BaseRepository


class EventInbox(BaseRepository):
    """The inbox. An event is `new` until it is `done`, or `failed` if a person must look at it."""

    async def receive(
        self, key: str, platform: str, payload: dict[str, object], now: datetime, *, state: InboxState = InboxState.NEW
    ) -> bool:
        """Store an event before it is handled; False if it was stored before."""
        values = {"key": key, "platform": platform, "payload": payload, "state": state, "tries": 0, "at": now}
        return await insert_if_absent(self._session, InboxEvent, values)

    async def unhandled(self, platform: str, before: datetime, *, limit: int = 50) -> Sequence[InboxEvent]:
        """Events received or last tried before a time and not handled yet, oldest first."""
        found = await self._session.scalars(
            select(InboxEvent)
            .where(InboxEvent.platform == platform, InboxEvent.state == InboxState.NEW, InboxEvent.at < before)
            .order_by(InboxEvent.at)
            .limit(limit)
        )
        return found.all()

    async def claim(self, event: InboxEvent, now: datetime) -> bool:
        """Claim an unhandled event for another attempt; False if another process claimed it first."""
        taken = (
            update(InboxEvent)
            .where(InboxEvent.key == event.key, InboxEvent.state == InboxState.NEW, InboxEvent.tries == event.tries)
            .values(tries=event.tries + 1, at=now)
            .returning(InboxEvent.key)
        )
        return (await self._session.execute(taken)).first() is not None

    async def mark_handled(self, key: str, state: InboxState = InboxState.DONE) -> None:
        """Record that an event was handled or given up. The payload of a handled event is deleted."""
        statement = update(InboxEvent).where(InboxEvent.key == key).values(state=state)
        await self._session.execute(statement.values(payload={}) if state == InboxState.DONE else statement)

    async def delete_before(self, platform: str, before: datetime) -> None:
        """Delete events older than a time, which the platform no longer sends again."""
        await self._session.execute(delete(InboxEvent).where(InboxEvent.platform == platform, InboxEvent.at < before))
