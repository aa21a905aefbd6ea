"""Message to a member whose votes were left out of the count, or are counted again."""

from __future__ import annotations

from bot.chat.cards import Card, text
from bot.chat.phrases import phrase
from bot.features.shared.languages import member_language
from bot.locale.current import _
from bot.store import UnitOfWork


async def votes_message(db: UnitOfWork, member_id: int, club: str, reason: str, *, excluded: bool) -> Card:
    """The decision and its reason, in the member's language."""
    async with member_language(db, member_id):
        why = [text(*phrase("Reason: {reason}", reason=reason))] if reason else []
        title = _("Your votes are not counted") if excluded else _("Your votes are counted again")
        return Card(title, (text(_("The moderators of {club} decided this.", club=club)), *why))
