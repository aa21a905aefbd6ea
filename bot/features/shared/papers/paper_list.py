"""The club's list of papers as a bibliography, for exports."""

from __future__ import annotations

from datetime import datetime, tzinfo

from bot.domain.authors import clean_authors
from bot.domain.bibliography.entry import BibliographyEntry
from bot.domain.bibliography.fields import plain
from bot.domain.models import Submission, SubmissionState
from bot.latex.reader import latex_to_text
from bot.store import UnitOfWork
from bot.store.papers.reading_history import DAY_UNKNOWN

TITLE_KEY = "title-"
"""Beginning of the key of a work of a club that has neither an id nor a page, behind `web:<club>:`."""


async def listed_entries(
    db: UnitOfWork, zone: tzinfo, now: datetime, *, only_read: bool = False
) -> list[BibliographyEntry]:
    """Every paper of the club's list in order, without names of members; `only_read` leaves out what is still to come.

    The day of a paper is that of the meeting that read it, else that of the edition that it was in.
    """
    entries: list[BibliographyEntry] = []
    met = await db.meetings.reading_days(now)
    after = 0
    while rows := await db.reading_history.listed(after=after):
        for submission, published in rows:
            read = met.get(submission.id) or (published.astimezone(zone) if published else None)
            if read or submission.state is SubmissionState.READ or not only_read:
                entries.append(_entry(submission, read, zone))
        after = rows[-1][0].number
    return entries


def _entry(submission: Submission, read: datetime | None, zone: tzinfo) -> BibliographyEntry:
    paper = submission.paper
    source, _, name = paper.key.partition(":")
    before = submission.state is SubmissionState.READ and submission.state_why != DAY_UNKNOWN
    day = submission.submitted_at.astimezone(zone) if before else read
    return BibliographyEntry(
        title=plain(latex_to_text(submission.heading)),
        authors=tuple(plain(latex_to_text(author)) for author in clean_authors(paper.authors)),
        abstract=plain(latex_to_text(paper.abstract or "")),
        day=paper.published_iso,
        arxiv_id=name if source == "arxiv" else "",
        doi=name if source == "doi" else (paper.doi or "").lower(),
        url="" if TITLE_KEY in paper.key.split(":", 2)[-1][: len(TITLE_KEY)] else paper.url,
        venue=plain(latex_to_text(paper.journal_ref)),
        kind=paper.kind,
        categories=tuple(paper.categories),
        comment=plain(latex_to_text(paper.comment)),
        topic=submission.topic.name if submission.topic else "",
        why=plain(submission.why),
        read=day.date() if day else None,
        latex_title=" ".join(submission.heading.split()),
    )
