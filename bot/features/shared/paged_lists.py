"""Lists, page by page: of submissions, a row each, and of anything else that turns its pages the same way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, ListEntry, Part, text
from bot.chat.rich_text import Link, Words, parse_backticks
from bot.chat.text import one_line, truncate
from bot.domain.models import Submission
from bot.domain.withdrawals import paper_withdrawal
from bot.features.shared.paper_cards import byline, tally, title_of

PAGE = 10
"""Rows of a list that fit one card on every platform."""

LAST_PAGE = "There are no more."
"""What stands on a page beyond the last."""


def submission_entry(submission: Submission, place: int | None = None) -> ListEntry:
    """A submission as one row of a list. Its button opens the card, so that a list stays a list."""
    ahead = f"{place}. " if place else ""
    line: Words = (f"{ahead}#{submission.number} ", Link(truncate(title_of(submission), 150), submission.paper.url))
    gone = paper_withdrawal(submission.paper)
    bits = (gone.phrase if gone else "", tally(submission), f"by {submission.credit}", byline(submission))
    small = " · ".join(bit for bit in bits if bit)
    return ListEntry(line, (truncate(small, 200),), Button("Open", Call.of("paper show", submission.number)))


def with_note(row: ListEntry, words: str | None) -> ListEntry:
    """A row of somebody's own list with what they noted."""
    return replace(row, note=(*row.note, f"\nYour note: {truncate(one_line(words), 150)}")) if words else row


NONE: Mapping[int, str] = {}


def submission_list(
    title: str,
    found: Sequence[Submission],
    turn: Call,
    page: int,
    *,
    empty: str,
    ranked: bool = False,
    lead: str = "",
    notes: Mapping[int, str] = NONE,
) -> Card:
    """One page of a list. Give one submission more than a page holds to have a "next" button.

    `notes` is what its only reader noted on them.
    """
    start = (page - 1) * PAGE
    rows: list[Part] = [text(lead)] if lead else []
    rows += [
        with_note(submission_entry(s, start + i if ranked else None), notes.get(s.id))
        for i, s in enumerate(found[:PAGE], 1)
    ]
    if not found:
        rows.append(text(*parse_backticks(empty if page == 1 else LAST_PAGE)))
    if page_buttons := pager(turn, page, more=len(found) > PAGE):
        rows.append(page_buttons)
    return Card(title, tuple(rows))


def pager(turn: Call, page: int, *, more: bool) -> Buttons | None:
    """Buttons that turn the page: the same call with another `page`."""
    row = []
    if page > 1:
        row.append(Button("← Back", replace(turn, named=(*turn.named, ("page", str(page - 1))))))
    if more:
        row.append(Button("Next →", replace(turn, named=(*turn.named, ("page", str(page + 1))))))
    return Buttons(tuple(row)) if row else None
