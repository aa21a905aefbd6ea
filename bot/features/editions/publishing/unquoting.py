"""A quote that its member takes back leaves every edition that has it: the draft, an approved one, what is out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from bot.app import App
from bot.chat.cards import Card, Tone, note, to_json
from bot.domain.models import DeliveryKind, Edition, EditionState, MemberQuote
from bot.editions.edit.changes import CorrectionChange, RemoveQuote
from bot.editions.model.document import from_json, sha256
from bot.editions.model.document import to_json as document_json
from bot.features.editions.publishing.takedown import take_out
from bot.store import UnitOfWork


async def taken_out(app: App, db: UnitOfWork, said: MemberQuote) -> AsyncIterator[str]:
    """Take a quote out of all editions that have it; of each, what was done, in a sentence for the moderators."""
    for edition_id in await db.editions.containing_text(said.text):
        edition = await db.editions.get(edition_id, lock=True)
        if edition is None:
            continue
        keys = quoting(edition, said)
        if not keys:
            continue
        came = _where(edition)
        fixes = [CorrectionChange(app.now(), "A member took back what was quoted of them.", key) for key in keys]
        await take_out(app, db, edition, [RemoveQuote(key, said.text) for key in keys], fixes)
        yield came


def quoting(edition: Edition, said: MemberQuote) -> list[str]:
    """The items of an edition that quote these words of a member, by their keys."""
    own = said.submission
    return [
        item.key
        for item in from_json(edition.document).items
        if (item.submission == own.id or item.key == own.paper.key) and any(one.text == said.text for one in item.said)
    ]


def _where(edition: Edition) -> str:
    match edition.state:
        case EditionState.PUBLISHED:
            return f"It was taken out of No. {edition.number}, wherever that was posted."
        case EditionState.APPROVED:
            return f"It was taken out of No. {edition.number}, which stays approved."
        case _:
            return f"It was taken out of the draft of No. {edition.number}."


async def forget_words(db: UnitOfWork, said: MemberQuote) -> None:
    """Take a quote also out of what nobody is shown but the club keeps: old versions, recalled editions, notices."""
    for version in await db.editions.versions_containing_text(said.text):
        version.document = _unsaid(version.document, said.text)
        version.sha = sha256(version.document)
    for edition_id in await db.editions.containing_text(said.text, recalled_or_skipped=True):
        if edition := await db.editions.get(edition_id, lock=True):
            edition.document, edition.making = _unsaid(edition.document, said.text), {}
    card = Card("A quote was taken back", (note("Its member has had their data deleted."),), Tone.QUIET)
    await db.deliveries.replace_card(DeliveryKind.QUOTE_REVOKED, said.id, to_json(card))


def _unsaid(document: dict[str, Any], text: str) -> dict[str, Any]:
    """A document's JSON without these words of a member."""
    read = from_json(document)
    sections = tuple(
        replace(
            section,
            items=tuple(
                replace(item, said=tuple(one for one in item.said if one.text != text)) for item in section.items
            ),
        )
        for section in read.sections
    )
    return document_json(replace(read, sections=sections))
