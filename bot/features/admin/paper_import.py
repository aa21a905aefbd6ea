"""Commands `clubadmin import` and `clubadmin export`: what a club read before, in bulk, and its list as a file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from time import monotonic
from typing import Annotated, Literal

from sqlalchemy.exc import IntegrityError

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, File, Part, Tone, note, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import parse_backticks
from bot.chat.text import truncate
from bot.domain.bibliography.reading import FORMATS, is_pasted_list, read_bibliography
from bot.domain.bibliography.writing import LIST_WRITERS, ListFormat
from bot.domain.meeting_export import MEETING_FORMATS, write_meetings
from bot.errors import UserError
from bot.features.admin.import_plan import ImportPlan, KnownWorks, PlannedPaper, plan_import
from bot.features.admin.import_undo import LoggedImport, log_added, undo_button, undo_import
from bot.features.admin.topics import MAX_TOPICS
from bot.features.shared.audit.entries import redraw_act
from bot.features.shared.meetings.meeting_list import meeting_entries
from bot.features.shared.papers.paper_list import listed_entries
from bot.features.shared.progress_bar import progress_bar
from bot.features.shared.uploaded_text import decode_any_text, read_file_bytes
from bot.locale.current import _, _n, formatted
from bot.store import UnitOfWork
from bot.store.papers.reading_history import StoredWork

commands = Commands()

MAX_PASTED = 40_000
"""Characters of a pasted list."""
MAX_FILE = 32 * 2**20
"""Maximum size of a file in bytes: 20,000 works with abstracts have about as many."""
MAX_ENTRIES = 50_000
MAX_EXPORT = 8 * 2**20
"""Characters of an exported file: the platforms take about as many bytes."""
BATCH = 200
"""Works that are added by one transaction, so that a stop loses none and commands in between are not held up."""
PROGRESS_EVERY = 2.0
"""Seconds between two reports of progress."""
MAX_SHOWN = 8
"""Works and questions of each sort that the card lists."""


@commands(
    "clubadmin import",
    audience=Audience.ADMIN,
    examples=(
        "/clubadmin import library.bib",
        "/clubadmin import - Attention Is All You Need https://arxiv.org/abs/1706.03762",
    ),
)
async def import_papers(
    ctx: Context,
    file: Annotated[str, ParameterHint("a list: BibTeX, RIS, CSL-JSON, CSV or Markdown", most=2000, file=True)] = "",
    text: Annotated[
        str, ParameterHint("or the list, pasted", long=True, most=MAX_PASTED, recognize=is_pasted_list)
    ] = "",
    sure: Annotated[bool, ParameterHint("add them without asking first")] = False,
    undo: Annotated[str, ParameterHint("`last` takes the last import back")] = "",
) -> AsyncIterator[Card]:
    """Add the papers that the club has already read, from a file or a pasted list.

    Members can find them, nobody submits them twice, and I use them to choose new papers. They are not announced and
    have no rank. The day on which you read a paper comes from a column `read`, from the paper’s line, or from the
    heading above it. Before anything is added, you see which papers are new. Importing the same list again adds only
    what is missing. An import can be undone: its papers are removed that nobody has used since.
    """
    if undo:
        async for card in undo_import(ctx, undo, sure=sure):
            yield card
        return
    content = await _content(ctx, file, text)
    async with ctx.read() as db:
        works = await db.reading_history.works()
    plan = await asyncio.to_thread(_plan, ctx, content, works)
    call = Call.of("clubadmin import", file=file or None, text=None if file else text, sure="yes")
    if not sure or not plan.new:
        yield _preview_card(plan, call)
        return
    logged, reported = LoggedImport(), monotonic()
    for start in range(0, len(plan.new), BATCH):
        batch = plan.new[start : start + BATCH]
        try:
            logged = await _add(ctx, batch, logged)
        except IntegrityError:  # another process has added one of them at this moment; now it is found
            logged = await _add(ctx, batch, logged)
        if monotonic() - reported > PROGRESS_EVERY and start + BATCH < len(plan.new):
            reported = monotonic()
            yield _progress_card(start + BATCH, len(plan.new))
    async with ctx.begin() as db:
        for act in await db.audit_log.many([logged.act_id] if logged.act_id else []):
            await redraw_act(db, act)
    yield _summary_card(plan, logged)


@commands("clubadmin export", audience=Audience.ADMIN, examples=("/clubadmin export", "/clubadmin export bibtex"))
async def export_papers(
    ctx: Context,
    format: Annotated[ListFormat, ParameterHint("json keeps everything; the others are for other programs")] = "json",
    which: Annotated[
        Literal["all", "read", "meetings"],
        ParameterHint("all papers, only those the club has read, or its meetings with their notes"),
    ] = "all",
) -> Card:
    """Get the club’s papers or its meetings as a file.

    It contains no names of members. `/clubadmin import` reads a file of papers. Papers from meetings and editions, and
    imported papers, are marked as read.
    """
    if which == "meetings":
        return await _meetings_card(ctx, format)
    async with ctx.read() as db:
        entries = await listed_entries(db, ctx.zone, ctx.now, only_read=which == "read")
    if not entries:
        raise UserError(_("There are no papers to export."))
    writer = LIST_WRITERS[format]
    content = await asyncio.to_thread(writer.write, entries)
    if len(content) > MAX_EXPORT:
        raise UserError(
            _(
                "That file would be {content_count} MB, too large for a chat. Whoever runs this program can get "
                "it with `journalclub export FILE --format {format}`.",
                content_count=len(content) // 2**20,
                format=format,
            )
        )
    parts: tuple[Part, ...] = (
        note(_("{label}, {content_count} characters.", label=writer.label, content_count=formatted(len(content), ","))),
        File(f"papers{writer.extension}", content, _("The club’s papers")),
    )
    return Card(_("{papers} as a file", papers=_n("{n} paper", "{n} papers", len(entries))), parts)


async def _meetings_card(ctx: Context, form: ListFormat) -> Card:
    """The club's meetings as a file. Raises UserError if there are none, or not in this format."""
    if form not in MEETING_FORMATS:
        raise UserError(_("Meetings are exported as {formats}.", formats=", ".join(MEETING_FORMATS)), field="format")
    async with ctx.read() as db:
        entries = await meeting_entries(db)
    if not entries:
        raise UserError(_("There are no meetings to export."))
    content = await asyncio.to_thread(write_meetings, entries, form)
    if len(content) > MAX_EXPORT:
        raise UserError(
            _("That file is too large for a chat. Whoever runs this program can get it with `journalclub export`.")
        )
    file = File(f"meetings{LIST_WRITERS[form].extension}", content, _("The club’s meetings"))
    return Card(_("{meetings} as a file", meetings=_n("{n} meeting", "{n} meetings", len(entries))), (file,))


async def _content(ctx: Context, file: str, text: str) -> str:
    """The pasted list, or the text of the file. Raises UserError if it cannot be read."""
    if not file and not text.strip():
        raise UserError(
            _("Attach a file, or paste a list after the command. I read {formats}.", formats=_(FORMATS)), field="file"
        )
    if not file:
        return text
    content = await read_file_bytes(ctx, file, limit=MAX_FILE)
    return await asyncio.to_thread(decode_any_text, content, _("Save it in UTF-8, and import it again."))


def _plan(ctx: Context, content: str, works: Sequence[StoredWork]) -> ImportPlan:
    """The plan of an import. A large list takes seconds, so it is made in a thread. Raises UserError."""
    found = read_bibliography(content)
    if len(found.entries) > MAX_ENTRIES:
        raise UserError(
            _(
                "That list has {entries_count} papers, but an import can have at most {max_entries}. Import "
                "it in parts.",
                entries_count=formatted(len(found.entries), ","),
                max_entries=formatted(MAX_ENTRIES, ","),
            ),
            field="file",
        )
    today = ctx.now.astimezone(ctx.zone).date()
    return plan_import(found, KnownWorks.of(works), club_id=ctx.club.id, today=today, zone=ctx.zone)


async def _add(ctx: Context, batch: Sequence[PlannedPaper], logged: LoggedImport) -> LoggedImport:
    """Add works in one transaction, with the entry of the log, and return what the import has added so far."""
    async with ctx.begin() as db:
        topics = await _topics(db, {planned.topic for planned in batch if planned.topic})
        papers = [replace(one.paper, topic_id=topics.get(one.topic.casefold())) for one in batch]
        added = await db.reading_history.add(papers, member_id=ctx.member.id, now=ctx.now)
        return await log_added(ctx, db, logged, added) if added else logged


async def _topics(db: UnitOfWork, names: set[str]) -> dict[str, int]:
    """Ids of topics by folded name; missing ones are added while the club may have more."""
    if not names:
        return {}
    found = {topic.name.casefold(): topic.id for topic in await db.topics.all()}
    for name in sorted(names):
        if name.casefold() not in found and len(found) < MAX_TOPICS:
            found[name.casefold()] = (await db.topics.add(name)).id
    return found


def _preview_card(plan: ImportPlan, call: Call) -> Card:
    """Preview of an import: new, known and unclear works, with a button that adds the new ones."""
    parts: list[Part] = []
    if plan.new:
        dated = _(", {dated} of them with the date on which they were read", dated=plan.dated) if plan.dated else ""
        parts += [
            text(_("New: {new_count}{dated}", new_count=formatted(len(plan.new), ","), dated=dated)),
            _listed([one.paper.title for one in plan.new]),
        ]
    parts += _others(plan)
    if not plan.new:
        return Card(_("Nothing new in that {format} list", format=plan.format), tuple(parts), Tone.QUIET)
    say = _("They are added as already read: members can find them, but they are not announced and have no rank.")
    parts += [
        note(say),
        Buttons((Button(_("Add {papers}", papers=_n("{n} paper", "{n} papers", len(plan.new))), call),)),
    ]
    return Card(
        _("Add {papers} from {format}?", papers=_n("{n} paper", "{n} papers", len(plan.new)), format=plan.format),
        tuple(parts),
    )


def _progress_card(done: int, of: int) -> Card:
    say = _("If this stops, import the same list again: it continues where it stopped.")
    return Card(
        _("{done} of {of} papers added …", done=formatted(done, ","), of=formatted(of, ",")),
        (note(progress_bar(done, of)), note(say)),
        Tone.QUIET,
    )


def _summary_card(plan: ImportPlan, logged: LoggedImport) -> Card:
    added = logged.papers
    parts: list[Part] = [
        text(
            _(
                "The club’s list now has {more_papers} that the club has already read.",
                more_papers=_n("{n} more paper", "{n} more papers", added),
            )
        )
    ]
    parts += _others(plan)
    if waiting := sum(one.paper.key.startswith(("arxiv:", "doi:")) for one in plan.new):
        parts.append(
            note(
                _(
                    "The details of {papers} are checked with arXiv and the DOI registries.",
                    papers=_n("{n} paper", "{n} papers", waiting),
                )
            )
        )
    parts.append(note(*parse_backticks(_("Find them with `/paper find`, or get the list with `/clubadmin export`."))))
    if logged.act_id:
        parts.append(Buttons((undo_button(logged.act_id),)))
    return Card(_("Imported: {papers}", papers=_n("{n} paper", "{n} papers", added)), tuple(parts), Tone.GOOD)


def _others(plan: ImportPlan) -> list[Part]:
    """Works that are not added, by reason: known, twice in the list, not clear."""
    parts: list[Part] = []
    if plan.known:
        shown = [f"#{number} {title}" for title, number in plan.known]
        parts += [text(_("Already here: {known_count}", known_count=formatted(len(plan.known), ","))), _listed(shown)]
    if plan.twice:
        parts.append(text(_("Twice in the list: {twice}", twice=formatted(plan.twice, ","))))
    if plan.unclear:
        shown = [f"{problem.place}: {problem.reason}" for problem in plan.unclear]
        parts += [
            text(_("Not clear, and left out: {unclear_count}", unclear_count=formatted(len(plan.unclear), ","))),
            _listed(shown),
        ]
    return parts


def _listed(lines: Sequence[str]) -> Part:
    shown = [truncate(line, 140) for line in lines[:MAX_SHOWN]]
    if len(lines) > MAX_SHOWN:
        shown.append(_("and {lines_count} more", lines_count=formatted(len(lines) - MAX_SHOWN, ",")))
    return text("\n".join(f"• {line}" for line in shown))
