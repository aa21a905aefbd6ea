"""Details to follow: papers that were taken while their source could not be asked are filled in later."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.app import App
from bot.domain.models import Submission, SubmissionState
from bot.features.shared import source_checks
from bot.store import UnitOfWork

AGAIN = timedelta(minutes=5)
"""How long a paper that could not be looked up is left alone: arXiv's outages last minutes to hours."""
BATCH = 50
"""Papers asked for in one request; arXiv answers up to 100 ids at a time well."""


async def backfill(app: App, club_id: int, *, at_once: bool = False) -> int:
    """Ask for what is still to follow, and draw the cards that gain by it anew. How many papers were settled.

    A paper is settled when its source has told of it, or has said that there is none. `at_once` asks also for what was
    asked for lately. Whatever cannot be asked now is asked again later.
    """
    waiting = await _claim_batch(app, club_id, at_once=at_once)
    if not waiting:
        return 0
    within = source_checks.WITHIN if at_once else source_checks.UNHURRIED
    found, silent = await source_checks.answers(app, list(waiting.values()), within=within)
    settled = 0
    async with app.store.begin(club_id) as db:
        for submission_id, key in waiting.items():
            if record := found.get(key):
                await db.papers.save_record(record, now=app.now())
                await db.deliveries.refresh(submission_id)
            elif key not in silent:
                await _unknown(app, db, submission_id)
            settled += key not in silent
    if settled:
        app.wake_up.set()
    return settled


async def next_attempt(app: App, club_id: int) -> datetime | None:
    """When a source is to be asked again; None where no paper waits for its details."""
    async with app.store.read(club_id) as db:
        waiting = await db.submissions.pending(limit=1)
    if not waiting:
        return None
    asked = waiting[0].paper.asked_at
    return asked + AGAIN + timedelta(seconds=1) if asked else app.now()


async def _claim_batch(app: App, club_id: int, *, at_once: bool) -> dict[int, str]:
    """Keys to ask for, by submission. Stamped as asked, so that no other process asks for them too."""
    now = app.now()
    async with app.store.begin(club_id) as db:
        waiting = await db.submissions.pending(asked_before=None if at_once else now - AGAIN, limit=BATCH)
        for submission in waiting:
            submission.paper.asked_at = now
        return {submission.id: submission.paper.key for submission in waiting}


async def _unknown(app: App, db: UnitOfWork, submission_id: int) -> None:
    """The source was asked and knows no such paper: it leaves the list, with the reason in the log."""
    submission: Submission | None = await db.submissions.get(submission_id, lock=True)
    if submission is None or not submission.paper.pending:
        return
    where = "arXiv" if submission.paper.key.startswith("arxiv:") else "Crossref"
    before = submission.state
    submission.state, submission.state_why = SubmissionState.DROPPED, f"{where} knows no such paper"
    await db.acts.append(
        "drop",
        None,
        app.now(),
        submission_id=submission.id,
        why=submission.state_why,
        before={"state": before},
        after={"state": SubmissionState.DROPPED},
    )
    await db.deliveries.refresh(submission.id)
