"""Names of members in an edition (submitters, voters, commenters, reviewers), and their replacement."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from bot.editions.edit.changes import Unname
from bot.editions.model.blocks import Block, RemarkBlock
from bot.editions.model.document import Document, Item


def named(document: Document) -> frozenset[str]:
    """Every name of a member that an edition has."""
    return frozenset(name for name in _names(document) if name)


def _names(document: Document) -> Iterator[str]:
    yield document.letter.by if document.letter else ""
    for credit in document.credits:
        yield from credit.names
    for item in document.items:
        yield from item.brought_by
        yield from item.voters
        yield from (said.by for said in item.said)
        yield from (block.by for block in item.blocks if isinstance(block, RemarkBlock))
        for names in (item.provenance.reviewer, item.provenance.editor) if item.provenance else ():
            yield from names.split(", ")


def renamed(document: Document, change: Unname) -> Document:
    """The document with other names, wherever it has them."""
    names = dict(change.names)

    def now(name: str) -> str:
        return names.get(name, name)

    sections = tuple(replace(part, items=tuple(_item(item, now) for item in part.items)) for part in document.sections)
    letter = replace(document.letter, by=now(document.letter.by)) if document.letter else None
    credits = tuple(replace(credit, names=_each(credit.names, now)) for credit in document.credits)
    return replace(document, sections=sections, letter=letter, credits=credits)


def _item(item: Item, now: Callable[[str], str]) -> Item:
    about = item.provenance
    if about:
        reviewer, editor = (", ".join(_each(tuple(names.split(", ")), now)) for names in (about.reviewer, about.editor))
        about = replace(about, reviewer=reviewer, editor=editor)
    return replace(
        item,
        brought_by=_each(item.brought_by, now),
        voters=_each(item.voters, now),
        said=tuple(replace(said, by=now(said.by)) for said in item.said),
        insights=_remarks(item.insights, now),
        passages=_remarks(item.passages, now),
        provenance=about,
    )


def _remarks(blocks: tuple[Block, ...], now: Callable[[str], str]) -> tuple[Block, ...]:
    return tuple(replace(block, by=now(block.by)) if isinstance(block, RemarkBlock) else block for block in blocks)


def _each(names: tuple[str, ...], now: Callable[[str], str]) -> tuple[str, ...]:
    """The names after replacement, without duplicates."""
    return tuple(dict.fromkeys(now(name) for name in names))
