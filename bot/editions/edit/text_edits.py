"""Rewording an edition: its own texts and an item's, as a moderator typed them, on the document."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.rich_text import Link
from bot.editions.edit import markup_parser
from bot.editions.edit.changes import CLEAR_KEYWORD, ChangeNotApplicable, WriteText
from bot.editions.model.authorship import edited_by
from bot.editions.model.blocks import Block, Figure, Paragraph, Quotation, RemarkBlock
from bot.editions.model.derived_fields import reference_numbers, with_reference_numbers
from bot.editions.model.document import Document, Item, Letter, Theme
from bot.editions.model.prose import Prose
from bot.locale.current import _


def line(document: Document, text: str) -> Prose:
    """Parse one line of running text; citations refer to the document's references."""
    return markup_parser.parse_line(with_reference_numbers(document, text), cited=reference_numbers(document))


def _blocks(document: Document, text: str) -> tuple[Block, ...]:
    return markup_parser.parse_blocks(with_reference_numbers(document, text), cited=reference_numbers(document))


def set_edition_text(document: Document, change: WriteText) -> Document:
    """The document with one of its own texts as written."""
    text = "" if change.text.strip() == CLEAR_KEYWORD else change.text.strip()
    match change.part:
        case "title":
            return replace(document, title=text or document.title)
        case "headline":
            return replace(document, headline=text)
        case "intro":
            return replace(document, intro=line(document, text))
        case "letter":
            by = document.letter.by if document.letter else ""
            before = document.letter.blocks if document.letter else ()
            blocks = own_names(_blocks(document, text), before, change.by)
            return replace(document, letter=Letter(blocks, by) if text else None)
        case "signed":
            return replace(document, letter=replace(document.letter or Letter(()), by=text))
        case "video":
            return replace(document, video=_video(text))
        case "selected":
            count, _unused, where = text.partition(" ")
            return replace(document, selected_from=int(count.replace(",", "") or 0), selected_where=where.strip())
        case "themes":
            proposed = {theme.line: theme for theme in document.themes}
            typed = (_theme(row) for row in text.splitlines() if row.strip())
            return replace(document, themes=tuple(proposed.get(theme.line, theme) for theme in typed))
        case _:
            return replace(document, sign_off=line(document, text))


def own_names(blocks: tuple[Block, ...], known: tuple[Block, ...], by: str) -> tuple[Block, ...]:
    """The blocks with no words under the name of somebody who did not say them.

    A remark keeps a name only where these very words stood under it before, which is what its member wrote; any other
    is the moderator's, who typed it, and carries their name.
    """
    said = [(block.by, block.text) for block in known if isinstance(block, RemarkBlock)]
    return tuple(
        replace(block, by=by)
        if isinstance(block, RemarkBlock) and block.by and block.by != by and (block.by, block.text) not in said
        else block
        for block in blocks
    )


def _video(text: str) -> Link | None:
    label, _unused, url = text.rpartition(" ")
    return Link(label.strip(), url) if url else None


def _theme(text: str) -> Theme:
    title, _unused, gloss = text.strip().lstrip("-• ").partition(" (")
    return Theme(title.strip(), gloss.removesuffix(")").strip())


def set_item_text(document: Document, item: Item, change: WriteText) -> Item:
    """The item with one of its texts replaced, and its authors. Verified quotes keep their source offsets."""
    return edited_by(item, _with_item_text(document, item, change), change.by)


def _with_item_text(document: Document, item: Item, change: WriteText) -> Item:
    text = "" if change.text.strip() == CLEAR_KEYWORD else change.text
    match change.part:
        case "heading":
            return replace(item, title=text.strip() or item.title)
        case "authors":
            return replace(item, authors=text.strip())
        case "venue":
            return replace(item, venue=text.strip())
        case "why":
            return _with_why(document, item, text, change.by)
        case "insights":
            blocks = own_names(_blocks(document, text), item.blocks, change.by)
            return replace(item, insights=_with_verified(blocks, item, change))
        case "said":
            return replace(item, said=())
        case _:
            blocks = own_names(_blocks(document, text), item.blocks, change.by)
            return replace(item, passages=_with_verified(blocks, item, change))


def _with_why(document: Document, item: Item, text: str, by: str) -> Item:
    """The item with another Why: its first paragraph, and what follows that; one line is that line, as it was typed."""
    text = text.strip("\n")
    if "\n" not in text:
        return replace(item, why=line(document, text), why_more=())
    first, *more = own_names(_blocks(document, text), item.blocks, by) or (Paragraph(()),)
    more = [_as_paragraph(block) for block in more]
    if isinstance(first := _as_paragraph(first), Paragraph):
        return replace(item, why=first.words, why_more=tuple(more))
    return replace(item, why=(), why_more=(first, *more))


def _as_paragraph(block: Block) -> Block:
    """A quote within a Why as the words in marks that it is there: it is looked up as such."""
    if not isinstance(block, Quotation):
        return block
    return Paragraph((f"“{block.text}”{f' — {block.credit}' if block.credit else ''}",))


def _with_verified(blocks: tuple[Block, ...], item: Item, change: WriteText) -> tuple[Block, ...]:
    """The blocks, each quote with what is known of it: from the item as it was, or from its look-up for this change."""
    verified = {_normalized_space(block.text): block for block in item.blocks if isinstance(block, Quotation)}
    verified |= {_normalized_space(typed): quote for typed, quote in zip(change.asked, change.quotes, strict=True)}
    return tuple(_with_offsets(block, verified) for block in blocks)


def _with_offsets(block: Block, verified: dict[str, Quotation]) -> Block:
    """The quote with the source offsets of the verified one; a credit typed by the moderator replaces the old one."""
    if not isinstance(block, Quotation) or (quote := verified.get(_normalized_space(block.text))) is None:
        return block
    same_credit = block.where in ("", quote.credit)
    return quote if same_credit else replace(quote, where=block.where, speaker="")


def _normalized_space(text: str) -> str:
    return " ".join(text.split())


def after_quotations(passages: tuple[Block, ...], quote: Quotation) -> tuple[Block, ...]:
    """The passages with a quote more, behind the last; the same one is there once."""
    others = [
        b
        for b in passages
        if not (isinstance(b, Quotation) and _normalized_space(b.text) == _normalized_space(quote.text))
    ]
    at = max((index for index, block in enumerate(others, 1) if isinstance(block, Quotation)), default=0)
    return (*others[:at], quote, *others[at:])


def with_figure(blocks: tuple[Block, ...], figure: Figure) -> tuple[Block, ...]:
    """The blocks with a figure more at their end; one with the same picture is replaced where it is."""
    if any(isinstance(block, Figure) and block.url == figure.url for block in blocks):
        return tuple(figure if isinstance(b, Figure) and b.url == figure.url else b for b in blocks)
    return (*blocks, figure)


def with_resolved_quote(item: Item, text: str, quote: Quotation | None) -> Item:
    """The item with another quote in the place of the one with this text. Raises ChangeNotApplicable without one."""
    wanted = _normalized_space(text)

    def resolved(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        return tuple(
            new
            for block in blocks
            if (new := quote if isinstance(block, Quotation) and _normalized_space(block.text) == wanted else block)
        )

    after = replace(item, insights=resolved(item.insights), passages=resolved(item.passages))
    if after == item and not any(isinstance(b, Quotation) and _normalized_space(b.text) == wanted for b in item.blocks):
        raise ChangeNotApplicable(_("That quote is no longer in the draft."))
    return after
