"""One-time codes of a club. Only their hashes are kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, or_, update

from bot.domain.models import CodePurpose, OneTimeCode
from bot.store.base.transaction import ClubRepository


class OneTimeCodes(ClubRepository):
    """Codes that bind an account or a workspace."""

    async def issue(
        self, digest: str, purpose: CodePurpose, member_id: int, now: datetime, expires_at: datetime
    ) -> None:
        """Keep a code's hash. A member has one live code for a purpose: an earlier one counts no more."""
        mine = (OneTimeCode.club_id == self._club_id, OneTimeCode.purpose == purpose)
        await self._session.execute(
            delete(OneTimeCode).where(*mine, or_(OneTimeCode.member_id == member_id, OneTimeCode.expires_at < now))
        )
        self._session.add(
            OneTimeCode(hash=digest, club_id=self._club_id, purpose=purpose, member_id=member_id, expires_at=expires_at)
        )
        await self._session.flush()

    async def redeem(self, digest: str, purpose: CodePurpose, now: datetime) -> int | None:
        """Use a code up and say whose it was; None for one that is unknown, used or too old."""
        used = (
            update(OneTimeCode)
            .where(OneTimeCode.hash == digest, OneTimeCode.club_id == self._club_id, OneTimeCode.purpose == purpose)
            .where(OneTimeCode.used_at.is_(None), OneTimeCode.expires_at > now)
            .values(used_at=now)
            .returning(OneTimeCode.member_id)
        )
        return await self._session.scalar(used)
