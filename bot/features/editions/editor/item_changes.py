"""Changing an item of the draft, and showing it as it is then."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.app import Context
from bot.chat.cards import Card, Part, Tone
from bot.domain.models import Edition
from bot.editions.edit.changes import Change
from bot.editions.model.document import Item
from bot.features.editions.draft.draft_changes import revise
from bot.features.editions.editor.edition_overview import item_card
from bot.store import UnitOfWork


async def change_item(
    ctx: Context,
    db: UnitOfWork,
    edition: Edition,
    changes: Sequence[Change],
    key: str,
    say: str,
    notes: Callable[[Item], Sequence[Part]] = lambda _item: (),
) -> Card:
    """Apply changes to a draft, whose row is locked. Returns the card of the item with this key.

    `say` is what was done to it; `notes` makes the parts below that from the changed item. Raises what `revise` does.
    """
    document = await revise(ctx.app, db, edition, changes, ctx.member.id)
    item = next(item for item in document.items if item.key == key)
    return await item_card(ctx, db, edition, document, item, say, below=notes(item), tone=Tone.GOOD)
