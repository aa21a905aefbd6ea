"""What a member has added lately, counted: what the club's daily limits are held against."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import func, select

from bot.domain.models import MemberQuote, Report, Submission
from bot.store.base.transaction import ClubRepository

Contribution = Literal["submission", "report", "quote"]
_WHEN = {
    "submission": (Submission, Submission.submitted_at),
    "report": (Report, Report.at),
    "quote": (MemberQuote, MemberQuote.at),
}


class MemberActivity(ClubRepository):
    """How much a member has added, whatever became of it."""

    async def count(self, member_id: int, what: Contribution, since: datetime) -> int:
        """Rows of a kind that a member has added since a moment."""
        model, at = _WHEN[what]
        mine = (model.club_id == self._club_id, model.member_id == member_id, at >= since)
        return await self._session.scalar(select(func.count()).select_from(model).where(*mine)) or 0
