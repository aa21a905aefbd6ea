"""Writing down what there is to tell those who follow something: new papers that fit, and what became of a paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.app import App
from bot.domain.follow_rules import FollowKey, matches
from bot.domain.follow_updates import (
    FollowState,
    Frequency,
    UpdateKind,
    next_notification_at,
    updates_between,
)
from bot.domain.models import Follow, Submission
from bot.domain.preferences import Preferences
from bot.features.shared.follow_matching import (
    BATCH_SIZE,
    fastest_frequency,
    follow_states,
    subjects_of_paper,
    submitters,
)
from bot.store import UnitOfWork

NewNotification = tuple[int, int, UpdateKind, str, Frequency]
"""A piece of news: for which member, of which submission, what it is, its mark, and how soon it is told."""


DETAILS_WAIT = timedelta(days=1)
"""How long a paper waits for its details before its followers are looked for by what there is."""


async def collect_notifications(app: App, club_id: int) -> None:
    """Write down what is news, each piece once. What came while the program stood still is found all the same."""
    while await _new_papers(app, club_id):
        pass
    await _of_papers(app, club_id)


async def _new_papers(app: App, club_id: int) -> bool:
    """Look for the followers of some new papers; whether there may be more."""
    now = app.now()
    async with app.store.read(club_id) as db:
        first = await db.following.since()
        if first is None or not await db.alerts.unprocessed(first, now - DETAILS_WAIT, limit=1):
            return False
    async with app.store.begin(club_id) as db:
        submissions = await db.alerts.unprocessed(first, now - DETAILS_WAIT, limit=BATCH_SIZE)
        subjects = await db.following.subjects()
        found: list[NewNotification] = []
        for submission in submissions:
            found += await _fitting(db, submission, subjects)
        await _write(db, found, now)
        await db.alerts.mark_processed([submission.id for submission in submissions], first, now)
    return len(submissions) == BATCH_SIZE


async def _fitting(db: UnitOfWork, submission: Submission, subjects: Sequence[FollowKey]) -> list[NewNotification]:
    """News for who follows what a paper is about and did not bring it."""
    fits = matches(subjects_of_paper(submission), subjects)
    frequencies_by_member = await db.following.fit(fits, submission.submitted_at) if fits else {}
    submitter_ids = await submitters(db, submission) if frequencies_by_member else set()
    return [
        (member, submission.id, "new", "", fastest_frequency(frequencies))
        for member, frequencies in frequencies_by_member.items()
        if member not in submitter_ids
    ]


async def _of_papers(app: App, club_id: int) -> None:
    """Compare how followed papers stand with how they stood when their followers last heard."""
    async with app.store.read(club_id) as db:
        if not await _changed(db):
            return
    async with app.store.begin(club_id) as db:
        found: list[NewNotification] = []
        for follow, submission, state in await _changed(db):
            if follow.member_id not in await submitters(db, submission):
                updates = updates_between(FollowState.of(follow.seen), state)
                found += [
                    (follow.member_id, submission.id, what, mark, fastest_frequency([follow.how]))
                    for what, mark in updates
                ]
            await db.following.mark_seen(follow, state.to_json())
        await _write(db, found, app.now())


async def _changed(db: UnitOfWork) -> list[tuple[Follow, Submission, FollowState]]:
    follows = await db.following.watched()
    papers = await db.submissions.many({follow.submission_id for follow in follows if follow.submission_id})
    states = await follow_states(db, list(papers.values()))
    return [
        (follow, papers[id], states[id])
        for follow in follows
        if (id := follow.submission_id or 0) in papers and states[id].to_json() != follow.seen
    ]


async def _write(db: UnitOfWork, found: Sequence[NewNotification], now: datetime) -> None:
    """Write news down for those who want messages, to be told when it is their time."""
    members = await db.members.many({member_id for member_id, *_ in found})
    prefs = {id: Preferences.of(member.prefs) for id, member in members.items()}
    zone = (await db.club()).timezone
    due = {
        (id, frequency): next_notification_at(frequency, ZoneInfo(prefs[id].timezone or zone), now)
        for id, *_, frequency in found
        if id in prefs
    }
    await db.alerts.add(
        [
            {
                "member_id": id,
                "submission_id": submission_id,
                "what": what,
                "mark": mark,
                "how": frequency,
                "at": now,
                "not_before": due[id, frequency],
            }
            for id, submission_id, what, mark, frequency in found
            if id in prefs and prefs[id].dm
        ]
    )
