"""Commands that show published editions, and that suggest contents of the next one."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, ListEntry, Part, Points, Tone, note, text
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Bold, Link, parse_backticks
from bot.chat.text import one_line, truncate
from bot.domain.links import identify as links
from bot.domain.models import Edition, EditionState, SuggestedSection, Suggestion, SuggestionState
from bot.domain.preferences import Preferences
from bot.editions.compose.item_builder import abstract_of, provenance
from bot.editions.edit.apply_changes import apply
from bot.editions.edit.changes import RewriteItem
from bot.editions.edit.member_names import with_shown_names
from bot.editions.model.document import Document, from_json
from bot.editions.model.templates import template_for
from bot.editions.model.translation import words_in_use
from bot.editions.render import captions
from bot.editions.render.card_renderer import render_cards
from bot.editions.render.export_formats import Format
from bot.errors import UserError
from bot.features.editions.reading.download import FORMAT_LABEL, download_buttons, edition_file, refuse_to_share
from bot.features.shared.editions.edition_lookup import edition_parameter, edition_url
from bot.features.shared.paged_lists import LAST_PAGE, ROWS_PER_PAGE, pager
from bot.features.shared.votes.voting_window import next_edition_sentence
from bot.locale.current import _, _n, formatted, mark_text
from bot.store import UnitOfWork
from bot.store.editions.summaries import RecalledEdition

commands = Commands(about={"digest": mark_text("Read the club’s editions, and suggest items for the next one.")})

MAX_SUGGESTIONS = 20
"""Maximum number of waiting suggestions of a member."""


@commands("digest latest", examples=("/digest latest", "/digest latest share=yes", "/digest latest markdown"))
async def latest(
    ctx: Context,
    format: Annotated[Format | None, ParameterHint(FORMAT_LABEL)] = None,
    share: Annotated[bool, ParameterHint("show it to everyone in this channel")] = False,
) -> Card:
    """Show what is in the latest edition, or get it as a file."""
    if format:
        return await _as_file(ctx, None, format, share)
    async with ctx.read() as db:
        edition = await _published(ctx, db, None)
        recalled_later = [recalled for recalled in await db.editions.recalled() if recalled.number > edition.number]
    document = from_json(edition.document)
    rows: list[Part] = [note(_recall_sentence(ctx, recalled)) for recalled in recalled_later]
    rows.append(note(" · ".join(captions.dateline(document))))
    if document.headline:
        rows.append(text(Bold(document.headline)))
    rows.append(Points(tuple((truncate(item.title, 150),) for item in document.items[:ROWS_PER_PAGE])))
    if (more := len(document.items) - ROWS_PER_PAGE) > 0:
        rows.append(note(_("And {more} more.", more=more)))
    rows += _on_the_web(ctx, edition)
    rows.append(
        Buttons(
            (
                Button(_("Read it"), Call.of("digest read", edition.number)),
                Button(_("Older ones"), Call.of("digest list")),
            ),
            download_buttons(edition.number),
        )
    )
    return Card(document.title, tuple(rows), url=edition_url(ctx.app.installation.public_url, ctx.club, edition.number))


@commands("digest read", examples=("/digest read", "/digest read 3", "/digest read 3 markdown"))
async def read(
    ctx: Context,
    edition: Annotated[int | None, edition_parameter(mark_text("the edition’s number; the latest if empty"))] = None,
    format: Annotated[Format | None, ParameterHint(FORMAT_LABEL)] = None,
    page: Annotated[int, ParameterHint("which page")] = 1,
    share: Annotated[bool, ParameterHint("show it to everyone in this channel")] = False,
) -> Card:
    """Read an edition here, or download it as a file.

    It shows only abstracts if you prefer them (`/my prefs`). Only you get the file. On Slack, it comes in a direct
    message.
    """
    if format:
        return await _as_file(ctx, edition, format, share)
    async with ctx.read() as db:
        chosen = await _published(ctx, db, edition)
        named = with_shown_names(from_json(chosen.document), await db.members.shown_names(ctx.where.platform))
        document = await with_member_preferences(ctx, db, named)
    pages = render_cards(document, url=edition_url(ctx.app.installation.public_url, ctx.club, chosen.number))
    page = min(max(page, 1), len(pages))
    card = pages[page - 1].card
    more: list[Part] = [
        note(_("Part {page} of {pages_count}", page=page, pages_count=len(pages))),
        *_on_the_web(ctx, chosen),
    ]
    if page_buttons := pager(Call.of("digest read", chosen.number), page, more=page < len(pages)):
        more.append(page_buttons)
    return replace(card, parts=(*card.parts, *more))


async def _as_file(ctx: Context, number: int | None, form: Format, share: bool) -> Card:
    refuse_to_share(share)
    async with ctx.read() as db:
        chosen = await _published(ctx, db, number)
        document = await with_member_preferences(ctx, db, from_json(chosen.document))
    return await edition_file(ctx, chosen, document, form)


async def with_member_preferences(ctx: Context, db: UnitOfWork, document: Document) -> Document:
    """The edition as the member prefers it: with `abstract`, the abstracts replace all generated texts."""
    if Preferences.of(ctx.member.prefs).summaries != "abstract":
        return document
    papers = {paper.key: paper for paper in await db.papers.by_keys(item.key for item in document.items)}
    shape = template_for(document.template, ctx.settings)
    for item in document.items:
        if item.provenance and item.provenance.writer != "abstract" and item.key in papers:
            paper = papers[item.key]
            abstract_only = RewriteItem(item.key, (), (), abstract_of(paper), provenance(None, paper, ctx.now))
            document = apply(document, abstract_only, shape)
    return document


@commands("digest list", examples=("/digest list",))
async def listing(ctx: Context, page: Annotated[int, ParameterHint("which page")] = 1) -> Card:
    """List all published editions, latest first."""
    page = max(page, 1)
    async with ctx.read() as db:
        found = await db.editions.latest(skip=(page - 1) * ROWS_PER_PAGE, limit=ROWS_PER_PAGE + 1)
        empty = "" if found or page > 1 else await _nothing_to_read(ctx, db)
        recalled = await db.editions.recalled(limit=ROWS_PER_PAGE) if page == 1 else ()
    rows: list[Part] = [_row(ctx, edition) for edition in found[:ROWS_PER_PAGE]]
    if not rows:
        rows.append(text(*parse_backticks(empty or _(LAST_PAGE))))
    if found:
        rows += [note(_recall_sentence(ctx, edition)) for edition in recalled]
    if page_buttons := pager(Call.of("digest list"), page, more=len(found) > ROWS_PER_PAGE, empty=not found):
        rows.append(page_buttons)
    return Card(_("The club’s editions"), tuple(rows))


@commands(
    "digest suggest",
    examples=("/digest suggest news https://example.org/story", '/digest suggest theme title="Reasoning"'),
)
async def suggest(
    ctx: Context,
    section: Annotated[SuggestedSection, ParameterHint("news, code or theme")],
    url: Annotated[str, ParameterHint("a link to it", most=2000)] = "",
    title: Annotated[str, ParameterHint("its title", rest=True, most=150)] = "",
    note: Annotated[str, ParameterHint("a comment", long=True, most=500)] = "",
) -> Card:
    """Suggest news, code or a theme for the next edition.

    For papers use `/paper submit`. A theme may have a link to a paper.
    """
    title, remark = one_line(title), note.strip()
    link = _parse_link(url) if url else ""
    if section != "theme" and not link:
        raise UserError(_("A link is missing. Add one."), field="url")
    if section == "theme" and not title:
        raise UserError(_("A title is missing. Give the theme’s name."), field="title")
    async with ctx.begin() as db:
        waiting = [s for s in await db.suggestions.waiting() if s.section == section]
        own_waiting = [s for s in waiting if s.member_id == ctx.member.id]
        if same := next((s for s in waiting if (link and s.url == link) or (not link and s.title == title)), None):
            return Card(
                _("Already suggested"),
                (text(_("By {member}. It is waiting for the next edition.", member=same.member.shown_name)),),
            )
        if len(own_waiting) >= MAX_SUGGESTIONS:
            raise UserError(
                _(
                    "You have {suggestions} waiting. Wait for the next edition.",
                    suggestions=_n("{n} suggestion", "{n} suggestions", len(own_waiting)),
                )
            )
        suggestion = Suggestion(
            member_id=ctx.member.id, section=section, title=title, url=link, note=remark, at=ctx.now
        )
        suggestion.kind, suggestion.state = _suggestion_kind(section, link), SuggestionState.NEW
        await db.suggestions.add(suggestion)
        when = await next_edition_sentence(ctx, db)
    return Card(_("Suggestion saved for the next edition"), (text(f"{title or link}. {when}".rstrip()),), Tone.GOOD)


def _parse_link(url: str) -> str:
    """URL of the link, safe to show. Raises UserError if it is not a link."""
    try:
        link = links.identify(url)
    except UserError as error:
        raise UserError(str(error), field="url") from None
    if isinstance(link, links.SearchPhrase):
        raise UserError(_("“{url}” is not a link.", url=truncate(url, 80)), field="url")
    return link.url


def _suggestion_kind(section: str, url: str) -> str:
    """Kind of the link's target (a video, a newsletter) if it is known, else the section."""
    link = links.identify(url) if url else None
    return link.kind.value if isinstance(link, links.LinkedItem) else section


def _row(ctx: Context, edition: Edition) -> ListEntry:
    url = edition_url(ctx.app.installation.public_url, ctx.club, edition.number)
    title = _("No. {edition_number}: {edition_title}", edition_number=edition.number, edition_title=edition.title)
    count = len(from_json(edition.document).items)
    days = words_in_use().period(*(moment.astimezone(ctx.zone).date() for moment in (edition.since, edition.until)))
    small = f"{days} · {_n('{n} item', '{n} items', count)}"
    return ListEntry(
        (Link(title, url) if url else title,), (small,), Button(_("Read"), Call.of("digest read", edition.number))
    )


def _on_the_web(ctx: Context, edition: Edition) -> list[Part]:
    url = edition_url(ctx.app.installation.public_url, ctx.club, edition.number)
    return [note(Link(_("Read it on the web"), url))] if url else []


async def _published(ctx: Context, db: UnitOfWork, number: int | None) -> Edition:
    if number is None:
        found = await db.editions.latest()
        if not found:
            raise UserError(await _nothing_to_read(ctx, db))
        return found[0]
    edition = await db.editions.by_number(number)
    if edition and edition.state == EditionState.RECALLED and (recalled := await db.editions.recalled(number=number)):
        raise UserError(
            _("{recall_sentence} `/digest list` shows the others.", recall_sentence=_recall_sentence(ctx, recalled[0])),
            field="edition",
        )
    if edition is None or edition.state != EditionState.PUBLISHED:
        raise UserError(
            _("There is no edition No. {number} to read. `/digest list` shows them all.", number=number),
            field="edition",
        )
    return edition


async def _nothing_to_read(ctx: Context, db: UnitOfWork) -> str:
    """Sentences that explain why there is no edition to read, and when the next one is due."""
    recalled = await db.editions.recalled()
    due = await next_edition_sentence(ctx, db)
    if recalled:
        return " ".join(filter(None, (*(_recall_sentence(ctx, edition) for edition in recalled), due)))
    return " ".join(
        filter(None, (_("The club has published no edition yet."), due, _("Add a paper with `/paper submit`.")))
    )


def _recall_sentence(ctx: Context, recalled: RecalledEdition) -> str:
    """Sentence about a recalled edition: "No. 3 was recalled on 5 Dec 2025: the wrong draft went out."."""
    why = recalled.why if recalled.why.endswith((".", "!", "?")) else f"{recalled.why}."
    return _(
        "No. {recalled_number} was recalled on {at}: {why}",
        recalled_number=recalled.number,
        at=formatted(recalled.at.astimezone(ctx.member_zone), "%-d %b %Y"),
        why=why,
    )
