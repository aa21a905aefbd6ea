"""Removal of withdrawn quotes from every edition: the draft, an approved one, and published ones."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from bot.app import App
from bot.chat.cards import Card, Tone, note, to_json
from bot.domain.models import DeliveryKind, Edition, EditionState, MemberQuote
from bot.editions.edit.changes import CorrectionChange, RemoveQuote
from bot.editions.model.document import Document, from_json, sha256
from bot.editions.model.document import to_json as document_json
from bot.features.editions.publishing.takedown import take_down
from bot.features.shared.languages import club_language
from bot.locale.current import _
from bot.store import UnitOfWork


async def remove_quote(app: App, db: UnitOfWork, quote: MemberQuote) -> AsyncIterator[str]:
    """Remove a quote from all editions that have it. Yields a sentence for the moderators about each of them."""
    for edition_id in await db.editions.containing_text(quote.text):
        edition = await db.editions.get(edition_id, lock=True)
        if edition is None:
            continue
        keys = items_quoting(edition, quote)
        if not keys:
            continue
        outcome = _outcome(edition)
        fixes = [CorrectionChange(app.now(), _("A member withdrew their quote."), key) for key in keys]
        await take_down(app, db, edition, [RemoveQuote(key, quote.text) for key in keys], fixes)
        yield outcome


def items_quoting(edition: Edition, quote: MemberQuote) -> list[str]:
    """Keys of the items of an edition that have this quote."""
    document = from_json(edition.document)
    about = items_about(document, quote)
    return [
        item.key
        for item in document.items
        if item.key in about and any(remark.text == quote.text for remark in item.said)
    ]


def items_about(document: Document, quote: MemberQuote) -> list[str]:
    """Keys of the items that are about the paper of a quote."""
    submission = quote.submission
    return [item.key for item in document.items if item.submission == submission.id or item.key == submission.paper.key]


def _outcome(edition: Edition) -> str:
    match edition.state:
        case EditionState.PUBLISHED:
            return _("It was removed from every copy of No. {edition_number}.", edition_number=edition.number)
        case EditionState.APPROVED:
            return _("It was removed from No. {edition_number}, which stays approved.", edition_number=edition.number)
        case _:
            return _("It was removed from the draft of No. {edition_number}.", edition_number=edition.number)


async def erase_quote(db: UnitOfWork, quote: MemberQuote) -> None:
    """Erase a quote also from stored texts that nobody is shown: old versions, recalled editions, notices."""
    for version in await db.editions.versions_containing_text(quote.text):
        version.document = _without_quote(version.document, quote.text)
        version.sha = sha256(version.document)
    for edition_id in await db.editions.containing_text(quote.text, recalled_or_skipped=True):
        if edition := await db.editions.get(edition_id, lock=True):
            edition.document, edition.making = _without_quote(edition.document, quote.text), {}
    async with club_language(db):
        card = Card(_("A quote was withdrawn"), (note(_("The member had their data deleted.")),), Tone.QUIET)
    for kind in (DeliveryKind.QUOTE_REVOKED, DeliveryKind.QUOTE_ADDED):
        await db.deliveries.replace_card(kind, quote.id, to_json(card))


def _without_quote(document: dict[str, Any], text: str) -> dict[str, Any]:
    """A document's JSON without this quote."""
    read = from_json(document)
    sections = tuple(
        replace(
            section,
            items=tuple(
                replace(item, said=tuple(remark for remark in item.said if remark.text != text))
                for item in section.items
            ),
        )
        for section in read.sections
    )
    return document_json(replace(read, sections=sections))
