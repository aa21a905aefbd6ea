"""Names of members in an edition (submitters, voters, commenters, reviewers), and their replacement."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import assert_never

from bot.editions.edit.changes import (
    ArrangeSections,
    Change,
    ChartChange,
    CompleteItem,
    CorrectionChange,
    CreditChange,
    Drop,
    FigureChange,
    ImportChange,
    InsertOrReplaceItem,
    Move,
    QuoteChange,
    ReferenceChange,
    RefreshReference,
    RemoveQuote,
    ReplaceNames,
    ResolveQuote,
    RewriteItem,
    WriteText,
)
from bot.editions.model import prose
from bot.editions.model.authorship import fingerprint
from bot.editions.model.blocks import (
    Block,
    CodeBlock,
    Figure,
    ListBlock,
    Paragraph,
    Quotation,
    Related,
    RemarkBlock,
    Subheading,
)
from bot.editions.model.document import Document, Item, Theme
from bot.editions.model.items import Provenance


def member_names(document: Document) -> frozenset[str]:
    """Every name of a member that an edition has."""
    return frozenset(name for name in _names(document) if name)


def _names(document: Document) -> Iterator[str]:
    yield document.letter.by if document.letter else ""
    for credit in document.credits:
        yield from credit.names
    yield from (theme.by for theme in document.themes)
    for item in document.items:
        yield from item.brought_by
        yield from item.voters
        yield from (comment.by for comment in item.said)
        yield from (author.by for author in item.authorship)
        yield from (block.by for block in item.blocks if isinstance(block, RemarkBlock))
        for quote in (block for block in item.blocks if isinstance(block, Quotation)):
            yield from (quote.given_by, quote.voucher)
        for names in (item.provenance.reviewer, item.provenance.editor) if item.provenance else ():
            yield from names.split(", ")


def with_renamed_members(document: Document, change: ReplaceNames) -> Document:
    """The document with other names, wherever it has them; remarks of whoever is not named any more are removed."""
    now = _new_names(change)
    themed = replace(document, themes=_unnamed_themes(document.themes, now))
    return _with_names(themed, now, _unnamed_item)


def with_shown_names(document: Document, names: Mapping[str, str]) -> Document:
    """The document with members under the names that readers of a platform know; `names` are by the club's name."""
    if not names or member_names(document).isdisjoint(names):
        return document
    return _with_names(document, lambda name: names.get(name, name), _renamed_item)


NewName = Callable[[str], str]
RenameItem = Callable[[Item, NewName], Item]


def _with_names(document: Document, now: NewName, rename: RenameItem) -> Document:
    sections = tuple(replace(part, items=tuple(rename(item, now) for item in part.items)) for part in document.sections)
    letter = replace(document.letter, by=now(document.letter.by)) if document.letter else None
    credits = tuple(replace(credit, names=_unique_names(credit.names, now)) for credit in document.credits)
    themes = tuple(replace(theme, by=now(theme.by)) for theme in document.themes)
    return replace(document, sections=sections, letter=letter, credits=credits, themes=themes)


def renamed_changes(changes: Sequence[Change], renamings: Sequence[ReplaceNames]) -> list[Change]:
    """Changes of a draft with other names, wherever they have them, so that neither an undo nor a new draft restores
    one.
    """
    renamed = list(changes)
    for renaming in renamings:
        now = _new_names(renaming)
        renamed = [_renamed_change(change, now) for change in renamed]
    return renamed


def _renamed_change(change: Change, now: NewName) -> Change:
    match change:
        case InsertOrReplaceItem() | CompleteItem():
            return replace(change, item=_unnamed_item(change.item, now))
        case WriteText():
            quotes = tuple(_renamed_quote(quote, now) for quote in change.quotes)
            return replace(change, by=now(change.by), quotes=quotes)
        case RewriteItem():
            quotes = tuple(_renamed_quote(quote, now) for quote in change.quotes)
            insights = _unnamed_blocks(change.insights, now)
            return replace(
                change,
                insights=tuple(_renamed_block(block, now) for block in insights),
                quotes=quotes,
                provenance=_renamed_provenance(change.provenance, now),
            )
        case QuoteChange():
            return replace(change, quote=_renamed_quote(change.quote, now))
        case ResolveQuote():
            return replace(change, quote=_renamed_quote(change.quote, now) if change.quote else None)
        case CreditChange():
            return replace(change, names=_unique_names(change.names, now))
        case ImportChange():
            return _renamed_import(change, now)
        case (
            FigureChange() | Move() | Drop() | ArrangeSections() | ReferenceChange() | ChartChange() | RemoveQuote()
            | CorrectionChange() | RefreshReference() | ReplaceNames()
        ):  # fmt: skip
            return change
        case _:
            assert_never(change)


def _renamed_import(change: ImportChange, now: NewName) -> ImportChange:
    sections = tuple(
        replace(part, items=tuple(_unnamed_item(item, now) for item in part.items)) for part in change.sections
    )
    return replace(
        change,
        by=now(change.by),
        letter=replace(change.letter, by=now(change.letter.by)) if change.letter else None,
        themes=_unnamed_themes(change.themes, now),
        sections=sections,
        credits=tuple(replace(credit, names=_unique_names(credit.names, now)) for credit in change.credits),
    )


def _unnamed_themes(themes: Sequence[Theme], now: NewName) -> tuple[Theme, ...]:
    """Themes without the remarks of whoever is not named any more."""
    return tuple(theme if now(theme.by) == theme.by else Theme(theme.title) for theme in themes)


def _unnamed_blocks(blocks: Sequence[Block], now: NewName) -> tuple[Block, ...]:
    """Blocks without the remarks of whoever is not named any more."""
    return tuple(block for block in blocks if not isinstance(block, RemarkBlock) or now(block.by) == block.by)


def _new_names(renaming: ReplaceNames) -> NewName:
    """Function from a name to the one that stands for it now: itself if it is not renamed."""
    names = dict(renaming.names)
    return lambda name: names.get(name, name)


def _unnamed_item(item: Item, new_name: NewName) -> Item:
    """The item without remarks, and without the note of a suggestion, of whoever is not named any more: the words go
    with the name. Quotes stay.
    """
    gone = {author.text for author in item.authorship if new_name(author.by) != author.by}
    if item.suggestion and item.why and fingerprint(prose.plain(item.why)) in gone:
        item = replace(item, why=())
    insights, passages = (_unnamed_blocks(blocks, new_name) for blocks in (item.insights, item.passages))
    return _renamed_item(replace(item, insights=insights, passages=passages), new_name)


def _renamed_item(item: Item, new_name: NewName) -> Item:
    return replace(
        item,
        brought_by=_unique_names(item.brought_by, new_name),
        voters=_unique_names(item.voters, new_name),
        said=tuple(replace(comment, by=new_name(comment.by)) for comment in item.said),
        authorship=tuple(replace(author, by=new_name(author.by)) for author in item.authorship),
        why_more=tuple(_renamed_block(block, new_name) for block in item.why_more),
        insights=tuple(_renamed_block(block, new_name) for block in item.insights),
        passages=tuple(_renamed_block(block, new_name) for block in item.passages),
        provenance=_renamed_provenance(item.provenance, new_name),
    )


def _renamed_provenance(provenance: Provenance | None, new_name: NewName) -> Provenance | None:
    if provenance is None:
        return None
    reviewer, editor = (
        ", ".join(_unique_names(tuple(names.split(", ")), new_name))
        for names in (provenance.reviewer, provenance.editor)
    )
    return replace(provenance, reviewer=reviewer, editor=editor)


def _renamed_quote(quote: Quotation, new_name: NewName) -> Quotation:
    return replace(quote, given_by=new_name(quote.given_by), voucher=new_name(quote.voucher))


def _renamed_block(block: Block, new_name: NewName) -> Block:
    match block:
        case Quotation():
            return _renamed_quote(block, new_name)
        case RemarkBlock():
            return replace(block, by=new_name(block.by))
        case Paragraph() | Subheading() | ListBlock() | Related() | Figure() | CodeBlock():
            return block
        case _:
            assert_never(block)


def _unique_names(names: tuple[str, ...], new_name: NewName) -> tuple[str, ...]:
    """The names after replacement, without duplicates."""
    return tuple(dict.fromkeys(new_name(name) for name in names))
