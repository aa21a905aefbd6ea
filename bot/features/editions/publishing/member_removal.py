"""Removal of a member from the club's editions, when the club deletes the data of that member."""

from __future__ import annotations

from bot.app import App
from bot.chat.cards import Card
from bot.domain.models import EditionState, Member
from bot.domain.models.members import DELETED_MEMBER
from bot.editions.edit.changes import CorrectionChange, Unname
from bot.features.editions.draft.draft_state import IN_PROGRESS
from bot.features.editions.publishing.former_member_names import correction_card, editions_naming
from bot.features.editions.publishing.quote_removal import erase_quote, remove_quote
from bot.features.editions.publishing.takedown import take_down
from bot.locale.current import _
from bot.store import UnitOfWork


async def remove_from_editions(app: App, db: UnitOfWork, member: Member) -> Card | None:
    """Take a member's quotes out of all editions, old versions included, before their rows are deleted, and their name
    and reasons out of an edition in progress.

    Returns a card for the moderators, who correct the editions that name the member; None where there is nothing for
    them to do: no edition names or quotes the member, and none is in progress.
    """
    quotes = await db.member_quotes.with_text(member.id)
    removed = [sentence for quote in quotes async for sentence in remove_quote(app, db, quote)]
    for quote in quotes:
        await erase_quote(db, quote)
    naming = await editions_naming(db, member.id, member.name)  # without those that named them as a quote's author only
    for edition, printed in naming:
        if edition.state in IN_PROGRESS and (locked := await db.editions.get(edition.id, lock=True)):
            other = Unname(tuple((name, _(DELETED_MEMBER)) for name in sorted(printed)))
            await take_down(app, db, locked, [other], [CorrectionChange(app.now(), _("A name was removed."))])
    names = {edition.number: printed for edition, printed in naming if edition.state == EditionState.PUBLISHED}
    if names or removed or await db.editions.current():
        return correction_card(app, names)
    return None
