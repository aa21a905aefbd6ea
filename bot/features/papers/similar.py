"""Command `paper similar`, and the sentence about a paper close to one that was just submitted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Card, Heading, ListEntry, Part, note
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Link
from bot.chat.text import truncate
from bot.domain.models import StreamEntry, Submission, SubmissionState
from bot.features.shared.field_checks import check_paper
from bot.features.shared.lookup import PAPER, by_title, find_submission
from bot.features.shared.paged_lists import submission_list
from bot.features.shared.papers.paper_cards import title_of
from bot.features.shared.papers.similar_papers import most_similar, most_similar_new
from bot.features.shared.stream.stream_papers import entry_byline, submit_call, title_of_entry
from bot.locale.current import _
from bot.recommender import similar

commands = Commands()

LONGEST, MOST_NEW = 5, 3
"""Similar papers of the list, and of the club's sources, that are shown."""


@commands("paper similar", examples=("/paper similar 12",))
async def show_similar(
    ctx: Context,
    paper: Annotated[str, ParameterHint(PAPER, rest=True, here=True, suggest=by_title, check=check_paper)] = "",
) -> Card:
    """Show similar papers, on the club’s list and among new papers from its sources."""
    async with ctx.read() as db:
        chosen = await find_submission(ctx, db, paper)
        found = [submission for submission, _unused in await most_similar(db, chosen, LONGEST)]
        new = await most_similar_new(db, chosen, MOST_NEW)
    about = f"#{chosen.number} {truncate(title_of(chosen), 80)}"
    empty = (
        _("No paper here is like {about}.", about=about)
        if chosen.paper.abstract
        else _("{about} has no abstract, so I cannot compare it with other papers.", about=about)
    )
    card = submission_list(
        _("Papers like {about}", about=about), found, Call.of("paper similar", chosen.number), 1, empty=empty
    )
    if not new:
        return card
    return replace(card, parts=(*card.parts, Heading(_("New in the club’s sources")), *map(_new_row, new)))


def _new_row(entry: StreamEntry) -> ListEntry:
    """A new paper as one row, with a button to submit it."""
    line = (Link(title_of_entry(entry), entry.url),)
    return ListEntry(line, (entry_byline(entry),), Button(_("Submit this"), submit_call(entry)))


async def close_paper_notes(ctx: Context, number: int) -> Sequence[Part]:
    """Note that names the paper of the club that is close to a new one; none if no paper is close enough."""
    async with ctx.read() as db:
        submission = await db.submissions.by_number(number)
        if submission is None or not submission.paper.abstract:
            return ()
        for found, nearness in await most_similar(db, submission, 1):
            if nearness >= similar.CLOSE:
                return (note(_close_sentence(found)),)
    return ()


def _close_sentence(found: Submission) -> str:
    title = truncate(title_of(found), 100)
    if found.state == SubmissionState.READ:
        return _("The club read #{number} “{title}”, which is close to it.", number=found.number, title=title)
    return _(
        "The club already has #{found_number} “{title}”, which is close to it.", found_number=found.number, title=title
    )
