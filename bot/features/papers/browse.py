"""Commands that show, find and rank papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, ListEntry, Part, QuotePart, text
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Bold, Link, Words, parse_backticks
from bot.chat.text import join_names, truncate
from bot.domain.models import Meeting, StreamEntry
from bot.errors import UserError
from bot.features.papers.add_submission import SubmissionInput
from bot.features.papers.sharing import share as post_copy
from bot.features.papers.source_search import choose_result
from bot.features.shared.lookup import PAPER, by_title, by_topic, find_submission, topic_named, with_member_name
from bot.features.shared.meeting_cards import meeting_row
from bot.features.shared.paged_lists import LAST_PAGE, ROWS_PER_PAGE, pager, submission_list
from bot.features.shared.paper_cards import load_submission_view, paper_card
from bot.features.shared.voting_window import current_ranking
from bot.latex.reader import latex_to_text
from bot.locale.current import _

commands = Commands()

MAX_MEETINGS = 3
"""Meetings that a search for papers shows behind them."""

Window = Literal["edition", "week", "month", "year", "all"]
SPANS = {"week": timedelta(days=7), "month": timedelta(days=30), "year": timedelta(days=365)}


@commands("paper show", posts_share=True, examples=("/paper show 12", "/paper show attention share=yes"))
async def show(
    ctx: Context,
    paper: Annotated[str, ParameterHint(PAPER, rest=True, here=True, suggest=by_title)] = "",
    share: Annotated[bool, ParameterHint("show it to everyone in this channel")] = False,
) -> Card:
    """Show a paper: reasons, links, votes and discussion."""
    async with ctx.read() as db:
        chosen = await find_submission(ctx, db, paper)
        card = paper_card(await load_submission_view(db, chosen, ctx.where.platform))
        own_notes = await db.reading_list.notes(ctx.member.id, [chosen.id])
    if share and ctx.where.room and ctx.where.platform in ctx.app.gateways:
        return await post_copy(ctx, chosen)
    if not own_notes:
        return card
    return replace(card, parts=(*card.parts, QuotePart(own_notes[chosen.id], _("your note, only you see it"))))


@commands("paper find", examples=("/paper find diffusion", "/paper find protein folding scope=arxiv"))
async def find(
    ctx: Context,
    query: Annotated[str, ParameterHint("words of the title, the abstract, or a name", rest=True, most=200)],
    scope: Annotated[
        Literal["club", "new", "arxiv"], ParameterHint("the club's list, new papers of its sources, or arXiv")
    ] = "club",
    since: Annotated[
        date | None, ParameterHint("only from this day on, such as 2026-01-31", parse=date.fromisoformat)
    ] = None,
    topic: Annotated[str, ParameterHint("only one of the club's topics", suggest=by_topic, strict=True, most=80)] = "",
    author: Annotated[str, ParameterHint("only by this author", people=True, most=80)] = "",
    page: Annotated[int, ParameterHint("which page")] = 1,
) -> Card:
    """Find papers: on the club's list, among new papers of its sources, or on arXiv.

    In the club every word must match: anywhere in a word of the title, or where a word of the abstract, an author's
    name or the reason begins. Meetings with these words follow. `since` is when papers were submitted; on arXiv, when
    they first appeared. Topics are the club's own; with `scope=new`, `topic` is a category such as cs.CL.
    """
    day = datetime.combine(since, time(), ctx.zone) if since else None
    if author:
        async with ctx.read() as db:
            author = await with_member_name(ctx, db, author)
    if scope == "arxiv":
        if topic:
            raise UserError(_("Topics are the club's own. Leave `topic` out to look on arXiv."), field="topic")
        return await _on_arxiv(ctx, query, author, day)
    if scope == "new":
        return await _among_new(ctx, query, author, topic, day, max(page, 1))
    async with ctx.read() as db:
        if topic:
            topic = (await topic_named(db, topic)).name
        found = await db.search.papers(
            query,
            since=day,
            topic=topic,
            author=author,
            skip=(max(page, 1) - 1) * ROWS_PER_PAGE,
            limit=ROWS_PER_PAGE + 1,
        )
        narrow = topic or author or since or page > 1
        meetings = [] if narrow else await db.meeting_search.meetings(query, limit=MAX_MEETINGS + 1)
    turn = Call.of("paper find", query, since=since, topic=topic or None, author=author or None)
    limits = (("on", topic), ("by", author), ("since", since))
    narrowed = "".join(f" {how} {what}" for how, what in limits if what)
    empty = _("No paper here matches “{query}”{narrowed}.", query=truncate(query, 80), narrowed=narrowed)
    empty += _(" Try `/paper find {query} scope=arxiv`.", query=truncate(query, 80))
    card = submission_list(
        _("Papers with “{query}”", query=truncate(query, 60)), found, turn, max(page, 1), empty=empty
    )
    return replace(card, parts=(*card.parts, *_meetings_with(ctx, query, meetings))) if meetings else card


def _meetings_with(ctx: Context, query: str, meetings: Sequence[Meeting]) -> list[Part]:
    """The meetings that have the words, behind the papers."""
    parts: list[Part] = [text(Bold(_("Meetings with these words")))]
    parts += [meeting_row(meeting, ctx.member_zone) for meeting in meetings[:MAX_MEETINGS]]
    if len(meetings) > MAX_MEETINGS:
        more = Button(_("More meetings"), Call.of("club meetings", words=query))
        parts.append(Buttons((more,)))
    return parts


async def _among_new(ctx: Context, query: str, author: str, category: str, since: datetime | None, page: int) -> Card:
    """New papers of the club's sources with these words, each with a button to submit it."""
    title = _("New papers with “{query}”", query=truncate(query, 60))
    async with ctx.read() as db:
        if not await db.sources.all():
            say = _("The club reads no sources of new papers. An admin adds one with `/clubadmin sources add`.")
            return Card(title, (text(*parse_backticks(say)),))
        skip = (page - 1) * ROWS_PER_PAGE
        found = await db.stream_search.find(
            query, author=author, category=category, since=since, skip=skip, limit=ROWS_PER_PAGE + 1
        )
        works = await db.stream.listed_works()
    rows: list[Part] = [_new_paper(entry, works.numbers.get(entry.key)) for entry in found[:ROWS_PER_PAGE]]
    if not found:
        rows.append(text(_("Nothing new has all of these words.") if page == 1 else _(LAST_PAGE)))
    given = {
        "scope": "new",
        "author": author or None,
        "topic": category or None,
        "since": f"{since:%Y-%m-%d}" if since else None,
    }
    if turn := pager(Call.of("paper find", query, **given), page, more=len(found) > ROWS_PER_PAGE):
        rows.append(turn)
    return Card(title, tuple(rows))


def _new_paper(entry: StreamEntry, number: int | None) -> ListEntry:
    """A new paper as one row: a button to submit it, or to show it if the club has it."""
    small = " · ".join((join_names([latex_to_text(name) for name in entry.author_names]), *entry.categories[:1]))
    line: Words = (Link(truncate(latex_to_text(entry.title), 150), entry.url),)
    if number is not None:
        return ListEntry(
            (f"#{number} ", *line), (truncate(small, 200),), Button(_("Open"), Call.of("paper show", number))
        )
    link = entry.key.removeprefix("arxiv:") if entry.key.startswith("arxiv:") else entry.url
    small = f"{small} · {entry.published_at:%-d %b %Y}"
    return ListEntry(line, (truncate(small, 200),), Button(_("Submit this"), SubmissionInput().call(link)))


async def _on_arxiv(ctx: Context, query: str, author: str, since: datetime | None) -> Card:
    found = await ctx.app.paper_source.search(query, author=author, since=since, limit=5)
    if not found:
        return Card(_("arXiv results for “{query}”", query=truncate(query, 60)), (text(_("arXiv found nothing.")),))
    return replace(choose_result(found, SubmissionInput()), title=f"arXiv results for “{truncate(query, 60)}”")


@commands("paper top", examples=("/paper top", "/paper top month share=yes"))
async def top(
    ctx: Context,
    window: Annotated[
        Window, ParameterHint("since the last edition, or a week, a month, a year, all time")
    ] = "edition",
    topic: Annotated[str, ParameterHint("only one of the club's topics", suggest=by_topic, strict=True, most=80)] = "",
    share: Annotated[bool, ParameterHint("show it to everyone in this channel")] = False,
    page: Annotated[int, ParameterHint("which page")] = 1,
) -> Card:
    """Show the top papers by rank.

    `edition` counts the votes since the last edition; the others list what was submitted in that
    time by all of its votes.
    """
    page = max(page, 1)
    skip = (page - 1) * ROWS_PER_PAGE
    async with ctx.read() as db:
        chosen = await topic_named(db, topic) if topic else None
        if window == "edition":
            found = await current_ranking(ctx, db, chosen, skip, ROWS_PER_PAGE + 1)
            lead = _("By votes since the last edition.")
        else:
            since = ctx.now - SPANS[window] if window in SPANS else None
            long = window == "year"
            found = list(
                await db.submissions.most_voted(since=since, topic=topic, long=long, skip=skip, limit=ROWS_PER_PAGE + 1)
            )
            lead = (
                _("Of all time, by votes.")
                if window == "all"
                else _("Submitted in the last {window}, by votes.", window=window)
            )
    turn = Call.of("paper top", window, topic=topic or None)
    about = _(" on {chosen}", chosen=chosen.name) if chosen else ""
    empty = _("Nothing yet{about}. Add one with `/paper submit`", about=about)
    empty += "." if window == "all" else _("; `/paper top all` lists older ones.")
    return submission_list(_("Top papers"), found, turn, page, ranked=True, lead=lead, empty=empty)
