"""The edition in progress, for a command that may name it by its number."""

from __future__ import annotations

from typing import Annotated

from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Style, text
from bot.chat.error_cards import RefusedWithCard
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import parse_backticks
from bot.domain.models import Edition, EditionState
from bot.features.editions.draft.draft_changes import NO_DRAFT, no_draft
from bot.features.shared.editions.edition_lookup import read_edition_number, split_edition_number
from bot.locale.current import _, mark_text
from bot.store import UnitOfWork

CurrentEdition = Annotated[
    int | None,
    ParameterHint(
        mark_text("the draft’s number"),
        most=40,
        in_forms=False,
        parse=read_edition_number,
        leading=split_edition_number,
    ),
]
"""Parameter of a command about the edition in progress: a number that must be its own."""


async def current_edition(db: UnitOfWork, number: int | None = None, *, again: Call | None = None) -> Edition:
    """The edition in progress. Raises UserError if there is none.

    If `number` is another edition's, the refusal says what that one is, and its button runs `again` for this one.
    """
    edition = await db.editions.current()
    if number is not None and (edition is None or edition.number != number):
        raise await _wrong_number(db, edition, number, again)
    if edition is None:
        raise await no_draft(db)
    return edition


async def check_current_number(db: UnitOfWork, number: int | None, *, again: Call | None = None) -> None:
    """Raises UserError if a number is given that is not the edition's in progress, nor the next one's."""
    edition = await db.editions.current()
    expected = edition.number if edition else await db.editions.next_number()
    if number not in (None, expected):
        raise await _wrong_number(db, edition, number, again)


async def _wrong_number(db: UnitOfWork, edition: Edition | None, number: int, again: Call | None) -> RefusedWithCard:
    """Refusal of a number that is not the draft's."""
    other = await db.editions.by_number(number)
    buttons: list[Button] = []
    if edition and again:
        buttons.append(Button(_("Use the draft, No. {number}", number=edition.number), again, Style.MAIN))
    match other.state if other else None:
        case EditionState.PUBLISHED:
            title = _("No. {number} is already published", number=number)
            buttons += [
                Button(_("Read No. {number}", number=number), Call.of("digest read", number)),
                Button(_("Correct…"), Call.of("edition correct", edition=number)),
                Button(_("Recall…"), Call.of("edition recall", edition=number)),
            ]
        case EditionState.RECALLED:
            title = _("No. {number} was recalled", number=number)
        case _:
            title = _("There is no edition No. {number}", number=number)
    say = _("The draft is No. {number}.", number=edition.number) if edition else _(NO_DRAFT)
    row = (Buttons(tuple(buttons)),) if buttons else ()
    return RefusedWithCard(Card(title, (text(*parse_backticks(say)), *row)))
