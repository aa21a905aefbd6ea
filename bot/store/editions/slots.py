"""Slots repository: due times of editions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from bot.domain.edition_calendar import DueDate
from bot.domain.models import (
    Slot,
    SlotState,
    TaskKind,
)
from bot.store.base.statements import for_update, insert_if_absent
from bot.store.base.task_triggers import OF_SLOT, wake
from bot.store.base.transaction import ClubRepository


class Slots(ClubRepository):
    """Due times of this club's editions."""

    async def plan(self, due: DueDate) -> bool:
        """Store a due time; False if its period already has one."""
        values = {
            "club_id": self._club_id,
            "key": due.key,
            "due_at": due.at,
            "state": SlotState.DUE,
            "owner": "",
            "tries": 0,
        }
        planned = await insert_if_absent(self._session, Slot, values | {"trouble": "", "why": ""})
        if planned:
            await self._transaction.run_sync(lambda connection: wake(connection, self._club_id, (TaskKind.EDITION,)))
        return planned

    async def get(self, slot_id: int, *, lock: bool = False) -> Slot | None:
        """A slot of this club."""
        statement = select(Slot).where(Slot.club_id == self._club_id, Slot.id == slot_id)
        return await self._session.scalar(for_update(statement) if lock else statement)

    async def close(self, slot: Slot, now: datetime) -> None:
        """Mark a slot as done by its edition. If its time is still to come, the one after it is planned at once."""
        slot.state, slot.lease_until, slot.trouble = SlotState.DONE, None, ""
        if slot.due_at > now:
            await self._transaction.run_sync(lambda connection: wake(connection, self._club_id, OF_SLOT))

    async def next(self) -> Slot | None:
        """The earliest slot that is still due."""
        return await self._session.scalar(
            select(Slot)
            .where(Slot.club_id == self._club_id, Slot.state == SlotState.DUE)
            .order_by(Slot.due_at)
            .limit(1)
        )

    async def open(self) -> Sequence[Slot]:
        """Slots that are still to be done, earliest first."""
        found = await self._session.scalars(
            select(Slot).where(Slot.club_id == self._club_id, Slot.state == SlotState.DUE).order_by(Slot.due_at)
        )
        return found.all()

    async def overdue(self, until: datetime) -> Sequence[Slot]:
        """Slots due by `until` and not done, locked for update."""
        due = (Slot.club_id == self._club_id, Slot.state == SlotState.DUE, Slot.due_at <= until)
        return (await self._session.scalars(for_update(select(Slot).where(*due).order_by(Slot.id)))).all()

    async def last(self) -> Slot | None:
        """The latest planned slot, whatever its state."""
        return await self._session.scalar(
            select(Slot).where(Slot.club_id == self._club_id).order_by(Slot.due_at.desc()).limit(1)
        )

    async def recent(self, *, limit: int = 10) -> Sequence[Slot]:
        """The latest slots, the furthest in the future first."""
        found = await self._session.scalars(
            select(Slot).where(Slot.club_id == self._club_id).order_by(Slot.due_at.desc()).limit(limit)
        )
        return found.all()
