"""Making changes to an edition: pure functions from one document to the next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from bot.editions.edit import text_edits
from bot.editions.edit.changes import (
    CLEAR_KEYWORD,
    ArrangeSections,
    Change,
    ChangeNotApplicable,
    ChartChange,
    Complete,
    CorrectionChange,
    CreditChange,
    Drop,
    Move,
    PutItem,
    QuoteChange,
    Recite,
    ReferenceChange,
    RemoveQuote,
    RewriteItem,
    Unname,
    WriteText,
)
from bot.editions.model.blocks import Quotation
from bot.editions.model.derived_fields import citation_key, with_derived_fields
from bot.editions.model.document import Correction, Credit, Document, Item, Section, Work
from bot.editions.model.items import NumberedReference, SectionKind
from bot.editions.model.naming import renamed
from bot.editions.model.templates import Template


def apply(document: Document, change: Change, shape: Template) -> Document:
    """The document with one change made. Raises Misfit where it has nothing that the change is about."""
    return with_derived_fields(document, _apply_one(document, change, shape), shape)


def apply_all(
    document: Document, changes: Iterable[Change], shape: Template
) -> tuple[Document, tuple[Change, ...], tuple[str, ...]]:
    """The document with these changes made, those that could be made, and what is said of those that could not."""
    kept, lost = [], []
    for change in changes:
        try:
            document = apply(document, change, shape)
            kept.append(change)
        except ChangeNotApplicable as error:
            lost.append(str(error))
    return document, tuple(kept), tuple(lost)


def _apply_one(document: Document, change: Change, shape: Template) -> Document:
    match change:
        case WriteText(item=""):
            return text_edits.set_edition_text(document, change)
        case WriteText(item=key):
            return _with_item(document, key, text_edits.set_item_text(document, _item(document, key), change))
        case RewriteItem(key, why, insights, quotes, provenance):
            own = _item(document, key)
            others = tuple(block for block in own.passages if not isinstance(block, Quotation))
            told = replace(own, why=why, insights=insights, passages=(*quotes, *others), provenance=provenance)
            return _with_item(document, key, told)
        case QuoteChange(key, quote):
            own = _item(document, key)
            return _with_item(document, key, replace(own, passages=text_edits.after_quotations(own.passages, quote)))
        case Move(key, place, section):
            return _move(document, _item(document, key), place, section, shape)
        case Drop(key):
            _item(document, key)
            return _with_item(document, key, None)
        case PutItem():
            return _put_item(document, change, shape)
        case ArrangeSections():
            return _arrange(document, change)
        case ReferenceChange(work):
            return _with_reference(document, work, cites=True)[0]
        case ChartChange(chart):
            others_ = tuple(one for one in document.charts if one.title.casefold() != chart.title.casefold())
            return replace(document, charts=(*others_, chart) if chart.points else others_)
        case CreditChange(role, names):
            rest = tuple(one for one in document.credits if one.role.casefold() != role.casefold())
            return replace(document, credits=(*rest, Credit(role, names)) if names else rest)
        case RemoveQuote(key, text):
            own = _item(document, key)
            return _with_item(document, key, replace(own, said=tuple(said for said in own.said if said.text != text)))
        case CorrectionChange(at, say, item, about):
            title = about or next((one.title for one in document.items if one.key == item), "")
            return replace(document, corrections=(*document.corrections, Correction(at, say, item, title)))
        case Complete(item=new, work=work):
            old = _item(document, new.key)
            made = replace(new, number=old.number, reference=old.reference)
            return _with_work(_with_item(document, new.key, made), work, old.reference)
        case Recite(work):
            numbers = [entry.number for entry in document.references if citation_key(entry.work) == citation_key(work)]
            return _with_work(document, work, numbers[0]) if numbers else document
        case Unname():
            return renamed(document, change)
        case _:
            assert_never(change)


# An item, and where it stands


def _item(document: Document, key: str) -> Item:
    found = next((item for item in document.items if item.key == key), None)
    if found is None:
        raise ChangeNotApplicable(f"“{key}” is not in this edition.")
    return found


def _with_item(document: Document, key: str, item: Item | None) -> Document:
    """The document with this item in place of the one of that key; without it, if there is none."""
    sections = (
        replace(s, items=tuple(new for old in s.items if (new := item if old.key == key else old)))
        for s in document.sections
    )
    return replace(document, sections=tuple(sections))


def section_of(document: Document, name: str) -> Section | None:
    """The section of that title, or of that kind (`news`, `code`, `meta`, `picks`)."""
    wanted = name.strip().casefold()
    named = [s for s in document.sections if wanted in (s.title.casefold(), s.heading.casefold())]
    return next(iter(named or [s for s in document.sections if s.kind == wanted and wanted != "theme"]), None)


def _move(document: Document, item: Item, place: int, section: str, shape: Template) -> Document:
    at = next(s for s in document.sections if item in s.items)
    if not section:
        return _insert(_with_item(document, item.key, None), item, at.title, place, shape)
    return _insert(_with_item(document, item.key, None), item, section, place, shape)


def _insert(document: Document, item: Item, section: str, place: int, shape: Template) -> Document:
    """The document with an item more: at its place in the section, or at its end where the place is 0."""
    there = section_of(document, section)
    if there is None:
        return _insert_section(document, _new_section(section, item, shape), shape)
    at = place - 1 if 0 < place <= len(there.items) else len(there.items)
    fuller = replace(there, items=(*there.items[:at], item, *there.items[at:]))
    return replace(document, sections=tuple(fuller if s is there else s for s in document.sections))


def _new_section(name: str, item: Item, shape: Template) -> Section:
    kinds: dict[str, SectionKind] = {kind: kind for kind in shape.titles if kind != "theme"}
    kinds |= {title.casefold(): kind for kind, (title, _) in shape.titles.items()}
    kind = kinds.get(name.strip().casefold(), "theme")
    title, emoji = shape.titles[kind]
    if kind == "theme" and name.strip():
        title, emoji = name.strip(), ""
    return Section(title, kind, (item,), emoji)


def _insert_section(document: Document, section: Section, shape: Template) -> Document:
    """The document with a section more, where the template has those of its kind: after the last before it."""
    order = list(shape.order)
    rank = order.index(section.kind) if section.kind in order else len(order)
    ranks = [order.index(s.kind) if s.kind in order else len(order) for s in document.sections]
    at = max((place for place, other in enumerate(ranks, 1) if other <= rank), default=0)
    return replace(document, sections=(*document.sections[:at], section, *document.sections[at:]))


def _put_item(document: Document, change: PutItem, shape: Template) -> Document:
    item, section, place = change.item, change.section, change.place
    if change.instead_of:
        gone = _item(document, change.instead_of)
        at = next(s for s in document.sections if gone in s.items)
        section, place = section or at.title, place or at.items.index(gone) + 1
        document = _with_item(document, gone.key, None)
    document = _with_item(document, item.key, None)  # composed by itself since: what the moderator put stands
    if change.work:
        document, number = _with_reference(document, change.work)
        item = replace(item, reference=number)
    kept = [s.title for s in document.sections if s.title == section] or [section]
    return _insert(document, item, kept[0], place, shape)


def _arrange(document: Document, change: ArrangeSections) -> Document:
    there = section_of(document, change.section)
    if there is None:
        raise ChangeNotApplicable(f"There is no section “{change.section}”.")
    new = there
    if change.title:
        new = replace(new, title=change.title, emoji="" if change.title != there.title else there.emoji)
    if change.intro:
        new = replace(new, intro=() if change.intro == CLEAR_KEYWORD else text_edits.line(document, change.intro))
    sections = [new if s is there else s for s in document.sections]
    if change.place:
        sections.remove(new)
        sections.insert(min(change.place, len(document.sections)) - 1, new)
    return replace(document, sections=tuple(sections))


def _with_reference(document: Document, work: Work, *, cites: bool = False) -> tuple[Document, int]:
    """The document with this work in its references, and its number there."""
    for entry in document.references:
        if citation_key(entry.work) == citation_key(work):
            return document, entry.number
    number = max((entry.number for entry in document.references), default=0) + 1
    return replace(document, references=(*document.references, NumberedReference(number, work, cited=cites))), number


def _with_work(document: Document, work: Work, number: int) -> Document:
    """The document with this work in the place of the entry of that number."""
    fresh = (replace(entry, work=work) if entry.number == number else entry for entry in document.references)
    return replace(document, references=tuple(fresh))
