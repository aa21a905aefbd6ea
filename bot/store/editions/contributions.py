"""Suggestions and quotable statements of members."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from bot.domain.models import (
    MemberQuote,
    Suggestion,
    SuggestionState,
)
from bot.store.base.transaction import ClubRepository


class EditionSuggestions(ClubRepository):
    """News, code and themes that members suggest for the next edition."""

    async def add(self, suggestion: Suggestion) -> Suggestion:
        """Keep a suggestion."""
        suggestion.club_id = self._club_id
        self._session.add(suggestion)
        await self._session.flush()
        return suggestion

    async def waiting(self, until: datetime | None = None) -> Sequence[Suggestion]:
        """What has not been in an edition yet, oldest first."""
        question = select(Suggestion).where(
            Suggestion.club_id == self._club_id, Suggestion.state == SuggestionState.NEW
        )
        if until:
            question = question.where(Suggestion.at < until)
        return (await self._session.scalars(question.order_by(Suggestion.id))).unique().all()

    async def get(self, suggestion_id: int) -> Suggestion | None:
        """A suggestion of this club."""
        return await self._session.scalar(
            select(Suggestion).where(Suggestion.club_id == self._club_id, Suggestion.id == suggestion_id)
        )


class MemberQuotes(ClubRepository):
    """Consent to be quoted, row by row."""

    async def add(self, saying: MemberQuote) -> MemberQuote:
        """Let something be quoted. The same words about the same paper are one row; the newest consent stands."""
        found = await self._session.scalars(
            select(MemberQuote).where(
                MemberQuote.club_id == self._club_id,
                MemberQuote.member_id == saying.member_id,
                MemberQuote.submission_id == saying.submission_id,
                MemberQuote.revoked_at.is_(None),
            )
        )
        for known in found.unique().all():
            if known.text == saying.text:
                known.credit, known.url, known.at = saying.credit, saying.url or known.url, saying.at
                return known
        saying.club_id = self._club_id
        self._session.add(saying)
        await self._session.flush()
        return saying

    async def get(self, saying_id: int) -> MemberQuote | None:
        """A saying of this club, revoked or not."""
        return await self._session.scalar(
            select(MemberQuote).where(MemberQuote.club_id == self._club_id, MemberQuote.id == saying_id)
        )

    async def by_member(self, member_id: int, *, skip: int = 0, limit: int = 10) -> Sequence[MemberQuote]:
        """What a member lets be quoted now, newest first."""
        found = await self._session.scalars(
            select(MemberQuote)
            .where(
                MemberQuote.club_id == self._club_id,
                MemberQuote.member_id == member_id,
                MemberQuote.revoked_at.is_(None),
            )
            .order_by(MemberQuote.id.desc())
            .offset(skip)
            .limit(limit)
        )
        return found.unique().all()

    async def with_text(self, member_id: int) -> Sequence[MemberQuote]:
        """All that a member ever let be quoted and has words still, taken back or not."""
        found = await self._session.scalars(
            select(MemberQuote)
            .where(MemberQuote.club_id == self._club_id, MemberQuote.member_id == member_id, MemberQuote.text != "")
            .order_by(MemberQuote.id)
        )
        return found.unique().all()

    async def about(self, submissions: Collection[int]) -> Sequence[MemberQuote]:
        """What may be quoted now about any of these submissions, oldest first. Nothing else may be quoted."""
        found = await self._session.scalars(
            select(MemberQuote)
            .where(
                MemberQuote.club_id == self._club_id,
                MemberQuote.submission_id.in_(submissions),
                MemberQuote.revoked_at.is_(None),
            )
            .order_by(MemberQuote.id)
        )
        return found.unique().all()

    async def revoke(self, saying: MemberQuote, now: datetime) -> None:
        """Take a saying back: it is quoted no more."""
        saying.revoked_at = now
