"""Saved calls: a button or a failed form carries a short reference to a call that is stored in the database."""

from __future__ import annotations

from dataclasses import replace

from bot.app import App
from bot.chat.calls import FILL, Call
from bot.chat.cards import Button, Buttons, Card, ListEntry, Part
from bot.domain.models import SavedCall
from bot.errors import UserError
from bot.locale.current import _

EDIT_SAVED, RUN_SAVED, FILL_SAVED = "again", "kept", "fill"
"""Commands that refer to a saved call: `again 17` opens its form with what somebody typed, `kept 17` runs it, and
`fill 17` opens the form that a button filled in."""
REFERENCES = (EDIT_SAVED, RUN_SAVED, FILL_SAVED, FILL)
FORM_REFERENCES = (EDIT_SAVED, FILL_SAVED, FILL)
"""References that open a form whether a word is missing or not."""


async def load_saved_call(app: App, call: Call, club_id: int, member_id: int | None = None) -> Call:
    """The call that a reference on a button stands for; any other call with its command's current name.

    `member_id` is the presser's. Raises UserError if the saved call has expired, or is another member's text.
    """
    if call.command == FILL:
        return app.commands.find_stored(call.words[0] if call.words else "")[1]
    if call.command not in REFERENCES:
        return replace(call, command=app.commands.renamed.get(call.command, call.command))
    async with app.store.read(club_id) as db:
        number = call.words[0] if call.words else ""
        saved = await db.saved_calls.get(int(number), member_id) if number.isdecimal() and len(number) < 19 else None
    if saved is None:
        raise UserError(_("What you typed has expired. Please run the command again."))
    return app.commands.find_stored(saved)[1]


async def save_call(
    app: App, call: Call, club_id: int, *, under: str = RUN_SAVED, member_id: int | None = None
) -> Call:
    """Save a call, and return a short one that refers to it: `kept 17`, or `again 17` or `fill 17` to open its form.

    With `member_id` nobody else can open it.
    """
    async with app.store.begin(club_id) as db:
        saved = SavedCall(call=str(call), at=app.now(), member_id=member_id)
        return Call.of(under, await db.saved_calls.save(saved))


async def with_short_calls(app: App, card: Card, club_id: int, max_length: int) -> Card:
    """The card with each call longer than `max_length` characters saved and replaced by a short one."""
    parts: list[Part] = []
    for part in card.parts:
        if isinstance(part, Buttons):
            row = [await _shortened_button(app, button, club_id, max_length) for button in part.row]
            more = [await _shortened_button(app, button, club_id, max_length) for button in part.more]
            parts.append(Buttons(tuple(row), tuple(more)))
        elif isinstance(part, ListEntry) and part.button:
            parts.append(replace(part, button=await _shortened_button(app, part.button, club_id, max_length)))
        else:
            parts.append(part)
    return replace(card, parts=tuple(parts))


async def _shortened_button(app: App, button: Button, club_id: int, max_length: int) -> Button:
    if len(str(button.call)) <= max_length:
        return button
    if button.call.command == FILL:
        return replace(
            button,
            call=await save_call(app, app.commands.find_stored(button.call.words[0])[1], club_id, under=FILL_SAVED),
        )
    return replace(button, call=await save_call(app, button.call, club_id))
