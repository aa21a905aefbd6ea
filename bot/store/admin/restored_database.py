"""Restored databases: found at the start by the mark that every backup carries, and put in quarantine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update

from bot.domain.models import CachedFact, Club, Delivery, DeliveryKind, DeliveryState, Quarantine
from bot.store.base.statements import insert_if_absent
from bot.store.base.transaction import BaseRepository
from bot.store.delivery.key_prefix import KEY_PREFIX, new_prefix

BACKED_UP_AT = "backup:made-at"
"""The fact that marks a copy: when it was made, in ISO 8601. The database that it was made of does not have it."""

RESTORED = "It may have been posted after the backup was made that this club was restored from"
"""Reason given for posts of unknown outcome after a restore."""


@dataclass(frozen=True, slots=True)
class QuarantinedClub:
    """A club in which nothing is posted until an admin says so."""

    club_id: int
    name: str
    backed_up_at: datetime
    reviewed: bool


class RestoredDatabase(BaseRepository):
    """Marks of backups in a database, and the quarantine of the clubs in it, however the backup was put in place."""

    async def prepare(self, now: datetime) -> bool:
        """Give the database its key prefix, and put every club in quarantine where it is a backup; True if it was.

        Of several processes that start at once one does it.
        """
        marked = delete(CachedFact).where(CachedFact.name == BACKED_UP_AT).returning(CachedFact.value)
        made_at = (await self._session.execute(marked)).scalar()
        old = await self._session.scalar(select(CachedFact.value).where(CachedFact.name == KEY_PREFIX)) or ""
        if made_at is None:
            if not old:
                await insert_if_absent(self._session, CachedFact, {"name": KEY_PREFIX, "value": new_prefix()})
            return False
        new = {"name": KEY_PREFIX, "value": new_prefix(old)}
        await insert_if_absent(self._session, CachedFact, new, keys=("name",))
        await self._enter(datetime.fromisoformat(made_at), now)
        return True

    async def quarantined(self) -> Sequence[QuarantinedClub]:
        """The clubs in quarantine, in the order of their founding."""
        found = await self._session.execute(
            select(Club.id, Club.name, Quarantine.backed_up_at, Quarantine.reviewed_at)
            .join(Quarantine, Quarantine.club_id == Club.id)
            .order_by(Club.id)
        )
        return [QuarantinedClub(id, name, at, reviewed is not None) for id, name, at, reviewed in found]

    async def _enter(self, made_at: datetime, now: datetime) -> None:
        """Put every club in quarantine; one that is in it already is reviewed again, from its earlier backup on."""
        for club_id in (await self._session.scalars(select(Club.id).order_by(Club.id))).all():
            earlier = await self._session.get(Quarantine, club_id)
            if earlier is None:
                row = Quarantine(club_id=club_id, backed_up_at=made_at, entered_at=now, found=0, unread=[], unknown=[])
                self._session.add(row)
            else:
                earlier.backed_up_at = min(earlier.backed_up_at, made_at)
                earlier.entered_at, earlier.reviewed_at = now, None
        await self._session.flush()
        pending = (DeliveryState.READY, DeliveryState.SENDING, DeliveryState.UNKNOWN)
        await self._session.execute(
            update(Delivery)
            .where(Delivery.state.in_(pending), Delivery.kind == DeliveryKind.RESTORED)
            .values(state=DeliveryState.SKIPPED, owner="", lease_until=None, error="the club was restored again")
            .execution_options(synchronize_session=False)
        )
        await self._session.execute(
            update(Delivery)
            .where(Delivery.state.in_(pending))
            .values(state=DeliveryState.UNKNOWN, had_unknown=True, owner="", lease_until=None, error=RESTORED, looks=0)
            .execution_options(synchronize_session=False)
        )
