"""Commands that show, find and rank papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal

from bot.app import Context
from bot.chat.calls import Call, quote_word
from bot.chat.cards import Button, Buttons, Card, Part, QuotePart, text
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Bold
from bot.chat.text import one_line, truncate
from bot.domain.models import Meeting
from bot.domain.past_day_input import TypedDays
from bot.errors import UserError
from bot.features.papers.add_submission import SubmissionInput
from bot.features.papers.new_papers import by_category, list_new_papers
from bot.features.papers.paper_query import PaperQuery
from bot.features.papers.sharing import share as post_copy
from bot.features.papers.source_search import choose_result
from bot.features.shared.field_checks import check_paper, check_topic
from bot.features.shared.lookup import PAPER, by_title, by_topic, find_submission, topic_named, with_member_name
from bot.features.shared.meetings.meeting_cards import meeting_row
from bot.features.shared.paged_lists import ROWS_PER_PAGE, submission_list
from bot.features.shared.papers.paper_cards import load_submission_view, paper_card
from bot.features.shared.votes.voting_window import current_ranking
from bot.locale.current import _, mark_text

commands = Commands()

MAX_MEETINGS = 3
"""Meetings that a search for papers shows behind them."""

Window = Literal["edition", "week", "month", "year", "all"]
SPANS = {"week": timedelta(days=7), "month": timedelta(days=30), "year": timedelta(days=365)}
_LEADS: dict[Window, str] = {
    "edition": mark_text("By votes since the last edition."),
    "week": mark_text("Submitted in the last week, by votes."),
    "month": mark_text("Submitted in the last month, by votes."),
    "year": mark_text("Submitted in the last year, by votes."),
    "all": mark_text("Of all time, by votes."),
}
"""First line of a list of top papers: which papers it has, and what they are ranked by."""


@commands("paper show", posts_share=True, examples=("/paper show 12", "/paper show attention share=yes"))
async def show(
    ctx: Context,
    paper: Annotated[str, ParameterHint(PAPER, rest=True, here=True, suggest=by_title, check=check_paper)] = "",
    share: Annotated[bool, ParameterHint("show it to everyone in this channel")] = False,
) -> Card:
    """Show a paper: reasons, links, votes and discussion."""
    async with ctx.read() as db:
        chosen = await find_submission(ctx, db, paper)
        card = paper_card(await load_submission_view(db, chosen))
        own_notes = await db.reading_list.notes(ctx.member.id, [chosen.id])
    if share and ctx.where.room and ctx.where.platform in ctx.app.gateways:
        return await post_copy(ctx, chosen)
    if not own_notes:
        return card
    return replace(card, parts=(*card.parts, QuotePart(own_notes[chosen.id], _("your note; only you see it"))))


@commands(
    "paper find",
    examples=(
        "/paper find diffusion",
        "/paper find protein folding scope=arxiv",
        "/paper find scope=new category=cs.CL since=2026-01-26",
    ),
)
async def find(
    ctx: Context,
    query: Annotated[
        str,
        ParameterHint(
            "words of the title, the abstract, or a name",
            rest=True,
            most=200,
            needed_with=("scope", ("", "club", "arxiv")),
            unless=("author", "topic", "since", "until"),
        ),
    ] = "",
    scope: Annotated[
        Literal["club", "new", "arxiv"], ParameterHint("the club’s list, new papers from its sources, or arXiv")
    ] = "club",
    since: Annotated[
        date | TypedDays | None, ParameterHint("only from this day on, such as 2026-01-31", parse=TypedDays.read)
    ] = None,
    until: Annotated[
        date | TypedDays | None, ParameterHint("only up to this day, such as 2026-01-31", parse=TypedDays.read)
    ] = None,
    topic: Annotated[
        str, ParameterHint("only one of the club’s topics", suggest=by_topic, check=check_topic, strict=True, most=80)
    ] = "",
    category: Annotated[
        str, ParameterHint("only new papers in this category: cs.CL, or cs for all of cs", suggest=by_category, most=80)
    ] = "",
    author: Annotated[str, ParameterHint("only by this author", people=True, most=80)] = "",
    page: Annotated[int, ParameterHint("which page")] = 1,
) -> Card:
    """Find papers: on the club’s list, among new papers from its sources, or on arXiv.

    On the club’s list, a paper must contain every word that you give. In titles, your word may be any part of a
    longer one; in abstracts, authors’ names and reasons, only its beginning. Matching meetings are listed after the
    papers. `since` and `until` mean the day a paper was submitted; on arXiv, the day it first appeared; among new
    papers, the day it was announced. New papers can be listed without words, by category, author and day.
    """
    begins_at, ends_at = _time_span(ctx, since, until)
    for name, typed in (("query", query), ("author", author), ("category", category)):
        _check_searchable(name, typed)
    if author:
        async with ctx.read() as db:
            author = await with_member_name(ctx, db, author)
    asked = PaperQuery(
        query,
        scope,
        topic,
        category,
        author,
        begins_at,
        ends_at,
        max(page, 1),
    )
    if scope == "new":
        return await list_new_papers(ctx, asked)
    _check_complete(asked)
    return await (_on_arxiv(ctx, asked) if scope == "arxiv" else _in_the_club(ctx, asked))


def _time_span(
    ctx: Context, since: date | TypedDays | None, until: date | TypedDays | None
) -> tuple[datetime | None, datetime | None]:
    """Beginning of the first day and end of the last one, in the club's zone. Raises UserError if they are swapped."""
    today = ctx.now.astimezone(ctx.zone).date()
    first = since.first(today) if isinstance(since, TypedDays) else since
    last = until.last(today) if isinstance(until, TypedDays) else until
    if first and last and last < first:
        raise UserError(_("`until` is before `since`."), field="until")
    return (
        datetime.combine(first, time(), ctx.zone) if first else None,
        datetime.combine(last + timedelta(days=1), time(), ctx.zone) if last else None,
    )


def _check_complete(asked: PaperQuery) -> None:
    """Raises UserError if a search of the list or of arXiv has nothing to search for, or a category."""
    if not asked.words.strip() and not (asked.author or (asked.scope == "club" and asked.is_narrowed)):
        raise UserError(_("What are you looking for? Give words, or an author: `author=…`."), field="query")
    if asked.category:
        raise UserError(
            _("Only new papers have categories: add `scope=new`, or leave `category` out."), field="category"
        )


def _check_searchable(name: str, typed: str) -> None:
    """Raises UserError about the field `name` if its words have nothing that can be searched for."""
    if typed.strip() and not any(map(str.isalnum, typed)):
        say = _("“{typed}” contains no letters or digits to search for.", typed=truncate(one_line(typed), 40))
        raise UserError(say, field=name)


async def _in_the_club(ctx: Context, asked: PaperQuery) -> Card:
    """Papers of the club's list, and on the first page of a search without limits the meetings, with these words."""
    topic = asked.topic
    async with ctx.read() as db:
        if topic:
            topic = (await topic_named(db, topic)).name
        found = await db.search.papers(
            asked.words,
            since=asked.since,
            before=asked.before,
            topic=topic,
            author=asked.author,
            skip=(asked.page - 1) * ROWS_PER_PAGE,
            limit=ROWS_PER_PAGE + 1,
        )
        narrow = asked.is_narrowed or asked.page > 1
        meetings = [] if narrow else await db.meeting_search.meetings(asked.words, limit=MAX_MEETINGS + 1)
    words = truncate(asked.words, 80)
    if words:
        title = _("Papers with “{query}”", query=truncate(asked.words, 60))
        empty = _("No paper here matches “{query}”{narrowed}.", query=words, narrowed=asked.limits)
        empty += _(" Try `/paper find {query} scope=arxiv`.", query=words)
    else:
        title = _("Papers{narrowed}", narrowed=asked.limits)
        empty = _("There is no paper{narrowed} on the club’s list.", narrowed=asked.limits)
        if asked.author:
            empty += _(" Try `/paper find author={author} scope=arxiv`.", author=quote_word(asked.author))
    card = submission_list(title, found, asked.call, asked.page, empty=empty)
    return replace(card, parts=(*card.parts, *_meetings_with(ctx, asked.words, meetings))) if meetings else card


def _meetings_with(ctx: Context, query: str, meetings: Sequence[Meeting]) -> list[Part]:
    """The meetings that have the words, behind the papers."""
    parts: list[Part] = [text(Bold(_("Meetings with these words")))]
    parts += [meeting_row(meeting, ctx.member_zone) for meeting in meetings[:MAX_MEETINGS]]
    if len(meetings) > MAX_MEETINGS:
        more = Button(_("More meetings"), Call.of("club meetings", words=query))
        parts.append(Buttons((more,)))
    return parts


async def _on_arxiv(ctx: Context, asked: PaperQuery) -> Card:
    """Up to five results of arXiv, each with a button to submit it. Raises UserError for limits unknown to arXiv."""
    if asked.topic:
        raise UserError(_("arXiv does not know the club’s topics. Leave `topic` out to search arXiv."), field="topic")
    if asked.before:
        raise UserError(_("arXiv is searched up to today. Leave `until` out."), field="until")
    title = (
        _("arXiv results for “{query}”", query=truncate(asked.words, 60))
        if asked.words
        else _("arXiv results{narrowed}", narrowed=asked.limits)
    )
    found = await ctx.app.paper_source.search(asked.words, author=asked.author, since=asked.since, limit=5)
    if not found:
        what = f" “{truncate(asked.words, 80)}”" if asked.words else ""
        say = _("arXiv has no paper{what}{narrowed}.", what=what, narrowed=asked.limits)
        return Card(title, (text(say),))
    return replace(choose_result(found, SubmissionInput()), title=title)


@commands("paper top", examples=("/paper top", "/paper top month share=yes"))
async def top(
    ctx: Context,
    window: Annotated[
        Window, ParameterHint("since the last edition, in the last week, month or year, or all time")
    ] = "edition",
    topic: Annotated[
        str, ParameterHint("only one of the club’s topics", suggest=by_topic, check=check_topic, strict=True, most=80)
    ] = "",
    share: Annotated[bool, ParameterHint("show it to everyone in this channel")] = False,
    page: Annotated[int, ParameterHint("which page")] = 1,
) -> Card:
    """Show the top papers by rank.

    `edition` ranks by votes since the last edition. The other choices list the papers submitted in the last week,
    month or year, or ever, ranked by all their votes.
    """
    page = max(page, 1)
    skip = (page - 1) * ROWS_PER_PAGE
    async with ctx.read() as db:
        chosen = await topic_named(db, topic) if topic else None
        if window == "edition":
            found = await current_ranking(ctx, db, chosen, skip, ROWS_PER_PAGE + 1)
        else:
            since = ctx.now - SPANS[window] if window in SPANS else None
            long = window == "year"
            found = list(
                await db.submissions.most_voted(since=since, topic=topic, long=long, skip=skip, limit=ROWS_PER_PAGE + 1)
            )
    lead = _(_LEADS[window])
    turn = Call.of("paper top", window, topic=topic or None)
    about = _(" on {chosen}", chosen=chosen.name) if chosen else ""
    empty = _("Nothing yet{about}. Add one with `/paper submit`", about=about)
    empty += "." if window == "all" else _("; `/paper top all` lists older ones.")
    return submission_list(_("Top papers"), found, turn, page, ranked=True, lead=lead, empty=empty)
