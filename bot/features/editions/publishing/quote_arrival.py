"""Arrival of a member's quote while its paper is in an edition in progress, and the name that it may carry."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from enum import Enum, auto

from bot.app import App
from bot.chat.cards import Card, Part, QuotePart, text, to_json
from bot.domain.models import DeliveryKind, EditionState, MemberQuote
from bot.editions.compose.item_builder import anonymous_label
from bot.editions.model.blocks import MemberComment
from bot.editions.model.document import Document, from_json
from bot.editions.model.document import to_json as document_json
from bot.features.editions.draft.draft_changes import DraftInProgress, template_of
from bot.features.editions.draft.draft_state import show_draft
from bot.features.editions.publishing.quote_removal import items_about, items_quoting
from bot.features.shared.languages import club_language
from bot.locale.current import _
from bot.store import UnitOfWork


class Arrival(Enum):
    """Outcome of a quote for the edition in progress."""

    NOT_THERE = auto()
    """No edition in progress has its paper."""
    ADDED = auto()
    TOO_LATE = auto()
    """Moderators have approved what they saw, so nothing is added."""


def may_credit(credit: str, names: Collection[str]) -> bool:
    """True if a credit is a member's own name, a part of it, or its initials: "Ada", "A. Lovelace", "@ada"."""
    own = {word for name in names for word in _words(name)}
    initials = {word[0] for word in own}
    given = _words(credit)
    return bool(own & set(given)) and all(word in own or word in initials for word in given)


def _words(name: str) -> list[str]:
    return re.findall(r"\w+", name.casefold())


async def add_to_draft(app: App, db: UnitOfWork, quote: MemberQuote) -> Arrival:
    """Add a quote to the draft that has its paper, and tell the moderators, by whom unless it is anonymous.

    A draft that some have approved stays as they saw it.
    """
    edition = await db.editions.current(lock=True)
    if edition is None or not (keys := items_about(from_json(edition.document), quote)):
        return Arrival.NOT_THERE
    is_there = bool(items_quoting(edition, quote))
    if edition.state != EditionState.DRAFT or await db.editions.approvers(edition.id):
        return Arrival.NOT_THERE if is_there else Arrival.TOO_LATE
    by = quote.credit or anonymous_label((await template_of(db, edition)).words)
    comment = MemberComment(quote.text, by, quote.url)
    if edition.making:
        draft = DraftInProgress.of(edition)
        edition.making = replace(draft, composed=_with_comment(draft.composed, keys, comment)).to_json()
    edition.document = document_json(_with_comment(from_json(edition.document), keys, comment))
    edition.revision += 1
    await show_draft(app, db, edition)
    await _tell_moderators(app, db, quote, edition.number)
    return Arrival.ADDED


def _with_comment(document: Document, keys: Collection[str], comment: MemberComment) -> Document:
    """The document with a comment in these items, once."""
    sections = tuple(
        replace(
            section,
            items=tuple(
                replace(item, said=(*(said for said in item.said if said.text != comment.text), comment))
                if item.key in keys
                else item
                for item in section.items
            ),
        )
        for section in document.sections
    )
    return replace(document, sections=sections)


async def _tell_moderators(app: App, db: UnitOfWork, quote: MemberQuote, edition_number: int) -> None:
    [member] = (await db.members.many([quote.member_id])).values()
    async with club_language(db):
        say = _(
            "{member} allowed a quote about #{number}. It is now in the draft of No. {edition_number}.",
            member=member.name if quote.credit else _("A member"),
            number=quote.submission.number,
            edition_number=edition_number,
        )
        parts: tuple[Part, ...] = (text(say), QuotePart(quote.text, quote.credit or _("a member")))
        card = to_json(Card(_("A quote was added to the draft"), parts))
    if await db.deliveries.replace_card(DeliveryKind.QUOTE_ADDED, quote.id, card):
        return
    for room in await db.rooms.with_purpose("moderators"):
        await db.deliveries.plan(DeliveryKind.QUOTE_ADDED, quote.id, room, app.now(), card=card)
