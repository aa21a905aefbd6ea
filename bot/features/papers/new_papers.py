"""New papers of the club's sources: found by words, category, author and day, each with a button to submit it."""

from __future__ import annotations

import re

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Card, ListEntry, Part, text
from bot.chat.rich_text import Link, Words, parse_backticks
from bot.chat.text import join_names, truncate
from bot.domain.models import StreamEntry
from bot.domain.stream.subjects import ARXIV_CATEGORIES
from bot.errors import UserError
from bot.features.papers.add_submission import SubmissionInput
from bot.features.papers.paper_query import PaperQuery
from bot.features.shared.paged_lists import LAST_PAGE, ROWS_PER_PAGE, pager
from bot.latex.reader import latex_to_text
from bot.locale.current import _, formatted

MOST_CATEGORIES = 10
MOST_SUGGESTIONS = 25


async def list_new_papers(ctx: Context, asked: PaperQuery) -> Card:
    """A page of the new papers that have every word and are within every limit, newest first."""
    if asked.topic:
        raise UserError(
            _("New papers have no topic yet. Leave `topic` out, or give a `category` such as cs.CL."), field="topic"
        )
    categories = parse_categories(asked.category)
    async with ctx.read() as db:
        if not await db.sources.all():
            say = _("The club follows no sources of new papers. An admin adds one with `/clubadmin sources add`.")
            return Card(_title(asked), (text(*parse_backticks(say)),))
        found = await db.stream_search.find(
            asked.words,
            author=asked.author,
            categories=categories,
            since=asked.since,
            before=asked.before,
            skip=(asked.page - 1) * ROWS_PER_PAGE,
            limit=ROWS_PER_PAGE + 1,
        )
        works = await db.stream.listed_works()
    rows: list[Part] = [_new_paper(entry, works.numbers.get(entry.key)) for entry in found[:ROWS_PER_PAGE]]
    if not found:
        rows.append(text(_nothing(asked) if asked.page == 1 else _(LAST_PAGE)))
    if turn := pager(asked.call, asked.page, more=len(found) > ROWS_PER_PAGE, empty=not found):
        rows.append(turn)
    return Card(_title(asked), tuple(rows))


def parse_categories(typed: str) -> tuple[str, ...]:
    """Categories as typed, with commas or spaces between them; an archive such as "cs" stands for all of its own.

    Names of arXiv get arXiv's spelling; others, of preprint servers and feeds, stay as they are. Raises UserError for
    more than ten.
    """
    names = [name.strip() for name in typed.split(",") if name.strip()]
    if len(names) == 1 and all(_arxiv_name(word) for word in names[0].split()):
        names = names[0].split()
    found = tuple(dict.fromkeys(_arxiv_name(name) or name for name in names))
    if len(found) > MOST_CATEGORIES:
        raise UserError(_("At most {most} categories at a time.", most=MOST_CATEGORIES), field="category")
    return found


def _arxiv_name(typed: str) -> str:
    """A category of arXiv in its own spelling, an archive with a dot behind it; empty if it is neither."""
    wanted = re.sub(r"\.\*?$", "", typed.strip()).casefold()
    known = {name.casefold(): name for name in ARXIV_CATEGORIES}
    if wanted in known:
        return known[wanted]
    archives = {name.partition(".")[0] for name in ARXIV_CATEGORIES if "." in name}
    return next((f"{archive}." for archive in archives if archive.casefold() == wanted), "")


async def by_category(ctx: Context, typed: str) -> list[tuple[str, str]]:
    """Suggest the categories that the club reads, then arXiv's others; the last of several is completed."""
    before, comma, last = typed.rpartition(",")
    async with ctx.read() as db:
        read = [found.source.address for found in await db.sources.all() if found.source.address in ARXIV_CATEGORIES]
    names = [name for name in dict.fromkeys((*read, *ARXIV_CATEGORIES)) if last.strip().casefold() in name.casefold()]
    lead = f"{before}{comma} " if comma else ""
    return [(lead + name, lead + name) for name in names[:MOST_SUGGESTIONS]]


def _title(asked: PaperQuery) -> str:
    """Title of the list: the words, or the limits."""
    if asked.words.strip():
        return _("New papers with “{query}”", query=truncate(asked.words, 60))
    return _("New papers{limits}", limits=truncate(asked.limits, 100))


def _nothing(asked: PaperQuery) -> str:
    """Sentence for an empty list."""
    if not asked.is_narrowed:
        return _("No new paper contains all of these words.")
    return _("No new paper matches these filters. New papers are kept for some months.")


def _new_paper(entry: StreamEntry, number: int | None) -> ListEntry:
    """A new paper as one row: a button to submit it, or to show it if the club has it."""
    names = join_names([latex_to_text(name) for name in entry.author_names])
    small = " · ".join(filter(None, (names, *entry.categories[:1])))
    line: Words = (Link(truncate(latex_to_text(entry.title), 150), entry.url),)
    if number is not None:
        return ListEntry(
            (f"#{number} ", *line), (truncate(small, 200),), Button(_("Open"), Call.of("paper show", number))
        )
    link = entry.key.removeprefix("arxiv:") if entry.key.startswith("arxiv:") else entry.url
    small = " · ".join(filter(None, (small, formatted(entry.published_at, "%-d %b %Y"))))
    return ListEntry(line, (truncate(small, 200),), Button(_("Submit this"), SubmissionInput().call(link)))
