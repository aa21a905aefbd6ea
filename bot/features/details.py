"""Details to follow: papers that were taken while their source could not be asked are filled in later."""

from __future__ import annotations

import logging
from datetime import timedelta

from bot.app import App
from bot.domain.models import Submission, SubmissionState
from bot.domain.records import Record
from bot.errors import Unavailable
from bot.store import UnitOfWork

log = logging.getLogger(__name__)

AGAIN = timedelta(minutes=5)
"""How long a paper that could not be looked up is left alone: arXiv's outages last minutes to hours."""
BATCH = 50
"""Papers asked for in one request; arXiv answers up to 100 ids at a time well."""


async def fill_in(app: App, club_id: int, *, at_once: bool = False) -> int:
    """Ask for what is still to follow, and draw the cards that gain by it anew. How many papers were filled in.

    `at_once` asks also for what was asked for lately. Whatever cannot be asked now is asked again later.
    """
    waiting = await _take(app, club_id, at_once=at_once)
    if not waiting:
        return 0
    found, silent = await _ask(app, list(waiting.values()))
    async with app.store.begin(club_id) as db:
        for submission_id, key in waiting.items():
            if record := found.get(key):
                await db.papers.learn(record, now=app.now())
                await db.deliveries.refresh(submission_id)
            elif key not in silent:
                await _unknown(app, db, submission_id)
    return len(found)


async def _take(app: App, club_id: int, *, at_once: bool) -> dict[int, str]:
    """Keys to ask for, by submission. Stamped as asked, so that no other process asks for them too."""
    now = app.now()
    async with app.store.begin(club_id) as db:
        waiting = await db.submissions.pending(asked_before=None if at_once else now - AGAIN, limit=BATCH)
        for submission in waiting:
            submission.paper.asked_at = now
        return {submission.id: submission.paper.key for submission in waiting}


async def _ask(app: App, keys: list[str]) -> tuple[dict[str, Record], set[str]]:
    """What the sources know, and the keys they could not be asked about."""
    found: dict[str, Record] = {}
    silent: set[str] = set()
    ids = [key.removeprefix("arxiv:") for key in keys if key.startswith("arxiv:")]
    try:
        records = await app.paper_source.records(ids) if ids else {}
        found |= {f"arxiv:{id}": record for id, record in records.items()}
    except Unavailable as error:
        log.info("details still follow: %s", error)
        silent |= {f"arxiv:{id}" for id in ids}
    for key in keys:
        if not key.startswith("doi:"):
            continue
        try:
            record = await app.doi_registry.record(key.removeprefix("doi:")) if app.doi_registry else None
        except Unavailable as error:
            log.info("details of %s still follow: %s", key, error)
            silent.add(key)
            continue
        if record:
            found[key] = record
        elif app.doi_registry is None:
            silent.add(key)
    return found, silent


async def _unknown(app: App, db: UnitOfWork, submission_id: int) -> None:
    """The source was asked and knows no such paper: it leaves the list, with the reason in the log."""
    submission: Submission | None = await db.submissions.get(submission_id, lock=True)
    if submission is None or not submission.paper.pending:
        return
    where = "arXiv" if submission.paper.key.startswith("arxiv:") else "Crossref"
    before = submission.state
    submission.state, submission.state_why = SubmissionState.DROPPED, f"{where} knows no such paper"
    await db.acts.note(
        "drop",
        None,
        app.now(),
        submission_id=submission.id,
        why=submission.state_why,
        before={"state": before},
        after={"state": SubmissionState.DROPPED},
    )
    await db.deliveries.refresh(submission.id)
