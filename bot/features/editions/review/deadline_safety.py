"""Safety of unreviewed editions: at the deadline, the authors' own words replace unsupported claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.app import App
from bot.chat.text import truncate
from bot.domain.models import Edition, Paper
from bot.editions.compose.item_builder import abstract_of, provenance
from bot.editions.edit.changes import RewriteItem
from bot.editions.model.authorship import without_generated_texts
from bot.editions.model.blocks import Block, Quotation
from bot.editions.model.document import Document, Item, Provenance, from_json
from bot.editions.verification import edition_check
from bot.errors import UserError
from bot.features.editions.draft.draft_changes import revise
from bot.features.editions.draft.source_texts import source_texts_of
from bot.locale.current import _
from bot.store import UnitOfWork


class UnverifiedQuotes(UserError):
    """Quotes of a draft that are in no source and that nobody vouches for: each must be settled before approval."""

    def __init__(self, found: Sequence[edition_check.UnsupportedClaim]) -> None:
        quotes = "; ".join(
            _(
                "“{description}” in {item_title}",
                description=truncate(claim.description, 100),
                item_title=truncate(claim.item.title, 60),
            )
            for claim in found
        )
        super().__init__(
            _(
                "These quotes were not found in any source: {quotes}. See `/edition quotes`.",
                quotes=truncate(quotes, 1500),
            )
        )
        self.found = tuple(found)


class UnsupportedText(UserError):
    """Claims of a draft that no source supports; a person may approve them nevertheless."""

    def __init__(self, found: Sequence[edition_check.UnsupportedClaim]) -> None:
        super().__init__(_("Something in this draft is not in its sources; see `/edition preview`."))
        self.found = tuple(found)


async def check_before_approval(db: UnitOfWork, document: Document, *, sure: bool) -> None:
    """Raises UnverifiedQuotes for quotes without a source; UnsupportedText for other claims unless `sure`."""
    texts = await source_texts_of(db, document)
    misquoted, ungrounded = await edition_check.doubts(document, texts)
    if misquoted:
        raise UnverifiedQuotes(misquoted)
    if not sure and ungrounded:
        raise UnsupportedText(ungrounded)


async def remove_unsupported(
    app: App, db: UnitOfWork, edition: Edition
) -> tuple[list[str], dict[str, edition_check.SourceTexts]]:
    """Remove unsupported claims before an unreviewed edition is frozen. Returns the titles of the changed items, and
    the sources that all were compared with.

    An unsupported generated text is removed, and the abstract takes its place if no text is left; a quote that is in
    no source is removed. Texts of people stay, since they saw the warning when they wrote them.
    """
    document = from_json(edition.document)
    texts = await source_texts_of(db, document)
    wrong, loose = await edition_check.doubts(document, texts)
    misquoted = {claim.item.key: claim.item for claim in wrong}
    ungrounded = {claim.item.key: claim.item for claim in loose if claim.generated}
    changes = []
    for key, item in (misquoted | ungrounded).items():
        paper = await db.papers.by_key(key)
        if key in ungrounded and paper:
            changes.append(_without_generated(item, paper, texts[key], provenance(None, paper, app.now())))
        elif key in misquoted:
            changes.append(_verbatim_quotes_only(item, texts.get(key, edition_check.SourceTexts("", ()))))
    if changes:
        await revise(app, db, edition, changes, None)
    changed = {change.item for change in changes}
    return [item.title for item in (misquoted | ungrounded).values() if item.key in changed], texts


def _without_generated(
    item: Item, paper: Paper, texts: edition_check.SourceTexts, origin: Provenance | None
) -> RewriteItem:
    """The item with the texts and quotes of people, and the abstract in the place of the writer's texts."""
    left = without_generated_texts(item)
    if not left.why and not left.why_more and not left.insights:
        return RewriteItem(item.key, (), (), abstract_of(paper), origin)
    return replace(_verbatim_quotes_only(left, texts), provenance=origin)


def _verbatim_quotes_only(item: Item, texts: edition_check.SourceTexts) -> RewriteItem:
    """The item with only those quotes that are in a source word for word, or that a person vouches for."""

    def stays(block: Block) -> bool:
        if not isinstance(block, Quotation) or (block.voucher and texts.vouching):
            return True
        return edition_check.is_verbatim(block.text, texts)

    quotes = tuple(b for b in item.passages if isinstance(b, Quotation) and stays(b))
    return RewriteItem(item.key, item.why, tuple(filter(stays, item.insights)), quotes, item.provenance)
