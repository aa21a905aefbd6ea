"""Command `edition order`: items in the order of a list."""

from __future__ import annotations

import re
from typing import Annotated

from bot.app import Context
from bot.chat.cards import Card
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.editions.edit.changes import Change, Move
from bot.editions.model.document import Item, from_json
from bot.errors import UserError
from bot.features.editions.draft.draft_card import draft_card
from bot.features.editions.draft.draft_changes import load_open_draft, revise
from bot.features.editions.draft.draft_state import load_draft_view
from bot.features.editions.editor.item_lookup import find_in_draft
from bot.locale.current import _, _n

commands = Commands()


@commands("edition order", audience=Audience.MODERATOR, examples=("/edition order 12 9 15",))
async def order(
    ctx: Context,
    items: Annotated[str, ParameterHint("the papers’ numbers in the order you want", rest=True, most=500)],
) -> Card:
    """Put items in order: those you list come first in their section, the others follow."""
    words = [word for word in re.split(r"[\s,;]+", items) if word]
    async with ctx.begin() as db:
        edition = await load_open_draft(db)
        document = from_json(edition.document)
        listed: list[Item] = []
        for word in words:
            item = find_in_draft(edition, word)
            if item in listed:
                raise UserError(_("{word} is in your list twice.", word=word), field="items")
            listed.append(item)
        changes: list[Change] = []
        for section in document.sections:
            first = [item for item in listed if item in section.items]
            changes += [Move(item.key, place) for place, item in enumerate(first, 1)]
        await revise(ctx.app, db, edition, changes, ctx.member.id)
        return draft_card(
            await load_draft_view(db, edition, ctx.now),
            say=_("{items} put in order.", items=_n("{n} item", "{n} items", len(listed))),
        )
