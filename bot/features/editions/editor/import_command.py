"""Command `edition import`: a draft in a file becomes the edition's draft, after a look at what was recognized."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Part, note, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import parse_backticks
from bot.chat.text import join_names, truncate
from bot.domain.links import identify as links
from bot.domain.models import Paper, Submission
from bot.domain.paper_record import PaperRecord
from bot.editions.compose.item_builder import MAX_AUTHORS_IN_BYLINE, reference, submitter_names, venue
from bot.editions.edit.changes import ImportChange
from bot.editions.importing.markdown_importer import ImportedEdition, import_markdown
from bot.editions.model.derived_fields import citation_key, with_renumbered_references
from bot.editions.model.document import Document, Item, NumberedReference, Section, from_json
from bot.editions.model.templates import template_for
from bot.editions.model.translation import words_of
from bot.errors import Unavailable, UserError
from bot.features.editions.draft import draft_pipeline
from bot.features.editions.draft.draft_card import draft_card
from bot.features.editions.draft.draft_changes import DraftInProgress, load_open_draft, revise
from bot.features.editions.draft.draft_state import load_draft_view
from bot.features.editions.editor.imported_figures import (
    ReadFigures,
    offer_to_describe,
    read_draft_file,
    read_figures,
    save_figures,
)
from bot.features.editions.editor.quote_review import quote_notice
from bot.features.editions.editor.recorded_authors import RecordedAuthors, with_recorded_authors
from bot.features.editions.editor.source_command import with_quotes_looked_up
from bot.features.shared.lookup import club_paper_key
from bot.latex.reader import latex_to_text
from bot.locale.current import _, _n

commands = Commands()

MAX_PASTED = 40_000
"""Characters of a pasted text."""
MAX_ITEMS = 200
"""Items of an imported edition."""
MAX_SHOWN = 12
"""Items and questions that the card lists."""


@dataclass(frozen=True, slots=True)
class RecognizedWorks:
    """Items of an imported edition that the club has, that a source knows, and that neither does, by key."""

    submissions: dict[str, Submission]
    papers: dict[str, Paper]
    unavailable: str = ""
    """Sentence about a source that did not answer."""
    submitters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    voters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Names of members, as they want to be named, and of voters who let editions name them."""


@commands(
    "edition import",
    audience=Audience.MODERATOR,
    examples=("/edition import newsletter.md", "/edition import newsletter.md sure=yes"),
)
async def import_edition(
    ctx: Context,
    file: Annotated[
        str, ParameterHint("the edition: Markdown, HTML, Word, a mail, or a ZIP with pictures", most=2000, file=True)
    ] = "",
    text: Annotated[str, ParameterHint("or its text, pasted", long=True, most=MAX_PASTED)] = "",
    sure: Annotated[bool, ParameterHint("create the draft without asking first")] = False,
) -> Card:
    """Create the draft from a file: an exported edition, or your usual newsletter.

    `#` is the title, `##` a section, `###` an item; `>` a quote, `→` a note. Every word is kept, and so are pictures
    that come with it. You see what was recognized before the draft is created, and `/edition undo` takes it back.
    """
    draft = await read_draft_file(ctx, file, text)
    async with ctx.read() as db:
        edition = await db.editions.current()
    base = from_json(edition.document) if edition else await draft_pipeline.empty_document(ctx.app, ctx.club.id)
    shape = template_for(base.template, ctx.settings)
    if sure and edition is None:
        edition = await draft_pipeline.start_empty_draft(ctx.app, ctx.club.id, by=ctx.member.id)
        base = from_json(edition.document)
    read = await asyncio.to_thread(import_markdown, draft.text, base, shape)
    if len(read.document.items) > MAX_ITEMS:
        raise UserError(
            _(
                "That has {items_count} items, but an edition can have at most {max_items}.",
                items_count=len(read.document.items),
                max_items=MAX_ITEMS,
            ),
            field="file",
        )
    works = await _recognize(ctx, read.document)
    figures = await read_figures(ctx, read.document, draft.pictures)
    read = replace(read, document=figures.document, questions=(*read.questions, *figures.questions))
    if not sure:
        call = Call.of("edition import", file=file or None, text=None if file else text, sure="yes")
        return _question_card(read, works, call, replaces=edition is not None)
    return await _create_draft(ctx, read, base, works, figures)


async def _create_draft(
    ctx: Context, read: ImportedEdition, base: Document, works: RecognizedWorks, figures: ReadFigures
) -> Card:
    """Put what was read into the open draft, and show it with what is unclear."""
    shape = template_for(base.template, ctx.settings)
    complete = _with_works(ctx, read.document, base, works)
    complete = replace(complete, own_numbers=_numbers_are_its_own(read, complete))
    async with ctx.read() as db:
        complete = await with_quotes_looked_up(db, complete)
    async with ctx.begin() as db:
        current = await load_open_draft(db)
        await save_figures(ctx, db, figures.images)
        authors = RecordedAuthors(complete)
        if read.exported:
            authors = await with_recorded_authors(db, complete, current, shape, ctx.member.name)
            complete = authors.document
        change = _change(complete, base, ctx.member.name, adds_credits=not read.exported)
        change = replace(change, recorded=authors.recorded)
        if authors.unknown:
            listed = ", ".join(f"“{truncate(title, 60)}”" for title in authors.unknown[:MAX_SHOWN])
            say = _(
                "These texts were in no earlier edition of the club, so you are named as their author: {titles}",
                titles=listed,
            )
            read = replace(read, questions=(*read.questions, say))
        if not read.exported:  # a number that was typed for the newsletter before is none of this one
            composed = DraftInProgress.of(current).composed
            change = replace(change, selected_from=composed.selected_from, selected_where=composed.selected_where)
        after = await revise(ctx.app, db, current, [change], ctx.member.id, keeps_same=True)
        view = await load_draft_view(db, current, ctx.now)
        quotes = await quote_notice(db, after)
    count = _n("{n} item", "{n} items", len(read.document.items))
    card = draft_card(view, say=_("Imported: {count}. `/edition undo` takes it back.", count=count))
    pictures = offer_to_describe(after, figures.images)
    return replace(card, parts=(*card.parts[:1], *_unclear(read), *quotes, *pictures, *card.parts[1:]))


async def _recognize(ctx: Context, document: Document) -> RecognizedWorks:
    """The club's submissions among the items, and the records of papers that it does not have: one batch a source."""
    keys = {item.key: _stored_key(ctx, item) for item in document.items}
    keys |= {key: key for key in map(_untitled_paper, document.references) if key}
    submissions: dict[str, Submission] = {}
    submitters: dict[str, tuple[str, ...]] = {}
    async with ctx.read() as db:
        for key, stored in keys.items():
            if found := await db.submissions.by_key(stored):
                submissions[key] = found
                others = await db.submissions.co_submitters(found.id)
                submitters[key] = submitter_names(found, others, words_of(document))
        by_submission = await db.vote_queries.visible_voters([found.id for found in submissions.values()])
        voters = {key: tuple(by_submission.get(found.id, ())) for key, found in submissions.items()}
        papers = {paper.key: paper for paper in await db.papers.by_keys(keys)}
    missing = [key for key in keys if key not in submissions and key not in papers]
    arxiv = [key.removeprefix("arxiv:") for key in missing if key.startswith("arxiv:")]
    records: list[PaperRecord] = []
    unavailable = ""
    try:
        records += (await ctx.app.paper_source.records(arxiv)).values() if arxiv else ()
        for key in missing:
            if key.startswith("doi:") and ctx.app.doi_registry:
                record = await ctx.app.doi_registry.record(key.removeprefix("doi:"))
                records += [record] if record else []
    except Unavailable as error:
        unavailable = str(error)
    if records:
        async with ctx.begin() as db:
            for record in records:
                papers[record.key] = await db.papers.save_record(record, now=ctx.now)
    return RecognizedWorks(submissions, papers, unavailable, submitters, voters)


def _stored_key(ctx: Context, item: Item) -> str:
    """The key under which the club stores an item."""
    if item.key.startswith("web:") and item.url:
        link = links.identify(item.url)
        return club_paper_key(ctx.club.id, link) if isinstance(link, links.LinkedItem) else item.key
    return item.key


def _untitled_paper(entry: NumberedReference) -> str:
    """The key of a reference that is only the address of a paper, such as one cited by its key; empty for others."""
    key = citation_key(entry.work)
    return key if entry.work.title == entry.work.url and key.startswith(("arxiv:", "doi:")) else ""


def _question_card(read: ImportedEdition, works: RecognizedWorks, call: Call, *, replaces: bool) -> Card:
    """Preview of an import: recognized, new and unclear items, with a button that creates the draft."""
    document = read.document
    known = [item for item in document.items if item.key in works.submissions]
    found = [item for item in document.items if item.key in works.papers and item not in known]
    new = [item for item in document.items if item not in known and item not in found]
    parts: list[Part] = [text(_summary(document))]
    for label, items in ((_("On the club’s list"), known), (_("Found by their links"), found), (_("New"), new)):
        if items:
            parts += [text(f"{label}: {len(items)}"), _listed([item.title for item in items])]
    if works.unavailable:
        parts.append(
            note(_("{unavailable} Items are imported exactly as they are in the text.", unavailable=works.unavailable))
        )
    parts += _unclear(read)
    if replaces:
        parts.append(note(*parse_backticks(_("It replaces what the draft has now. `/edition undo` takes it back."))))
    parts.append(Buttons((Button(_("Create the draft"), call),)))
    return Card(_("Import “{document_title}”?", document_title=truncate(document.title, 100)), tuple(parts))


def _unclear(read: ImportedEdition) -> list[Part]:
    """Questions about unclear lines and about lines that are not in the draft; empty where all was clear."""
    if not read.questions:
        return []
    return [text(_("Not clear: {questions_count}", questions_count=len(read.questions))), _listed(read.questions)]


def _summary(document: Document) -> str:
    counts = [
        _n("{n} section", "{n} sections", len(document.sections)),
        _n("{n} item", "{n} items", len(document.items)),
    ]
    if document.references:
        counts.append(_n("{n} reference", "{n} references", len(document.references)))
    return _("I read {counts}. Every word is kept.", counts=", ".join(counts))


def _listed(lines: Sequence[str]) -> Part:
    shown = [truncate(line, 140) for line in lines[:MAX_SHOWN]]
    if len(lines) > MAX_SHOWN:
        shown.append(_("and {lines_count} more", lines_count=len(lines) - MAX_SHOWN))
    return text("\n".join(f"• {line}" for line in shown))


def _with_works(ctx: Context, document: Document, base: Document, works: RecognizedWorks) -> Document:
    """The document with what the club and the sources know of its works, where the text does not say it."""
    in_base = {item.key for item in base.items}
    references = [_with_details(entry, works) for entry in document.references]

    def completed(item: Item) -> Item:
        submission = works.submissions.get(item.key)
        paper = submission.paper if submission else works.papers.get(item.key)
        if submission and item.key not in in_base:
            item = replace(
                item, submission=submission.id, brought=submission.number, votes=submission.votes,
                voices=submission.voices, brought_by=works.submitters.get(item.key, ()),
                voters=works.voters.get(item.key, ()),
            )  # fmt: skip
        if paper is None or item.kind != "paper":
            return replace(item, key=_stored_key(ctx, item))
        authors = item.authors or join_names([latex_to_text(name) for name in paper.authors], MAX_AUTHORS_IN_BYLINE)
        work = reference(paper, 0).work
        number = next((e.number for e in references if citation_key(e.work) == citation_key(work)), 0)
        if not number:
            number = max((entry.number for entry in references), default=0) + 1
            references.append(NumberedReference(number, work))
        title = latex_to_text(paper.title) if item.title == item.url else item.title
        return replace(
            item, title=title, authors=authors, venue=item.venue or venue(paper, words_of(document)),
            version=paper.version, reference=item.reference or number,
        )  # fmt: skip

    return replace(document.map_items(completed), references=tuple(references))


def _with_details(entry: NumberedReference, works: RecognizedWorks) -> NumberedReference:
    """The entry with the title and the people of its paper, where the text has only its address."""
    key = _untitled_paper(entry)
    paper = works.submissions[key].paper if key in works.submissions else works.papers.get(key)
    return replace(entry, work=reference(paper, 0).work) if paper else entry


def _numbers_are_its_own(read: ImportedEdition, complete: Document) -> bool:
    """True if the text numbers its references otherwise than the draft would."""
    if not read.exported:
        return bool(read.document.references)
    numbered = replace(complete, own_numbers=False)
    return with_renumbered_references(numbered).references != numbered.references


def _change(document: Document, base: Document, by: str, *, adds_credits: bool) -> ImportChange:
    """The change that makes the draft. Names and comments of members are those of the draft for items that it has."""
    in_base = {item.key for item in base.items}

    def without_names(section: Section) -> Section:
        items = (replace(item, threads=(), said=()) for item in section.items)
        items = (replace(item, voters=(), brought_by=()) if item.key in in_base else item for item in items)
        return replace(section, items=tuple(items))

    return ImportChange(
        title=document.title, headline=document.headline, intro=document.intro, letter=document.letter,
        video=document.video, themes=document.themes, sections=tuple(map(without_names, document.sections)),
        charts=document.charts, references=document.references, sign_off=document.sign_off, credits=document.credits,
        by=by, own_numbers=document.own_numbers, adds_credits=adds_credits,
    )  # fmt: skip
