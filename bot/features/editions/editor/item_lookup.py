"""Lookup of an item of a draft by the paper's number, by its key, or by words of its title."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from bot.app import Context
from bot.chat.form_texts import option_label
from bot.chat.parameters import ParameterHint
from bot.chat.text import one_line, truncate
from bot.editions.model.document import Document, Item, from_json
from bot.errors import UserError
from bot.locale.current import _, mark_text

ITEM = mark_text("its number, or words of its title")


def suggested_choice(label: str, choices: Sequence[str], parameter: str = "part") -> ParameterHint:
    """Parameter whose choices are suggested while typing, since Discord's menus cannot hold them all."""

    def read(word: str) -> str:
        chosen = word.strip().lower().replace("_", "-").replace(" ", "-")
        if chosen not in choices:
            raise UserError(
                _(
                    "Choose one of {choices}; “{word}” is not one of them.",
                    choices=", ".join(choices),
                    word=truncate(word, 60),
                )
            )
        return chosen

    async def suggested(ctx: Context, typed: str) -> list[tuple[str, str]]:
        wanted = typed.strip().lower()
        options = [(option_label(parameter, word), word) for word in choices]
        return [(shown, word) for shown, word in options if wanted in word or wanted in shown.lower()][:25]

    return ParameterHint(label, suggest=suggested, strict=True, parse=read, most=40)


async def by_item(ctx: Context, typed: str) -> list[tuple[str, str]]:
    """Suggest the items of the current edition: (title, reference)."""
    async with ctx.read() as db:
        edition = await db.editions.current()
    items = from_json(edition.document).items if edition else ()
    wanted = typed.strip().lower()
    return [(truncate(item.title, 100), item_reference(item)) for item in items if wanted in item.title.lower()][:25]


async def by_section(ctx: Context, typed: str) -> list[tuple[str, str]]:
    """Suggest the sections of the current edition."""
    async with ctx.read() as db:
        edition = await db.editions.current()
    sections = from_json(edition.document).sections if edition else ()
    titles = [section.title for section in sections] + ["news", "code", "meta", "picks"]
    return [(truncate(title, 100), truncate(title, 100)) for title in titles if typed.strip().lower() in title.lower()][
        :25
    ]


ItemWord = Annotated[str, ParameterHint(ITEM, suggest=by_item, most=300)]


def item_reference(item: Item) -> str:
    """Shortest reference to an item, for a button or a suggestion."""
    if item.brought:
        return str(item.brought)
    return item.key if len(item.key) <= 100 and " " not in item.key else truncate(item.title, 90).rstrip("…")


def find_item(document: Document, typed: str) -> Item:
    """The item with this number, key or title. Raises UserError, with similar titles, unless exactly one matches."""
    word = one_line(typed)
    number = word.removeprefix("#")
    exact = [
        item for item in document.items if word == item.key or (number.isdecimal() and item.brought == int(number))
    ]
    words = word.casefold()
    found = exact or [item for item in document.items if item.title.casefold() == words]
    found = found or [item for item in document.items if words and words in item.title.casefold()]
    if len(found) == 1:
        return found[0]
    if not found:
        raise UserError(
            _("No. {document_number} has no item “{word}”.", document_number=document.number, word=truncate(word, 80)),
            field="item",
        )
    titles = "; ".join(truncate(item.title, 60) for item in found[:3])
    raise UserError(
        _(
            "Several items have “{word}” in their titles: {titles}. Give more of the title.",
            word=truncate(word, 80),
            titles=titles,
        ),
        field="item",
    )
