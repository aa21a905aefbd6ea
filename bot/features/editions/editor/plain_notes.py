"""Paragraphs among an item's quotes that are notes as they were typed, and may have been meant as quotes."""

from __future__ import annotations

from collections.abc import Iterator

from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Part, text
from bot.chat.text import one_line, truncate
from bot.editions.edit import markup_writer
from bot.editions.edit.changes import WriteText
from bot.editions.model import prose
from bot.editions.model.blocks import Block, Paragraph, Quotation
from bot.editions.model.document import Document, Item
from bot.editions.text_analysis.quotation_marks import marked_quote
from bot.errors import UserError
from bot.features.editions.draft.draft_changes import with_citation_keys
from bot.features.editions.editor.item_lookup import item_reference
from bot.features.editions.editor.quote_lookup import hash_of_words, quotes_in
from bot.locale.current import _
from bot.store import UnitOfWork

MAX_OFFERED = 3
"""Notes that an answer names, each with its button."""


def saved_as_notes(before: Item, after: Item) -> tuple[Part, ...]:
    """New paragraphs that were saved as notes, each with a button that makes it a quote; empty if there are none."""
    return tuple(part for words in _new_notes(before, after)[:MAX_OFFERED] for part in _offer(words, after))


def note_lines(before: Item, after: Item) -> tuple[str, ...]:
    """The same as sentences, for a text that is published already."""
    return tuple(_sentence(words) for words in _new_notes(before, after)[:MAX_OFFERED])


async def note_as_quote(
    db: UnitOfWork, document: Document, item: Item, typed: str, by: str
) -> tuple[WriteText, Quotation]:
    """The change that makes a note a quote, looked up in the item's sources. Raises UserError without such a note."""
    wanted = one_line(typed).casefold()
    chosen = next(
        (w for w in _notes(item) if wanted and (hash_of_words(w) == wanted or w.casefold().startswith(wanted))), None
    )
    if chosen is None:
        raise UserError(_("That note is no longer in the draft."), field="quote")
    marked = marked_quote(chosen)
    quote = Quotation(marked.words, marked.credit) if marked else Quotation(chosen)
    passages: tuple[Block, ...] = tuple(quote if _words(block) == chosen else block for block in item.passages)
    written = with_citation_keys(document, markup_writer.write_blocks(passages))
    found = await quotes_in(db, document, item, written)
    change = WriteText("passages", written, item.key, tuple(found), tuple(found.values()), by)
    return change, found.get(quote.text, quote)


def _new_notes(before: Item, after: Item) -> list[str]:
    known = set(_notes(before))
    return [words for words in _notes(after) if words not in known]


def _notes(item: Item) -> Iterator[str]:
    return (words for block in item.passages if (words := _words(block)))


def _words(block: Block) -> str:
    """Words of a paragraph; empty for other blocks."""
    return one_line(prose.plain(block.words)) if isinstance(block, Paragraph) else ""


def _sentence(words: str) -> str:
    return _("Saved as a note, not as a quote: “{words}”", words=truncate(words, 120))


def _offer(words: str, item: Item) -> Iterator[Part]:
    yield text(_sentence(words))
    call = Call.of("edition quotes", item_reference(item), action="quote", quote=hash_of_words(words))
    yield Buttons((Button(_("Make it a quote"), call),))
