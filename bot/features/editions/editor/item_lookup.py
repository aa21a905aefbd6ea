"""Lookup of an item of a draft by the paper's number, by its key, or by words of its title."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from bot.app import Context
from bot.chat.form_texts import option_label
from bot.chat.parameters import ParameterHint
from bot.chat.text import one_line, truncate
from bot.domain.models import Edition
from bot.editions.model.document import Document, Item, from_json
from bot.errors import UserError
from bot.features.editions.draft.draft_changes import DraftInProgress
from bot.locale.current import _, mark_text

ITEM = mark_text("paper’s number, place, or title")

MAX_LISTED = 12
"""Items that an error lists."""


OTHER_NAMES = {
    "quotes": "passages", "quote": "passages", "notes": "passages", "quotes-and-notes": "passages",
    "zitate": "passages", "notizen": "passages", "zitate-und-notizen": "passages", "key-insights": "insights",
    "kernaussagen": "insights", "title": "heading", "überschrift": "heading", "comments": "said", "kommentare": "said",
}  # fmt: skip
"""Names of texts as buttons and pages have them, with those of the command."""


def suggested_choice(label: str, choices: Sequence[str], parameter: str = "part") -> ParameterHint:
    """Parameter whose choices are suggested while typing, since Discord's menus cannot hold them all."""

    def read(word: str) -> str:
        chosen = word.strip().lower().replace("_", "-").replace(" ", "-")
        chosen = chosen if chosen in choices else OTHER_NAMES.get(chosen, chosen)
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

    return ParameterHint(label, suggest=suggested, strict=True, parse=read, most=40, known=tuple(choices))


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


def find_in_draft(edition: Edition, typed: str) -> Item:
    """The item of a draft, as `find_item` finds it. Raises UserError for the number of a paper that was removed."""
    document = from_json(edition.document)
    number = one_line(typed).removeprefix("#")
    had = DraftInProgress.of(edition).composed.items
    removed = next((item for item in had if number.isdecimal() and item.brought == int(number[:9])), None)
    if removed and all(item.brought != removed.brought for item in document.items):
        say = _(
            "#{number} “{title}” was already removed from this draft.",
            number=removed.brought,
            title=truncate(removed.title, 60),
        )
        raise UserError(f"{say} {_listed_items(document, document.items)}", field="item")
    return find_item(document, typed)


def find_item(document: Document, typed: str) -> Item:
    """The item with this number, key, title or place. Raises UserError unless exactly one matches.

    A number is the paper's, and if no paper has it, the place in the edition. The error lists the items.
    """
    word = one_line(typed)
    number = word.removeprefix("#")
    items = document.items
    exact = [item for item in items if word == item.key or (number.isdecimal() and item.brought == int(number))]
    if not exact and word.rstrip(".").isdecimal() and 0 < int(word.rstrip(".")[:9]) <= len(items):
        exact = [items[int(word.rstrip(".")) - 1]]
    words = word.casefold()
    found = exact or [item for item in document.items if item.title.casefold() == words]
    found = found or [item for item in document.items if words and words in item.title.casefold()]
    if len(found) == 1:
        return found[0]
    if not found:
        say = _("No. {document_number} has no item “{word}”.", document_number=document.number, word=truncate(word, 80))
        raise UserError(f"{say} {_listed_items(document, items)}", field="item")
    say = _("Several items have “{word}” in their titles.", word=truncate(word, 80))
    raise UserError(f"{say} {_listed_items(document, found)}", field="item")


def _listed_items(document: Document, chosen: Sequence[Item]) -> str:
    """Sentence with the places, the papers' numbers and the titles of items: "1 · #9 Attention"."""
    if not chosen:
        return _("It has no items yet.")
    shown = [
        f"{place} · {f'#{item.brought} ' if item.brought else ''}{truncate(item.title, 60)}"
        for place, item in enumerate(document.items, 1)
        if item in chosen
    ]
    more = _(" and {n} more", n=len(shown) - MAX_LISTED) if len(shown) > MAX_LISTED else ""
    return _(
        "Its items are: {items}{more}. Give the place, the paper’s number, or words of the title.",
        items="; ".join(shown[:MAX_LISTED]),
        more=more,
    )
