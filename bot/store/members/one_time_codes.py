"""One-time codes of a club. Only their hashes are stored."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, or_, update

from bot.domain.models import CodePurpose, OneTimeCode
from bot.store.base.transaction import ClubRepository


class OneTimeCodes(ClubRepository):
    """Codes that link an account or a workspace."""

    async def issue(
        self, digest: str, purpose: CodePurpose, member_id: int, now: datetime, expires_at: datetime
    ) -> None:
        """Store the hash of a code. It replaces the member's earlier code for the same purpose."""
        same_purpose = (OneTimeCode.club_id == self._club_id, OneTimeCode.purpose == purpose)
        await self._session.execute(
            delete(OneTimeCode).where(
                *same_purpose, or_(OneTimeCode.member_id == member_id, OneTimeCode.expires_at < now)
            )
        )
        self._session.add(
            OneTimeCode(hash=digest, club_id=self._club_id, purpose=purpose, member_id=member_id, expires_at=expires_at)
        )
        await self._session.flush()

    async def redeem(self, digest: str, purpose: CodePurpose, now: datetime) -> int | None:
        """Use a code up. Returns its member, or None if it is unknown, used or expired."""
        used = (
            update(OneTimeCode)
            .where(OneTimeCode.hash == digest, OneTimeCode.club_id == self._club_id, OneTimeCode.purpose == purpose)
            .where(OneTimeCode.used_at.is_(None), OneTimeCode.expires_at > now)
            .values(used_at=now)
            .returning(OneTimeCode.member_id)
        )
        return await self._session.scalar(used)
