"""No clock lets out what nobody looked at: at the deadline, what is in doubt gives way to the authors' own words."""

from __future__ import annotations

from collections.abc import Sequence

from bot.app import App
from bot.chat.text import truncate
from bot.domain.models import Edition
from bot.editions.compose.item_builder import abstract_of, provenance
from bot.editions.edit.changes import RewriteItem
from bot.editions.model.blocks import Quotation
from bot.editions.model.document import Document, Item, from_json
from bot.editions.verification import edition_check
from bot.errors import UserError
from bot.features.editions.draft.draft_changes import revise
from bot.features.editions.draft.evidence import source_texts_of
from bot.store import UnitOfWork


class UnsupportedText(UserError):
    """Something in a draft does not stand in what the club has read; a person may let it out all the same."""

    def __init__(self, found: Sequence[edition_check.UnsupportedClaim]) -> None:
        super().__init__("Something in this draft does not stand in its sources; see `/edition preview`.")
        self.found = tuple(found)


async def check_before_approval(db: UnitOfWork, document: Document, *, sure: bool) -> None:
    """Let no made-up quote pass, and nothing ungrounded unless a person is `sure`. Raises UserError, or Unsure."""
    read = await source_texts_of(db, document)
    if wrong := list(edition_check.misquoted(document, read)):
        told = "; ".join(
            f"“{truncate(doubt.description, 100)}” in {truncate(doubt.item.title, 60)}" for doubt in wrong[:5]
        )
        raise UserError(f"These words stand in no source, so they cannot be quoted: {told}. Take them out first.")
    if not sure and (loose := list(edition_check.ungrounded(document, read))):
        raise UnsupportedText(loose)


async def make_safe(app: App, db: UnitOfWork, edition: Edition) -> list[str]:
    """Leave out what nobody vouches for, before a clock lets the edition out; the titles of what was changed.

    An item whose generated text says what its source does not is left to its abstract; a quote that stands nowhere is
    left out. What a moderator wrote, and was shown in doubt then, stays.
    """
    document = from_json(edition.document)
    read = await source_texts_of(db, document)
    wrong = {doubt.item.key: doubt.item for doubt in edition_check.misquoted(document, read)}
    loose = {doubt.item.key: doubt.item for doubt in edition_check.ungrounded(document, read)}
    vouched = await _by_hand(db)
    changes = []
    for key, item in (wrong | loose).items():
        paper = await db.papers.by_key(key)
        generated = key in loose and not (item.provenance and item.provenance.editor) and item.submission not in vouched
        if generated and paper:
            changes.append(RewriteItem(key, (), (), abstract_of(paper), provenance(None, paper, app.now())))
        elif key in wrong:
            changes.append(_quoting_only(item, read.get(key, edition_check.SourceTexts("", ()))))
    if changes:
        await revise(app, db, edition, changes, None)
    return [item.title for item in (wrong | loose).values() if any(change.item == item.key for change in changes)]


def _quoting_only(item: Item, known: edition_check.SourceTexts) -> RewriteItem:
    """The item with those of its quotes that stand in a text."""
    quotes = tuple(b for b in item.passages if isinstance(b, Quotation) and edition_check.is_verbatim(b.text, known))
    return RewriteItem(item.key, item.why, item.insights, quotes, item.provenance)


async def _by_hand(db: UnitOfWork) -> set[int]:
    """The submissions whose Why a moderator wrote when picking them."""
    return {id for id, pick in (await db.picks.all()).items() if pick.why}
