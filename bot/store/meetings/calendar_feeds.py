"""Calendar feeds: secret addresses, of which only the hash is stored."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from bot.domain.models import CalendarFeed
from bot.store.base.transaction import BaseRepository, ClubRepository


class CalendarFeeds(ClubRepository):
    """Calendar feeds of one club and its members; `member_id` None is the club's own."""

    async def current(self, member_id: int | None) -> CalendarFeed | None:
        """The feed that is valid now."""
        return await self._session.scalar(
            select(CalendarFeed)
            .where(CalendarFeed.club_id == self._club_id, CalendarFeed.revoked_at.is_(None))
            .where(CalendarFeed.member_id.is_(None) if member_id is None else CalendarFeed.member_id == member_id)
            .order_by(CalendarFeed.id.desc())
            .limit(1)
        )

    async def replace(self, member_id: int | None, digest: str, now: datetime) -> None:
        """Store a new feed; the former address is valid no longer."""
        await self.revoke(member_id, now)
        self._session.add(CalendarFeed(club_id=self._club_id, member_id=member_id, hash=digest, created_at=now))
        await self._session.flush()

    async def revoke(self, member_id: int | None, now: datetime) -> bool:
        """Revoke the valid address; False if there is none."""
        revoked = await self._session.execute(
            update(CalendarFeed)
            .where(CalendarFeed.club_id == self._club_id, CalendarFeed.revoked_at.is_(None))
            .where(CalendarFeed.member_id.is_(None) if member_id is None else CalendarFeed.member_id == member_id)
            .values(revoked_at=now)
            .returning(CalendarFeed.id)
            .execution_options(synchronize_session=False)
        )
        return revoked.first() is not None


class CalendarFeedDirectory(BaseRepository):
    """Calendar feeds of all clubs, for the web server, which knows only the secret."""

    async def by_hash(self, digest: str) -> CalendarFeed | None:
        """The valid feed of a secret's hash."""
        return await self._session.scalar(
            select(CalendarFeed).where(CalendarFeed.hash == digest, CalendarFeed.revoked_at.is_(None))
        )
