"""Events of the platforms: written down before they are handled, so that none is lost and none is handled twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update

from bot.domain.models import InboxEvent, InboxState
from bot.store.base.statements import insert_if_absent
from bot.store.base.transaction import BaseRepository


class EventInbox(BaseRepository):
    """The inbox. An event is `new` until it is `done`, or `failed` where a person must look."""

    async def receive(
        self, key: str, platform: str, payload: dict[str, object], now: datetime, *, state: InboxState = InboxState.NEW
    ) -> bool:
        """Write an event down before it is handled; False if it came before."""
        values = {"key": key, "platform": platform, "payload": payload, "state": state, "tries": 0, "at": now}
        return await insert_if_absent(self._session, InboxEvent, values)

    async def unhandled(self, platform: str, before: datetime, *, limit: int = 50) -> Sequence[InboxEvent]:
        """Events that came, or were last tried, before then and were not handled to the end, oldest first."""
        found = await self._session.scalars(
            select(InboxEvent)
            .where(InboxEvent.platform == platform, InboxEvent.state == InboxState.NEW, InboxEvent.at < before)
            .order_by(InboxEvent.at)
            .limit(limit)
        )
        return found.all()

    async def claim(self, event: InboxEvent, now: datetime) -> bool:
        """Take an unhandled event to try it again; False if another process was quicker."""
        taken = (
            update(InboxEvent)
            .where(InboxEvent.key == event.key, InboxEvent.state == InboxState.NEW, InboxEvent.tries == event.tries)
            .values(tries=event.tries + 1, at=now)
            .returning(InboxEvent.key)
        )
        return (await self._session.execute(taken)).first() is not None

    async def mark_handled(self, key: str, state: InboxState = InboxState.DONE) -> None:
        """Note that an event was handled, or given up. Its text is kept no longer than it is needed."""
        note = update(InboxEvent).where(InboxEvent.key == key).values(state=state)
        await self._session.execute(note.values(payload={}) if state == InboxState.DONE else note)

    async def delete_before(self, platform: str, before: datetime) -> None:
        """Forget events from before then: nobody sends them again."""
        await self._session.execute(delete(InboxEvent).where(InboxEvent.platform == platform, InboxEvent.at < before))
