"""Number of things that a member has added lately, for the club's daily limits."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from bot.domain.models import MemberQuote, PaperLink, PaperQuestion, Report, Submission
from bot.store.base.transaction import ClubRepository

Contribution = Literal["submission", "report", "quote", "link", "question"]
_COLUMNS: dict[Contribution, tuple[InstrumentedAttribute[int], InstrumentedAttribute[int], Any]] = {
    "submission": (Submission.club_id, Submission.member_id, Submission.submitted_at),
    "report": (Report.club_id, Report.member_id, Report.at),
    "question": (PaperQuestion.club_id, PaperQuestion.member_id, PaperQuestion.at),
    "quote": (MemberQuote.club_id, MemberQuote.member_id, MemberQuote.at),
    "link": (PaperLink.club_id, PaperLink.member_id, PaperLink.at),
}
"""The club, the member and the moment of each kind's rows."""


class MemberActivity(ClubRepository):
    """Counts of a member's additions, whatever became of them."""

    async def count(self, member_id: int, what: Contribution, since: datetime) -> int:
        """Rows of a kind that a member has added since a moment."""
        club, member, at = _COLUMNS[what]
        mine = (club == self._club_id, member == member_id, at >= since)
        return await self._session.scalar(select(func.count(at)).where(*mine)) or 0
