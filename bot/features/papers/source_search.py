"""Search for a paper by its title or its page, and the choice among what was found: nothing is taken silently."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from bot.app import Context
from bot.chat.cards import Button, Buttons, Card, ListEntry, Part, text
from bot.chat.rich_text import Link
from bot.chat.text import join_names, truncate
from bot.domain.links import identify as links
from bot.domain.paper_record import PaperRecord
from bot.errors import Unavailable, UserError
from bot.features.papers.add_submission import SubmissionInput, resubmit
from bot.features.shared.lookup import topic_named
from bot.latex.reader import latex_to_text
from bot.locale.current import _

log = logging.getLogger(__name__)


async def search_sources(ctx: Context, words: str, details: SubmissionInput) -> Card:
    """Search by words instead of a link: a paper on the list, or a choice of arXiv's results.

    Without quotation marks the rest of a title looks like a reason, so all words are tried as a title first. Raises
    UserError if nothing is found.
    """
    readings = [(words, details)]
    if details.why:
        readings.insert(0, (f"{words} {details.why}", replace(details, why="")))
    for title, rest in readings:
        async with ctx.begin() as db:
            topic = await topic_named(db, details.topic) if details.topic else None
            matches = await db.search.by_title(title, limit=2)
            existing = await db.submissions.get(matches[0].id, lock=True) if len(matches) == 1 else None
            if existing is not None:
                return await resubmit(ctx, db, existing, rest, topic)
    for title, rest in readings:
        if found := await _search(ctx, title):
            return found.card(rest)
    raise UserError(
        _(
            "“{words}” is not a link that I recognize, and {sources} found no such paper. Paste the link of the paper.",
            words=truncate(words, 80),
            sources=_("arXiv and {other}", other=ctx.app.work_finder.label) if ctx.app.work_finder else "arXiv",
        ),
        field="link",
    )


@dataclass(frozen=True, slots=True)
class _Results:
    """Papers that a search has found, and who has found them."""

    records: list[PaperRecord]
    source: str = "arXiv"

    def card(self, details: SubmissionInput) -> Card:
        return choose_result(self.records, details, self.source)


async def _search(ctx: Context, title: str) -> _Results | None:
    """Papers with this title on arXiv, else elsewhere; None if there are none. Raises UserError if nobody answers."""
    problem = None
    try:
        if found := await ctx.app.paper_source.search(title, limit=5):
            return _Results(found)
    except Unavailable as error:
        problem = error
    if finder := ctx.app.work_finder:
        try:
            if found := await finder.titled(title):
                return _Results(found, finder.label)
        except Unavailable as error:
            log.info("a title is not looked up elsewhere: %s", error)
    if problem:
        say = _("“{title}” is not a link that I recognize. {problem}", title=truncate(title, 80), problem=str(problem))
        raise UserError(say, field="link") from problem
    return None


def choose_link(found: list[links.IdentifiedLink], details: SubmissionInput, say: str) -> Card:
    """Card of the papers that a line may mean, each with a button to submit it."""
    rows = [
        ListEntry((truncate(link.url, 150),), button=Button(_("Submit this"), details.call(link.url))) for link in found
    ]
    return Card(_("Which of these?"), (text(say), *rows))


def choose_result(found: list[PaperRecord], details: SubmissionInput, source: str = "arXiv") -> Card:
    """Card of a source's results, each with a button to submit it."""
    rows = (text(_("Which of these do you mean?")), *_result_rows(found, details))
    return Card(_("Results from {source}", source=source), rows)


def choose_work(ctx: Context, link: links.LinkedItem, found: list[PaperRecord], details: SubmissionInput) -> Card:
    """Card of the works that have a copy at a page, each with a button to submit it, and one for the page itself."""
    source = ctx.app.work_finder.label if ctx.app.work_finder else ""
    say = _("{source} has several works on that page. Which one do you mean?", source=source)
    own = Button(_("None of these: submit the page"), replace(details, distinct=True).call(link.url))
    return Card(_("Which of these?"), (text(say), *_result_rows(found, details), Buttons((own,))))


def _result_rows(found: list[PaperRecord], details: SubmissionInput) -> list[Part]:
    rows: list[Part] = []
    for record in found:
        names = join_names([latex_to_text(author) for author in record.authors])
        line = (Link(truncate(latex_to_text(record.title), 150), record.url), f" · {names}" if names else "")
        call = details.call(record.arxiv_id or record.url)
        rows.append(ListEntry(line, button=Button(_("Submit this"), call)))
    return rows
