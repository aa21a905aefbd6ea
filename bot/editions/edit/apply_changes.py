"""Applies changes to an edition: pure functions from one document to the next."""

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
from bot.editions.edit.member_names import with_renamed_members
from bot.editions.model.authorship import edited_by, written_by
from bot.editions.model.blocks import Figure, Quotation
from bot.editions.model.derived_fields import citation_key, text_credits, with_derived_fields
from bot.editions.model.document import Correction, Credit, Document, Item, Letter, Section, Work
from bot.editions.model.items import NumberedReference, SectionKind
from bot.editions.model.templates import Template
from bot.editions.model.translation import words_of
from bot.locale.current import _

TextChange = WriteText | RewriteItem | QuoteChange | ResolveQuote | FigureChange | RemoveQuote
ItemChange = Move | Drop | InsertOrReplaceItem | CompleteItem | ArrangeSections
PartChange = (
    ReferenceChange | ChartChange | CreditChange | CorrectionChange | RefreshReference | ReplaceNames | ImportChange
)


def apply(document: Document, change: Change, template: Template) -> Document:
    """The document with one change applied. Raises ChangeNotApplicable if the document lacks the part to change."""
    applied = with_derived_fields(document, _apply_one(document, change, template), template)
    return replace(applied, headline=change.headline) if isinstance(change, ImportChange) else applied


def apply_all(
    document: Document, changes: Iterable[Change], template: Template
) -> tuple[Document, tuple[Change, ...], tuple[str, ...]]:
    """Apply changes in order: the document, the changes that were applied, and the error messages of the others."""
    applied, errors = [], []
    for change in changes:
        try:
            document = apply(document, change, template)
            applied.append(change)
        except ChangeNotApplicable as error:
            errors.append(str(error))
    return document, tuple(applied), tuple(errors)


def _apply_one(document: Document, change: Change, template: Template) -> Document:
    if isinstance(change, TextChange):
        return _with_text(document, change)
    if isinstance(change, ItemChange):
        return _with_items(document, change, template)
    return _with_part(document, change)


def _with_text(document: Document, change: TextChange) -> Document:
    """The document with a change of what is written in an item, or in the edition's own texts."""
    match change:
        case WriteText(item=""):
            return text_edits.set_edition_text(document, change)
        case WriteText(item=key):
            return _with_item(document, key, text_edits.set_item_text(document, _item(document, key), change))
        case RewriteItem(key, why, insights, quotes, provenance):
            edited = _item(document, key)
            others = tuple(block for block in edited.passages if not isinstance(block, Quotation))
            more = edited.why_more if why == edited.why else ()
            rewritten = replace(
                edited, why=why, why_more=more, insights=insights, passages=(*quotes, *others), provenance=provenance
            )
            return _with_item(document, key, edited_by(edited, rewritten, ""))
        case QuoteChange(key, quote):
            edited = _item(document, key)
            return _with_item(
                document, key, replace(edited, passages=text_edits.after_quotations(edited.passages, quote))
            )
        case ResolveQuote(key, quoted, quote):
            return _with_item(document, key, text_edits.with_resolved_quote(_item(document, key), quoted, quote))
        case FigureChange(item=""):
            letter = document.letter or Letter(())
            return replace(
                document, letter=replace(letter, blocks=text_edits.with_figure(letter.blocks, change.figure))
            )
        case FigureChange(key, figure):
            edited = _item(document, key)
            if any(isinstance(block, Figure) and block.url == figure.url for block in edited.insights):
                insights = text_edits.with_figure(edited.insights, figure)
                return _with_item(document, key, replace(edited, insights=insights))
            passages = text_edits.with_figure(edited.passages, figure)
            return _with_item(document, key, replace(edited, passages=passages))
        case RemoveQuote(key, text):
            edited = _item(document, key)
            return _with_item(
                document, key, replace(edited, said=tuple(comment for comment in edited.said if comment.text != text))
            )
        case _:
            assert_never(change)


def _with_items(document: Document, change: ItemChange, template: Template) -> Document:
    """The document with a change of which items it has, and where."""
    match change:
        case Move(key, place, section):
            return _move(document, _item(document, key), place, section, template)
        case Drop(key):
            _item(document, key)
            return _with_item(document, key, None)
        case InsertOrReplaceItem():
            return _put_item(document, change, template)
        case ArrangeSections():
            return _arrange(document, change)
        case CompleteItem(item=new, work=work):
            old = _item(document, new.key)
            completed = replace(new, number=old.number, reference=old.reference)
            return _with_work(_with_item(document, new.key, completed), work, old.reference)
        case _:
            assert_never(change)


def _with_part(document: Document, change: PartChange) -> Document:
    """The document with a change of another part: references, charts, credits, corrections, names, or all at once."""
    match change:
        case ReferenceChange(work):
            return _with_reference(document, work, cites=True)[0]
        case ChartChange(chart):
            other_charts = tuple(other for other in document.charts if other.title.casefold() != chart.title.casefold())
            return replace(document, charts=(*other_charts, chart) if chart.points else other_charts)
        case CreditChange(role, names):
            other_credits = tuple(other for other in document.credits if other.role.casefold() != role.casefold())
            return replace(document, credits=(*other_credits, Credit(role, names)) if names else other_credits)
        case CorrectionChange(at, say, item, about):
            title = about or next((other.title for other in document.items if other.key == item), "")
            return replace(document, corrections=(*document.corrections, Correction(at, say, item, title)))
        case RefreshReference(work):
            numbers = [entry.number for entry in document.references if citation_key(entry.work) == citation_key(work)]
            return _with_work(document, work, numbers[0]) if numbers else document
        case ImportChange():
            return _with_imported(document, change)
        case ReplaceNames():
            return with_renamed_members(document, change)
        case _:
            assert_never(change)


def _with_imported(document: Document, change: ImportChange) -> Document:
    """The document with everything as imported; votes, names and comments of its items stay those of the club."""
    known = {item.key: item for item in document.items}

    def with_facts(item: Item) -> Item:
        if (facts := known.get(item.key)) is None:
            return item if item.key in change.recorded else written_by(item, change.by)
        imported = replace(
            item, submission=facts.submission, suggestion=facts.suggestion, brought=facts.brought, votes=facts.votes,
            voices=facts.voices, voters=facts.voters, threads=facts.threads, said=facts.said, version=facts.version,
            brought_by=facts.brought_by, provenance=facts.provenance, authorship=facts.authorship,
        )  # fmt: skip
        if item.key in change.recorded:
            return replace(imported, provenance=item.provenance, authorship=item.authorship)
        return edited_by(facts, imported, change.by)

    sections = tuple(replace(s, items=tuple(map(with_facts, s.items))) for s in change.sections)
    proposed = {theme.line: theme for theme in document.themes}
    themes = tuple(proposed.get(theme.line, theme) for theme in change.themes)
    imported = replace(
        document, title=change.title, headline=change.headline, intro=change.intro, letter=change.letter,
        video=change.video, themes=themes, sections=sections, charts=change.charts,
        references=change.references, sign_off=change.sign_off, credits=change.credits, own_numbers=change.own_numbers,
    )  # fmt: skip
    if change.selected_from is not None:
        imported = replace(imported, selected_from=change.selected_from, selected_where=change.selected_where)
    if not change.adds_credits:
        return imported
    roles = {credit.role for credit in change.credits}
    added = (credit for credit in text_credits(imported, words_of(imported)) if credit.role not in roles)
    return replace(imported, credits=(*change.credits, *added))


# Items and their positions


def _item(document: Document, key: str) -> Item:
    found_item = next((item for item in document.items if item.key == key), None)
    if found_item is None:
        raise ChangeNotApplicable(_("“{key}” is not in this edition.", key=key))
    return found_item


def _with_item(document: Document, key: str, item: Item | None) -> Document:
    """The document with the item of that key replaced, or removed if `item` is None."""
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


def _move(document: Document, item: Item, place: int, section: str, template: Template) -> Document:
    at = next(s for s in document.sections if item in s.items)
    if not section:
        return _insert(_with_item(document, item.key, None), item, at.title, place, template)
    return _insert(_with_item(document, item.key, None), item, section, place, template)


def _insert(document: Document, item: Item, section: str, place: int, template: Template) -> Document:
    """The document with an item more: at its place in the section, or at its end where the place is 0."""
    target = section_of(document, section)
    if target is None:
        return _insert_section(document, _new_section(section, item, template), template)
    at = place - 1 if 0 < place <= len(target.items) else len(target.items)
    extended = replace(target, items=(*target.items[:at], item, *target.items[at:]))
    return replace(document, sections=tuple(extended if s is target else s for s in document.sections))


def _new_section(name: str, item: Item, template: Template) -> Section:
    kinds: dict[str, SectionKind] = {kind: kind for kind in template.titles if kind != "theme"}
    kinds |= {title.casefold(): kind for kind, (title, _unused) in template.titles.items()}
    kind = kinds.get(name.strip().casefold(), "theme")
    title, emoji = template.titles[kind]
    if kind == "theme" and name.strip():
        title, emoji = name.strip(), ""
    return Section(title, kind, (item,), emoji)


def _insert_section(document: Document, section: Section, template: Template) -> Document:
    """The document with a section more, where the template has those of its kind: after the last before it."""
    order = list(template.order)
    rank = order.index(section.kind) if section.kind in order else len(order)
    ranks = [order.index(s.kind) if s.kind in order else len(order) for s in document.sections]
    at = max((place for place, other in enumerate(ranks, 1) if other <= rank), default=0)
    return replace(document, sections=(*document.sections[:at], section, *document.sections[at:]))


def _put_item(document: Document, change: InsertOrReplaceItem, template: Template) -> Document:
    item, section, place = change.item, change.section, change.place
    if change.instead_of:
        replaced = _item(document, change.instead_of)
        at = next(s for s in document.sections if replaced in s.items)
        section, place = section or at.title, place or at.items.index(replaced) + 1
        document = _with_item(document, replaced.key, None)
    document = _with_item(document, item.key, None)  # the moderator's item replaces one that was composed since
    if change.work:
        document, number = _with_reference(document, change.work)
        item = replace(item, reference=number)
    titles = [s.title for s in document.sections if s.title == section] or [section]
    return _insert(document, item, titles[0], place, template)


def _arrange(document: Document, change: ArrangeSections) -> Document:
    section = section_of(document, change.section)
    if section is None:
        raise ChangeNotApplicable(_("There is no section “{section}”.", section=change.section))
    new = section
    if change.title:
        new = replace(new, title=change.title, emoji="" if change.title != section.title else section.emoji)
    if change.intro:
        new = replace(new, intro=() if change.intro == CLEAR_KEYWORD else text_edits.line(document, change.intro))
    sections = [new if s is section else s for s in document.sections]
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
    references = (replace(entry, work=work) if entry.number == number else entry for entry in document.references)
    return replace(document, references=tuple(references))
