"""Members' suggestions for editions, and members' remarks that may be quoted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select

from bot.domain.models import MemberQuote, Suggestion, SuggestionState
from bot.store.base.transaction import ClubRepository


class EditionSuggestions(ClubRepository):
    """Suggestions of members for the next edition: news, code and themes."""

    async def add(self, suggestion: Suggestion) -> Suggestion:
        """Store a suggestion."""
        suggestion.club_id = self._club_id
        self._session.add(suggestion)
        await self._session.flush()
        return suggestion

    async def waiting(self, until: datetime | None = None) -> Sequence[Suggestion]:
        """Suggestions that have not been in an edition yet, oldest first; made before `until`, if given."""
        statement = select(Suggestion).where(
            Suggestion.club_id == self._club_id, Suggestion.state == SuggestionState.NEW
        )
        if until:
            statement = statement.where(Suggestion.at < until)
        return (await self._session.scalars(statement.order_by(Suggestion.id))).unique().all()

    async def by_member(self, member_id: int) -> Sequence[Suggestion]:
        """Suggestions of a member, oldest first."""
        own = select(Suggestion).where(Suggestion.club_id == self._club_id, Suggestion.member_id == member_id)
        return (await self._session.scalars(own.order_by(Suggestion.id))).unique().all()

    async def get(self, suggestion_id: int) -> Suggestion | None:
        """A suggestion of this club."""
        return await self._session.scalar(
            select(Suggestion).where(Suggestion.club_id == self._club_id, Suggestion.id == suggestion_id)
        )


_QUOTABLE = (
    select(MemberQuote)
    .where(
        MemberQuote.club_id == bindparam("club"),
        MemberQuote.submission_id.in_(bindparam("submissions", expanding=True)),
        MemberQuote.revoked_at.is_(None),
    )
    .order_by(MemberQuote.id)
)


class MemberQuotes(ClubRepository):
    """Remarks of members with their consent to be quoted."""

    async def add(self, quote: MemberQuote) -> MemberQuote:
        """Store a consent. The same text about the same paper is one row, with the newest consent."""
        if known := await self.by_text(quote.member_id, quote.submission_id, quote.text):
            known.credit, known.url, known.at = quote.credit, quote.url or known.url, quote.at
            return known
        quote.club_id = self._club_id
        self._session.add(quote)
        await self._session.flush()
        return quote

    async def by_text(self, member_id: int, submission_id: int, text: str) -> MemberQuote | None:
        """A member's remark about a submission in these words that may be quoted now."""
        return await self._session.scalar(
            select(MemberQuote).where(
                MemberQuote.club_id == self._club_id,
                MemberQuote.member_id == member_id,
                MemberQuote.submission_id == submission_id,
                MemberQuote.text == text,
                MemberQuote.revoked_at.is_(None),
            )
        )

    async def get(self, quote_id: int) -> MemberQuote | None:
        """A remark of this club, revoked or not."""
        return await self._session.scalar(
            select(MemberQuote).where(MemberQuote.club_id == self._club_id, MemberQuote.id == quote_id)
        )

    async def by_member(self, member_id: int, *, skip: int = 0, limit: int = 10) -> Sequence[MemberQuote]:
        """Remarks of a member that may be quoted now, newest first."""
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
        """Remarks of a member that still have a text, revoked or not."""
        found = await self._session.scalars(
            select(MemberQuote)
            .where(MemberQuote.club_id == self._club_id, MemberQuote.member_id == member_id, MemberQuote.text != "")
            .order_by(MemberQuote.id)
        )
        return found.unique().all()

    async def about(self, submissions: Collection[int]) -> Sequence[MemberQuote]:
        """Remarks about these submissions that may be quoted now, oldest first. Nothing else may be quoted."""
        return await self._all_of(_QUOTABLE, submissions=list(submissions))

    async def revoke(self, quote: MemberQuote, now: datetime) -> None:
        """Revoke a remark, so that it is not quoted any more."""
        quote.revoked_at = now
