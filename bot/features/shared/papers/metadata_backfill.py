"""Backfill of papers that were submitted while their source could not be asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.app import App
from bot.domain.models import Submission, SubmissionState
from bot.features.shared.papers import record_refresh
from bot.locale.current import _
from bot.store import UnitOfWork

RETRY_AFTER = timedelta(minutes=5)
"""Time until a paper that could not be looked up is requested again: arXiv's outages last minutes to hours."""
RETRY_UNKNOWN_DOI_AFTER = timedelta(days=1)
"""Time until a DOI that no registry knew is requested again: new ones are registered within days."""
BATCH_SIZE = 50
"""Maximum number of papers in one request; arXiv answers up to 100 IDs well."""


async def backfill(app: App, club_id: int, *, force: bool = False) -> int:
    """Request pending details, and update the cards that gain by them. Returns the number of settled papers.

    A paper is settled when its source has returned a record, or does not know it. With `force`, papers that were
    requested lately are included. Papers without an answer are requested again later.
    """
    waiting = await _claim_batch(app, club_id, force=force)
    if not waiting:
        return 0
    time_limit = record_refresh.EDITION_TIMEOUT if force else record_refresh.BACKGROUND_TIMEOUT
    found, unanswered = await record_refresh.fetch_records(app, list(waiting.values()), time_limit=time_limit)
    settled = 0
    async with app.store.begin(club_id) as db:
        for submission_id, key in waiting.items():
            if record := found.get(key):
                await db.papers.save_record(record, now=app.now())
                await _drop_typed_title(db, submission_id)
                await db.deliveries.mark_stale(submission_id)
            elif key not in unanswered and key.startswith("doi:"):
                await _postpone(app, db, submission_id)
            elif key not in unanswered:
                await _drop_unknown(app, db, submission_id)
            settled += key not in unanswered
    if settled:
        app.wake_up.set()
    return settled


async def next_attempt(app: App, club_id: int) -> datetime | None:
    """Time of the next request to a source; None if no paper waits for its details."""
    async with app.store.read(club_id) as db:
        waiting = await db.submissions.next_pending()
    if not waiting:
        return None
    asked = waiting.paper.asked_at
    return asked + RETRY_AFTER + timedelta(seconds=1) if asked else app.now()


async def _claim_batch(app: App, club_id: int, *, force: bool) -> dict[int, str]:
    """Keys to request, by submission. They are marked as requested, so that no other process requests them too."""
    now = app.now()
    async with app.store.begin(club_id) as db:
        waiting = await db.submissions.pending(asked_before=None if force else now - RETRY_AFTER, limit=BATCH_SIZE)
        for submission in waiting:
            submission.paper.asked_at = now
        return {submission.id: submission.paper.key for submission in waiting}


async def _drop_typed_title(db: UnitOfWork, submission_id: int) -> None:
    """Let the source's title take the place of one that a member typed until it came; a moderator's heading stays."""
    submission: Submission | None = await db.submissions.get(submission_id)
    if submission and submission.title and not await db.audit_log.latest(submission_id=submission.id, verbs=("edit",)):
        submission.title = ""


async def _postpone(app: App, db: UnitOfWork, submission_id: int) -> None:
    """Request the details of an unknown DOI less often; the paper stays on the list, with details to follow."""
    submission: Submission | None = await db.submissions.get(submission_id)
    if submission is not None:
        submission.paper.asked_at = app.now() + RETRY_UNKNOWN_DOI_AFTER - RETRY_AFTER


async def _drop_unknown(app: App, db: UnitOfWork, submission_id: int) -> None:
    """Drop a paper that its source does not know, with the reason in the audit log."""
    submission: Submission | None = await db.submissions.get(submission_id, lock=True)
    if submission is None or not submission.paper.pending:
        return
    before = submission.state
    submission.state, submission.state_why = SubmissionState.DROPPED, _("arXiv has no such paper")
    await db.audit_log.append(
        "drop",
        None,
        app.now(),
        submission_id=submission.id,
        why=submission.state_why,
        before={"state": before},
        after={"state": SubmissionState.DROPPED},
    )
    await db.deliveries.mark_stale(submission.id)
