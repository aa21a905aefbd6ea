"""Commands that write the texts of a draft: the edition's own, and those of its items."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, QuotePart, Tone, note
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.form_texts import option_label
from bot.chat.parameters import ParameterHint
from bot.chat.text import truncate
from bot.editions.edit.changes import CLEAR_KEYWORD, EDITION_PARTS, ITEM_PARTS, Change, WriteText
from bot.editions.edit.markup_parser import without_outer_marks
from bot.editions.edit.markup_writer import without_escapes
from bot.editions.model.document import Document, Item, from_json
from bot.errors import UserError
from bot.features.editions.draft.draft_changes import load_open_draft, revise, with_citation_keys
from bot.features.editions.editor.citations import citation_notes, cited_works
from bot.features.editions.editor.edition_overview import edition_text, item_card, item_text
from bot.features.editions.editor.item_changes import change_item
from bot.features.editions.editor.item_lookup import OTHER_NAMES, ItemWord, find_in_draft, suggested_choice
from bot.features.editions.editor.plain_notes import saved_as_notes
from bot.features.editions.editor.quote_lookup import quotes_in
from bot.locale.current import _, mark_text
from bot.store import UnitOfWork

commands = Commands()

MAX_TEXT_LENGTH = 12_000
"""Maximum length of a text in characters: a letter of two thousand words."""

TEXT_HINT = mark_text("the new text; `none` empties it")
PART_HINT = mark_text("leave empty to keep it; `none` deletes it")
MAX_HEADING_LENGTH = 300
"""Maximum length of a heading in characters."""
_WITH_QUOTES = ("passages", "insights")
QUOTED_PARTS = ("part", (*_WITH_QUOTES, *(name for name, part in OTHER_NAMES.items() if part in _WITH_QUOTES)))
"""Texts that may be a quote as a whole: the quotation marks around it are typed for it."""


@commands(
    "edition write",
    audience=Audience.MODERATOR,
    examples=(
        '/edition write headline "Vision, taken over by transformers"',
        "/edition write video Watch this edition https://youtu.be/…",
    ),
)
async def write(
    ctx: Context,
    part: Annotated[str, suggested_choice(mark_text("which text"), EDITION_PARTS)],
    text: Annotated[str, ParameterHint(TEXT_HINT, clears=True, long=True, most=MAX_TEXT_LENGTH)],
    more: Annotated[bool, ParameterHint("keep the current text and add this after it")] = False,
) -> Card:
    """Write a text of the edition: title, headline, letter, themes, sign-off, and more.

    Write one theme per line, followed by a few details in brackets: `Code (GPT-Neo, DeepSpeed)`. Write a video as a
    label, then its link. `selected` says how many new papers there were to choose from, and in which
    category: `4,000 in cs.LG`.
    """
    async with ctx.begin() as db:
        edition = await load_open_draft(db)
        before = from_json(edition.document)
        new_text = validate_text(part, append_text(edition_text(before, part) if more else "", text))
        change = WriteText(part, with_citation_keys(before, new_text), by=ctx.member.name)
        after = await revise(ctx.app, db, edition, [*await cited_works(db, before, text), change], ctx.member.id)
    card = written_card(part, edition_text(after, part))
    own = (after.intro, after.letter, after.sign_off)
    return replace(card, parts=(*card.parts[:1], *citation_notes(after, *own), *card.parts[1:]))


def append_text(current_text: str, text: str) -> str:
    """A text added below the current one."""
    return f"{current_text}\n\n{text}" if current_text else text


def validate_text(part: str, text: str) -> str:
    """The text, if it is valid for this part. Raises UserError otherwise."""
    if text.strip() == CLEAR_KEYWORD:
        if part == "title":
            raise UserError(_("An edition needs a title."), field="text")
        return CLEAR_KEYWORD
    if part == "video" and not text.rpartition(" ")[2].startswith("https://"):
        raise UserError(_("Write a video as a label, then a link that begins with https://."), field="text")
    if part == "selected" and not text.partition(" ")[0].replace(",", "").isdecimal():
        raise UserError(_("Begin with the number of new papers, such as `4,000 in cs.LG`."), field="text")
    return text


def written_card(part: str, current_text: str) -> Card:
    """Card with the new text, and a button to undo the change."""
    row = Buttons(
        (Button(_("Undo"), Call.of("edition undo")), Button(_("Back to the editor"), Call.of("edition edit")))
    )
    shown = QuotePart(truncate(without_escapes(current_text), 1500)) if current_text else note(_("It is now empty."))
    return Card(_("Changed: {part}", part=option_label("part", part)), (shown, row), Tone.GOOD)


@commands(
    "edition item write",
    audience=Audience.MODERATOR,
    examples=('/edition item write 12 why "It settles an old question."', "/edition item write 12 insights none"),
)
async def rewrite_text(
    ctx: Context,
    item: ItemWord,
    part: Annotated[str, suggested_choice(mark_text("which text of it"), ITEM_PARTS)],
    text: Annotated[
        str, ParameterHint(TEXT_HINT, clears=True, long=True, most=MAX_TEXT_LENGTH, keeps_marks=QUOTED_PARTS)
    ],
    more: Annotated[bool, ParameterHint("keep the current text and add this after it")] = False,
) -> Card:
    """Write a text of an item: heading, authors, “Why read it”, key insights, quotes or notes.

    Separate paragraphs with an empty line. Begin a line with `- ` or `1. ` for a list (indent it for a sublist), `# `
    for a subheading, `> ` for a quote, `→ ` for a note. A paragraph in quotation marks is a quote too. Quotes are
    looked up in the paper and in texts added with `/edition source`; `/edition quotes` lists those that were not
    found. Related work is a note that begins with a link. A figure is written `![what it shows](address) caption |
    credit`.
    """
    async with ctx.begin() as db:
        edition = await load_open_draft(db)
        before = from_json(edition.document)
        target = find_in_draft(edition, item)
        typed = without_outer_marks(text) if part in QUOTED_PARTS[1] else text
        change = await text_change(
            ctx, db, before, target, part, append_text(item_text(target, part) if more else "", typed)
        )
        changes = [*await cited_works(db, before, text), change]
        notes = partial(saved_as_notes, target)
        return await change_item(ctx, db, edition, changes, target.key, _("Changed."), notes)


@commands(
    "edition item texts",
    audience=Audience.MODERATOR,
    examples=('/edition item texts 12 why="It settles an old question." insights="- One\n- Two"',),
)
async def rewrite_texts(
    ctx: Context,
    item: ItemWord,
    heading: Annotated[str, ParameterHint(PART_HINT, clears=True, most=MAX_HEADING_LENGTH)] = "",
    why: Annotated[str, ParameterHint(PART_HINT, clears=True, long=True, most=MAX_TEXT_LENGTH)] = "",
    insights: Annotated[str, ParameterHint(PART_HINT, clears=True, long=True, most=MAX_TEXT_LENGTH)] = "",
    passages: Annotated[str, ParameterHint(PART_HINT, clears=True, long=True, most=MAX_TEXT_LENGTH)] = "",
) -> Card:
    """Write all texts of an item in one form."""
    typed = {"heading": heading, "why": why, "insights": insights, "passages": passages}
    async with ctx.begin() as db:
        edition = await load_open_draft(db)
        before = from_json(edition.document)
        target = find_in_draft(edition, item)
        new = {part: text for part, text in typed.items() if text and text.strip() != item_text(target, part).strip()}
        if not new:
            return await item_card(ctx, db, edition, before, target, _("Nothing to change: the texts are the same."))
        changes: list[Change] = [change for text in new.values() for change in await cited_works(db, before, text)]
        changes += [await text_change(ctx, db, before, target, part, text) for part, text in new.items()]
        notes = partial(saved_as_notes, target)
        return await change_item(ctx, db, edition, changes, target.key, _("Changed."), notes)


async def text_change(ctx: Context, db: UnitOfWork, document: Document, item: Item, part: str, text: str) -> WriteText:
    """The change of an item's text, with its quotes looked up; those in no source stay as typed."""
    if part == "said" and text.strip() != CLEAR_KEYWORD:
        raise UserError(
            _("Only the member who is quoted can change a quote. You can remove quotes with `none`."), field="text"
        )
    new_text = with_citation_keys(document, without_outer_marks(text) if part in QUOTED_PARTS[1] else text)
    quotes = await quotes_in(db, document, item, new_text) if part in ("passages", "insights") else {}
    return WriteText(part, new_text, item.key, tuple(quotes), tuple(quotes.values()), ctx.member.name)
