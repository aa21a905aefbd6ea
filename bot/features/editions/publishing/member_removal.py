"""Removal of a member from the club's editions, when the club deletes the data of that member."""

from __future__ import annotations

from bot.app import App
from bot.chat.cards import Card
from bot.domain.models import EditionState, Member
from bot.domain.models.members import DELETED_MEMBER
from bot.editions.edit.changes import CorrectionChange, ReplaceNames
from bot.editions.edit.member_names import member_names
from bot.editions.model.document import from_json
from bot.features.editions.draft.draft_state import IN_PROGRESS, withdraw_approval_of
from bot.features.editions.publishing.former_member_names import correction_card, editions_naming
from bot.features.editions.publishing.quote_removal import erase_quote, remove_quote
from bot.features.editions.publishing.takedown import take_down
from bot.locale.current import _
from bot.store import UnitOfWork


async def remove_from_editions(app: App, db: UnitOfWork, member: Member) -> Card | None:
    """Take a member's quotes out of all editions, old versions included, before their rows are deleted, and their
    name, reasons and approval out of an edition in progress.

    Returns a card for the moderators, who correct the editions that name the member; None where there is nothing for
    them to do: no edition names or quotes the member, and none in progress has anything of theirs.
    """
    await withdraw_approval_of(app, db, member)
    involved = await _is_in_progress_with(db, member)
    quotes = await db.member_quotes.with_text(member.id)
    removed = [sentence for quote in quotes async for sentence in remove_quote(app, db, quote)]
    for quote in quotes:
        await erase_quote(db, quote)
    naming = await editions_naming(db, member.id, member.name)  # without those that named them as a quote's author only
    for edition, printed in naming:
        if edition.state in IN_PROGRESS and (locked := await db.editions.get(edition.id, lock=True)):
            other = ReplaceNames(tuple((name, _(DELETED_MEMBER)) for name in sorted(printed)))
            await take_down(app, db, locked, [other], [CorrectionChange(app.now(), _("A name was removed."))])
    names = {edition.number: printed for edition, printed in naming if edition.state == EditionState.PUBLISHED}
    if names or removed or involved:
        return correction_card(app, names)
    return None


async def _is_in_progress_with(db: UnitOfWork, member: Member) -> bool:
    """True if an edition in progress names a member, or has a paper or a suggestion of theirs."""
    current = await db.editions.current()
    if current is None:
        return False
    document = from_json(current.document)
    papers = set(await db.personal_data.submitted(member.id))
    suggestions = {one.id for one in await db.suggestions.by_member(member.id)}
    return member.name in member_names(document) or any(
        item.submission in papers or (item.suggestion and item.suggestion in suggestions) for item in document.items
    )
