"""State of an edition in progress for its moderators: all that its card shows, and the card itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.app import App
from bot.chat.cards import to_json
from bot.domain.models import DeliveryKind, Edition, EditionState, Member, SuggestionState
from bot.editions.compose.composer import suggestions
from bot.editions.model.document import from_json
from bot.editions.verification.edition_check import SourceTexts
from bot.features.editions.draft.draft_card import DraftView, draft_card
from bot.features.editions.draft.draft_checks import checks
from bot.features.shared.languages import club_language
from bot.store import UnitOfWork

IN_PROGRESS = (EditionState.DRAFT, EditionState.APPROVED)
"""States in which an edition can still be changed; its card shows what is wrong."""


async def load_draft_view(
    db: UnitOfWork, edition: Edition, now: datetime, texts: Mapping[str, SourceTexts] | None = None
) -> DraftView:
    """Everything that the card of a draft shows at a time; `texts` are its sources where they are loaded already."""
    document = from_json(edition.document)
    return DraftView(
        edition,
        document,
        await db.club(),
        await db.slots.get(edition.slot_id) if edition.slot_id else None,
        tuple(await db.editions.approvers(edition.id)),
        tuple(await checks(db, edition, document, texts)) if edition.state in IN_PROGRESS else (),
        now,
    )


async def show_draft(
    app: App, db: UnitOfWork, edition: Edition, *, say: str = "", texts: Mapping[str, SourceTexts] | None = None
) -> None:
    """Post the card of an edition in progress to the moderators' channels, or update the posted cards."""
    async with club_language(db):
        card = to_json(draft_card(await load_draft_view(db, edition, app.now(), texts), say=say))
    if await db.deliveries.replace_card(DeliveryKind.DRAFT, edition.id, card):
        return
    for room in await db.rooms.with_purpose("moderators"):
        await db.deliveries.plan(DeliveryKind.DRAFT, edition.id, room, app.now(), card=card)


async def withdraw_approval_of(app: App, db: UnitOfWork, member: Member) -> int | None:
    """Withdraw the approval of a draft by a member who no longer moderates the club.

    Returns the draft's number; None if there is none, if it has enough approvals already, or none of this member.
    """
    edition = await db.editions.current(lock=True)
    if edition is None or edition.state != EditionState.DRAFT:
        return None
    if not await db.editions.withdraw_approval(edition.id, member.id):
        return None
    await show_draft(app, db, edition)
    return edition.number


async def release_items(db: UnitOfWork, edition: Edition) -> None:
    """Release the papers and suggestions that an edition had claimed."""
    await db.editions.release_items(edition.id)
    for id in suggestions(from_json(edition.document)):
        if (suggestion := await db.suggestions.get(id)) and suggestion.edition_id == edition.id:
            suggestion.state, suggestion.edition_id = SuggestionState.NEW, None
