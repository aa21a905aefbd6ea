"""Commands `curate queue` and `curate show`: papers that wait for moderators, and one paper with its actions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Literal

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, ListEntry, Part, Style, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Bold, Link, parse_backticks
from bot.chat.text import truncate
from bot.domain.models import Pick, Report, Submission, SubmissionState
from bot.features.moderation.case_card import case_card
from bot.features.shared.field_checks import check_paper, check_topic
from bot.features.shared.lookup import PAPER, by_title, by_topic, find_submission, topic_named
from bot.features.shared.paged_lists import LAST_PAGE, pager
from bot.features.shared.papers.paper_cards import byline, tally, title_of
from bot.features.shared.papers.report_card import problem_text
from bot.locale.current import _, mark_text
from bot.store import UnitOfWork

commands = Commands()

QueueTab = Literal["new", "reported", "shortlist", "held", "picked", "dropped"]
STATES: dict[QueueTab, SubmissionState] = {
    "new": SubmissionState.NEW,
    "shortlist": SubmissionState.SHORTLISTED,
    "held": SubmissionState.HELD,
    "picked": SubmissionState.PICKED,
    "dropped": SubmissionState.DROPPED,
}
"""State of the papers of each tab; reports may concern papers in any state."""

TAB_LABELS = {
    "new": mark_text("New"),
    "reported": mark_text("Reported"),
    "shortlist": mark_text("Shortlist"),
    "held": mark_text("Held back"),
    "picked": mark_text("Picked"),
}
"""Labels of the tabs."""
TABS: tuple[QueueTab, ...] = ("new", "reported", "shortlist", "held", "picked")
"""Tabs with a button; the dropped papers are listed only by name."""

ROWS_PER_PAGE = 8
"""Papers on a page: with the buttons to other tabs, as many as a Discord card can hold."""


@commands(
    "curate queue",
    audience=Audience.MODERATOR,
    examples=("/curate queue", "/curate queue held", "/curate queue new single=yes"),
)
async def queue(
    ctx: Context,
    state: Annotated[QueueTab, ParameterHint("which papers")] = "new",
    topic: Annotated[
        str, ParameterHint("only one of the club’s topics", suggest=by_topic, check=check_topic, strict=True, most=80)
    ] = "",
    order: Annotated[Literal["rank", "oldest"], ParameterHint("best first, or oldest first")] = "rank",
    single: Annotated[bool, ParameterHint("go through them one by one")] = False,
    page: Annotated[int, ParameterHint("which page")] = 1,
) -> Card:
    """List papers waiting for a moderator, by state."""
    page = max(page, 1)
    named = {"topic": topic or None, "order": None if order == "rank" else order}
    turn = Call.of("curate queue", state, **named, single="yes" if single else None)
    async with ctx.read() as db:
        waiting = await db.moderation_queue.counts()
        counts: dict[QueueTab, int] = {tab: waiting.get(held, 0) for tab, held in STATES.items()}
        counts["reported"] = await db.reports.count_open()
        if state == "reported":
            reports = await db.reports.open(skip=(page - 1) * ROWS_PER_PAGE, limit=ROWS_PER_PAGE + 1)
            return _page_card(state, counts, [_report_row(report) for report in reports], turn, page)
        if single:
            return await _single_card(ctx, db, state, turn, page, await _waiting(db, state, topic, order, page - 1, 2))
        found = await _waiting(db, state, topic, order, (page - 1) * ROWS_PER_PAGE, ROWS_PER_PAGE + 1)
        picks = await db.picks.all() if state == "picked" else {}
        rows = [_row(chosen, picks.get(chosen.id)) for chosen in found]
        return _page_card(state, counts, rows, turn, page)


async def _waiting(
    db: UnitOfWork, state: QueueTab, topic: str, order: str, skip: int, limit: int
) -> Sequence[Submission]:
    """Papers of a tab, from `skip` on; picks in the order of their places. Raises UserError for an unknown topic."""
    chosen = await topic_named(db, topic) if topic else None
    if state == "picked" and chosen is None:
        ids = list(await db.picks.all())[skip : skip + limit]
        found = await db.submissions.many(ids)
        return [found[id] for id in ids if id in found]
    return await db.moderation_queue.waiting(
        STATES[state], topic_id=chosen.id if chosen else None, oldest=order == "oldest", skip=skip, limit=limit
    )


async def _single_card(
    ctx: Context, db: UnitOfWork, state: QueueTab, turn: Call, page: int, found: Sequence[Submission]
) -> Card:
    """One paper of a tab, with buttons to the previous and the next one."""
    back = Button(_("The whole list"), Call.of("curate queue", state, page=1))
    page_buttons = pager(turn, page, more=len(found) > 1)
    row = Buttons((*(page_buttons.row if page_buttons else ()), back))
    if not found:
        return Card(_("The queue"), (text(_("That was the last one.")), row))
    return await case_card(ctx, db, found[0], turn=row)


def _page_card(state: QueueTab, counts: dict[QueueTab, int], rows: Sequence[ListEntry], turn: Call, page: int) -> Card:
    """One page of a tab, with buttons to the others."""
    parts: list[Part] = [Buttons(tuple(_tab(tab, counts, state) for tab in TABS))]
    parts += rows[:ROWS_PER_PAGE]
    if not rows:
        empty = (
            _("No paper is waiting.") if state == "new" else _("Nothing here. `/curate queue new` lists new papers.")
        )
        parts.append(text(*parse_backticks(empty if page == 1 else _(LAST_PAGE))))
    page_buttons = pager(turn, page, more=len(rows) > ROWS_PER_PAGE, empty=not rows)
    row = list(page_buttons.row) if page_buttons else []
    if rows and state != "reported":
        each = replace(turn, named=(*turn.named, ("single", "yes"), ("page", "1")))
        row.append(Button(_("Go through them one by one"), each))
    if row:
        parts.append(Buttons(tuple(row)))
    return Card(_("The queue: {state}", state=_(TAB_LABELS[state])), tuple(parts))


def _tab(tab: QueueTab, counts: dict[QueueTab, int], state: QueueTab) -> Button:
    count = counts[tab]
    style = Style.MAIN if tab == state else Style.PLAIN
    return Button(f"{_(TAB_LABELS[tab])} ({count})", Call.of("curate queue", tab, page=1), style)


def _row(chosen: Submission, pick: Pick | None) -> ListEntry:
    """A paper as one row; a pick also with its place and theme."""
    place = f"{pick.place}. " if pick and pick.place else ""
    bits = [
        pick.theme if pick else "",
        tally(chosen),
        _("submitted by {credit}", credit=chosen.credit),
        chosen.state_why,
        byline(chosen),
    ]
    return ListEntry(
        (Bold(f"{place}#{chosen.number} "), Link(truncate(title_of(chosen), 150), chosen.paper.url)),
        (truncate(" · ".join(bit for bit in bits if bit), 200),),
        Button(_("Open"), Call.of("curate show", chosen.number)),
    )


def _report_row(report: Report) -> ListEntry:
    about = f"#{report.submission.number} {truncate(title_of(report.submission), 100)}"
    detail = (
        f"{report.member.shown_name}: {truncate(report.note, 150)}"
        if report.note
        else _("{member}, no note", member=report.member.shown_name)
    )
    return ListEntry(
        (Bold(about), f": {problem_text(report)}"), (detail,), Button(_("Show"), Call.of("curate case", report.id))
    )


@commands("curate show", audience=Audience.MODERATOR, examples=("/curate show 12",))
async def show(
    ctx: Context,
    paper: Annotated[str, ParameterHint(PAPER, rest=True, here=True, suggest=by_title, check=check_paper)] = "",
) -> Card:
    """Show a paper with buttons to pick, shortlist, hold, remove, merge or edit it."""
    async with ctx.read() as db:
        return await case_card(ctx, db, await find_submission(ctx, db, paper, follow=False))
