"""Detection of news for members: new papers that match follows, and changes of followed papers. Each becomes a row."""

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
from bot.features.shared.stream.follow_matching import (
    BATCH_SIZE,
    fastest_frequency,
    follow_states,
    subjects_of_paper,
    submitters,
)
from bot.store import UnitOfWork

NewNotification = tuple[int, int, UpdateKind, str, Frequency]
"""A notification: member, submission, kind, mark (such as an edition's number), and frequency."""


DETAILS_WAIT = timedelta(days=1)
"""Time that a paper waits for its details before it is matched without them."""


MATCHED_FOR = timedelta(days=30)
"""Age up to which a paper is news: one whose topic or details change is matched again until then."""


UNCHANGED = timedelta(days=1)
"""Time between two looks for news if nothing seems to have changed."""


async def detect_news(app: App, club_id: int) -> None:
    """Store all new notifications, each once. Papers and changes from a time when the process was down are included."""
    while await _new_papers(app, club_id):
        pass
    await _of_papers(app, club_id)


async def next_detection(app: App, club_id: int) -> datetime | None:
    """Time of the next collection, if nothing changes before; None if nobody wants messages.

    There is one a day, and an earlier one if a paper waits for its details.
    """
    now = app.now()
    async with app.store.read(club_id) as db:
        first = await _first_match(db, now)
        if first is None:
            return now + UNCHANGED if await db.follows.followed_papers() else None
        waiting = await db.pending_notifications.unprocessed(first, now, limit=1)
    return max(waiting[0].submitted_at + DETAILS_WAIT, now) if waiting else now + UNCHANGED


async def _new_papers(app: App, club_id: int) -> bool:
    """Match a batch of new papers, and of changed ones, with the follows. True if there may be more."""
    now = app.now()
    async with app.store.read(club_id) as db:
        first = await _first_match(db, now)
        if first is None or not await db.pending_notifications.unprocessed(first, now - DETAILS_WAIT, limit=1):
            return False
    async with app.store.begin(club_id) as db:
        submissions = await db.pending_notifications.unprocessed(first, now - DETAILS_WAIT, limit=BATCH_SIZE)
        subjects = await db.follows.subjects()
        found: list[NewNotification] = []
        for submission in submissions:
            found += await _fitting(db, submission, subjects)
        await _write(db, found, now)
        await db.pending_notifications.mark_processed([submission.id for submission in submissions], first, now)
    return len(submissions) == BATCH_SIZE


async def _first_match(db: UnitOfWork, now: datetime) -> datetime | None:
    """Time since which papers are matched; None if nobody wants messages."""
    first = await db.follows.earliest()
    return max(first, now - MATCHED_FOR) if first else None


async def _fitting(db: UnitOfWork, submission: Submission, subjects: Sequence[FollowKey]) -> list[NewNotification]:
    """Notifications for the followers of what a paper is about, except its submitters."""
    fits = matches(subjects_of_paper(submission), subjects)
    frequencies_by_member = await db.follows.matching_members(fits, submission.submitted_at) if fits else {}
    submitter_ids = await submitters(db, submission) if frequencies_by_member else set()
    return [
        (member, submission.id, "new", "", fastest_frequency(frequencies))
        for member, frequencies in frequencies_by_member.items()
        if member not in submitter_ids
    ]


async def _of_papers(app: App, club_id: int) -> None:
    """Compare the states of followed papers with those that their followers last saw."""
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
            await db.follows.mark_seen(follow, state.to_json())
        await _write(db, found, app.now())


async def _changed(db: UnitOfWork) -> list[tuple[Follow, Submission, FollowState]]:
    follows = await db.follows.followed_papers()
    papers = await db.submissions.many({follow.submission_id for follow in follows if follow.submission_id})
    states = await follow_states(db, list(papers.values()))
    return [
        (follow, papers[id], states[id])
        for follow in follows
        if (id := follow.submission_id or 0) in papers and states[id].to_json() != follow.seen
    ]


async def _write(db: UnitOfWork, found: Sequence[NewNotification], now: datetime) -> None:
    """Store notifications for members who accept messages, each with its time to be sent."""
    members = await db.members.many({member_id for member_id, *_ in found})
    prefs = {id: Preferences.of(member.prefs) for id, member in members.items()}
    zone = (await db.club()).timezone
    due = {
        (id, frequency): next_notification_at(frequency, ZoneInfo(prefs[id].timezone or zone), now)
        for id, *_, frequency in found
        if id in prefs
    }
    await db.pending_notifications.add(
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
