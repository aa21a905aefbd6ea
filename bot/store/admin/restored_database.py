"""Restored databases: found at the start by the mark that every backup carries, or because they are older than what was
posted, and put in quarantine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update

from bot.domain.models import CachedFact, Club, Delivery, DeliveryKind, DeliveryState, Quarantine
from bot.store.admin.coordination import CachedFacts
from bot.store.base.statements import insert_if_absent
from bot.store.base.transaction import BaseRepository, repository
from bot.store.delivery.key_prefix import INSTALLATION, KEY_PREFIX, new_prefix

BACKED_UP_AT = "backup:made-at"
"""The fact that marks a copy: when it was made, in ISO 8601. The database that it was made of does not have it."""

POSTED_UNTIL = "posts:until"
"""The fact that says until when this database knows of posts, in ISO 8601; see `bot.store.posting_mark`."""

RESTORED = "It may have been posted after the backup was made that this club was restored from"
"""Reason given for posts of unknown outcome after a restore."""


@dataclass(frozen=True, slots=True)
class PostedUntil:
    """Time until which an installation has posted, as its database knows it."""

    installation: str
    """Id of the installation; empty in a database that has none yet."""
    at: datetime


@dataclass(frozen=True, slots=True)
class QuarantinedClub:
    """A club in which nothing is posted until an admin says so."""

    club_id: int
    name: str
    backed_up_at: datetime
    reviewed: bool


class RestoredDatabase(BaseRepository):
    """Marks of backups in a database, and the quarantine of the clubs in it, however the backup was put in place."""

    _facts = repository(CachedFacts)

    async def note_posting(self, now: datetime) -> PostedUntil:
        """Write down that posts are made until now; the time never goes back, whatever the clocks of processes say."""
        prefix, known = await self._fact(KEY_PREFIX), await self._fact(POSTED_UNTIL, lock=True)
        at = max(now, datetime.fromisoformat(known)) if known else now
        await self._facts.store(POSTED_UNTIL, at.isoformat())
        return PostedUntil(prefix[:INSTALLATION], at)

    async def is_older(self, marked: Callable[[str], datetime | None] | None) -> datetime | None:
        """The time of the mark outside, if the database is older than that: it does not know of all that was posted.

        `marked` gives the time for an installation.
        """
        installation = (await self._fact(KEY_PREFIX))[:INSTALLATION]
        marked_at = marked(installation) if marked and installation else None
        known = await self._fact(POSTED_UNTIL)
        return None if marked_at is None or (known and datetime.fromisoformat(known) >= marked_at) else marked_at

    async def prepare(self, now: datetime, marked: Callable[[str], datetime | None] | None = None) -> bool:
        """Give the database its key prefix, and put every club in quarantine where it is a backup, or older than its
        mark; True if it was.

        Of several processes that start at once one does it.
        """
        marked_at = await self.is_older(marked)
        taken = delete(CachedFact).where(CachedFact.name == BACKED_UP_AT).returning(CachedFact.value)
        made_at = (await self._session.execute(taken)).scalar()
        old = await self._fact(KEY_PREFIX, lock=True)
        if made_at is None and marked_at is not None:
            marked_at = await self.is_older(marked)  # another process may have been quicker
        if made_at is None and marked_at is None:
            if not old:
                await insert_if_absent(self._session, CachedFact, {"name": KEY_PREFIX, "value": new_prefix()})
            return False
        known_until = datetime.fromisoformat(made_at) if made_at else await self._known_until(now)
        await self._facts.store(KEY_PREFIX, new_prefix(old))
        await self._facts.store(POSTED_UNTIL, max(now, marked_at or now).isoformat())
        await self._enter(known_until, now)
        return True

    async def quarantined(self) -> Sequence[QuarantinedClub]:
        """The clubs in quarantine, in the order of their founding."""
        found = await self._session.execute(
            select(Club.id, Club.name, Quarantine.backed_up_at, Quarantine.reviewed_at)
            .join(Quarantine, Quarantine.club_id == Club.id)
            .order_by(Club.id)
        )
        return [QuarantinedClub(id, name, at, reviewed is not None) for id, name, at, reviewed in found]

    async def _known_until(self, now: datetime) -> datetime:
        """Time until which the database knows of posts: what was noted, else its last attempt at one."""
        if noted := await self._fact(POSTED_UNTIL):
            return datetime.fromisoformat(noted)
        return await self._session.scalar(select(func.max(Delivery.last_tried_at))) or now

    async def _fact(self, name: str, *, lock: bool = False) -> str:
        asked = select(CachedFact.value).where(CachedFact.name == name)
        return await self._session.scalar(asked.with_for_update() if lock else asked) or ""

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
