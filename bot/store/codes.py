"""One-time codes of a club. Only their hashes are kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, or_, update

from bot.domain.models import Code, CodePurpose
from bot.store.block import Repository


class Codes(Repository):
    """Codes that bind an account or a workspace."""

    async def give(
        self, digest: str, purpose: CodePurpose, member_id: int, now: datetime, expires_at: datetime
    ) -> None:
        """Keep a code's hash. A member has one live code for a purpose: an earlier one counts no more."""
        mine = (Code.club_id == self._club_id, Code.purpose == purpose)
        await self._session.execute(delete(Code).where(*mine, or_(Code.member_id == member_id, Code.expires_at < now)))
        self._session.add(
            Code(hash=digest, club_id=self._club_id, purpose=purpose, member_id=member_id, expires_at=expires_at)
        )
        await self._session.flush()

    async def use(self, digest: str, purpose: CodePurpose, now: datetime) -> int | None:
        """Use a code up and say whose it was; None for one that is unknown, used or too old."""
        used = (
            update(Code)
            .where(Code.hash == digest, Code.club_id == self._club_id, Code.purpose == purpose)
            .where(Code.used_at.is_(None), Code.expires_at > now)
            .values(used_at=now)
            .returning(Code.member_id)
        )
        return await self._session.scalar(used)
