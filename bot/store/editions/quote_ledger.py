"""Source texts that moderators quote from, and the quotes that they chose."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select

from bot.domain.models import Member, SourceText, StoredQuote
from bot.domain.summary_values import Passage
from bot.store.base.transaction import ClubRepository

_GIVEN_TEXTS = (
    select(SourceText, Member.name)
    .outerjoin(Member, Member.id == SourceText.member_id)
    .where(SourceText.club_id == bindparam("club"), SourceText.key.in_(bindparam("keys", expanding=True)))
    .order_by(SourceText.id)
)
_QUOTES = (
    select(StoredQuote)
    .where(StoredQuote.club_id == bindparam("club"), StoredQuote.key.in_(bindparam("keys", expanding=True)))
    .order_by(StoredQuote.id)
)


class QuoteLedgers(ClubRepository):
    """Source texts and chosen quotes of one club."""

    async def save_text(self, key: str, name: str, text: str, member_id: int, now: datetime) -> None:
        """Store a text of an item under a name, replacing an earlier one."""
        known = await self._session.scalar(
            select(SourceText).where(
                SourceText.club_id == self._club_id, SourceText.key == key, SourceText.name == name
            )
        )
        if known is None:
            known = SourceText(club_id=self._club_id, key=key, name=name, text=text, member_id=member_id, at=now)
            self._session.add(known)
        known.text, known.member_id, known.at = text, member_id, now
        await self._session.flush()

    async def passages(self, keys: Collection[str]) -> dict[str, list[Passage]]:
        """Source texts that were given for these items, by item key, each with the name of who gave it."""
        rows = await self._session.execute(_GIVEN_TEXTS, {"club": self._club_id, "keys": list(keys)})
        found: dict[str, list[Passage]] = {}
        for row, name in rows:
            found.setdefault(row.key, []).append(Passage(row.name, row.text, name or ""))
        return found

    async def add(self, quote: StoredQuote) -> StoredQuote:
        """Store a quote; the same text of the same item is one row."""
        for known in await self.quotes(quote.key):
            if known.text == quote.text:
                return known
        quote.club_id = self._club_id
        self._session.add(quote)
        await self._session.flush()
        return quote

    async def quotes(self, *keys: str) -> Sequence[StoredQuote]:
        """Quotes of these items, in the order in which they were chosen."""
        return await self._all_of(_QUOTES, keys=keys)
