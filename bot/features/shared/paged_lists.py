"""Paged lists: of submissions, one row each, and the page buttons for any other list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, ListEntry, Part, text
from bot.chat.rich_text import Link, Words, parse_backticks
from bot.chat.text import one_line, truncate
from bot.domain.models import Submission
from bot.domain.withdrawals import paper_notice, paper_withdrawal
from bot.features.shared.papers.paper_cards import byline, tally, title_of
from bot.locale.current import _, mark_text

ROWS_PER_PAGE = 10
"""Rows of a list on one page, which fit a card on every platform."""

LAST_PAGE = mark_text("There are no more pages.")
"""Text of a page after the last."""


def submission_entry(submission: Submission, place: int | None = None) -> ListEntry:
    """A submission as one row of a list. Its button opens the card."""
    prefix = f"{place}. " if place else ""
    line: Words = (f"{prefix}#{submission.number} ", Link(truncate(title_of(submission), 150), submission.paper.url))
    withdrawal = paper_withdrawal(submission.paper)
    details = (
        withdrawal.phrase if withdrawal else paper_notice(submission.paper).partition(", https:")[0],
        tally(submission),
        _("submitted by {credit}", credit=submission.credit),
        byline(submission),
    )
    small = " · ".join(bit for bit in details if bit)
    return ListEntry(line, (truncate(small, 200),), Button(_("Open"), Call.of("paper show", submission.number)))


def with_note(row: ListEntry, words: str | None) -> ListEntry:
    """A row of a member's own list with their note."""
    return (
        replace(row, note=(*row.note, "\n" + _("Your note: {note}", note=truncate(one_line(words), 150))))
        if words
        else row
    )


NO_NOTES: Mapping[int, str] = {}


def submission_list(
    title: str,
    found: Sequence[Submission],
    page_call: Call,
    page: int,
    *,
    empty: str,
    ranked: bool = False,
    lead: str = "",
    notes: Mapping[int, str] = NO_NOTES,
) -> Card:
    """One page of a list. Pass one submission more than a page holds for a "next" button.

    `notes` has the reader's own notes by submission.
    """
    start = (page - 1) * ROWS_PER_PAGE
    rows: list[Part] = [text(lead)] if lead else []
    rows += [
        with_note(submission_entry(s, start + i if ranked else None), notes.get(s.id))
        for i, s in enumerate(found[:ROWS_PER_PAGE], 1)
    ]
    if not found:
        rows.append(text(*parse_backticks(empty if page == 1 else _(LAST_PAGE))))
    if page_buttons := pager(page_call, page, more=len(found) > ROWS_PER_PAGE, empty=not found):
        rows.append(page_buttons)
    return Card(title, tuple(rows))


def pager(page_call: Call, page: int, *, more: bool, empty: bool = False) -> Buttons | None:
    """Buttons to the previous and the next page: the same call with another `page`. None if there is neither.

    From an `empty` page, which is beyond the last one, a button leads to the first: the one before may be empty too.
    """

    def turn(label: str, to: int) -> Button:
        return Button(label, replace(page_call, named=(*page_call.named, ("page", str(to)))))

    row = []
    if page > 1:
        row.append(turn(_("First page"), 1) if empty else turn(_("← Back"), page - 1))
    if more:
        row.append(turn(_("Next →"), page + 1))
    return Buttons(tuple(row)) if row else None
