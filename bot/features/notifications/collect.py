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
from bot.features.shared.follow_matching import AT_A_TIME, _standings, fastest_frequency, subjects_of_paper, submitters
from bot.store import UnitOfWork

NewNotification = tuple[int, int, UpdateKind, str, Frequency]
"""A piece of news: for which member, of which submission, what it is, its mark, and how soon it is told."""


DETAILS_WAIT = timedelta(days=1)
"""How long a paper waits for its details before its followers are looked for by what there is."""


UNCHANGED = timedelta(days=1)
"""How often it is looked for news though nothing seems to have changed."""


async def collect_notifications(app: App, club_id: int) -> None:
    """Write down what is news, each piece once. What came while the program stood still is found all the same."""
    while await _new_papers(app, club_id):
        pass
    await _of_papers(app, club_id)


async def next_collection(app: App, club_id: int) -> datetime | None:
    """When to look for news again, if nothing changes before; None where nobody wants messages.

    It is looked for once a day, and sooner where a paper waits for its details.
    """
    now = app.now()
    async with app.store.read(club_id) as db:
        first = await db.following.since()
        if first is None:
            return now + UNCHANGED if await db.following.watched() else None
        waiting = await db.alerts.unprocessed(first, now, limit=1)
    return max(waiting[0].submitted_at + DETAILS_WAIT, now) if waiting else now + UNCHANGED


async def _new_papers(app: App, club_id: int) -> bool:
    """Look for the followers of some new papers; whether there may be more."""
    now = app.now()
    async with app.store.read(club_id) as db:
        first = await db.following.since()
        if first is None or not await db.alerts.unprocessed(first, now - DETAILS_WAIT, limit=1):
            return False
    async with app.store.begin(club_id) as db:
        fresh = await db.alerts.unprocessed(first, now - DETAILS_WAIT, limit=AT_A_TIME)
        subjects = await db.following.subjects()
        found: list[NewNotification] = []
        for submission in fresh:
            found += await _fitting(db, submission, subjects)
        await _write(db, found, now)
        await db.alerts.mark_processed([submission.id for submission in fresh], first, now)
    return len(fresh) == AT_A_TIME


async def _fitting(db: UnitOfWork, submission: Submission, subjects: Sequence[FollowKey]) -> list[NewNotification]:
    """News for who follows what a paper is about and did not bring it."""
    fits = matches(subjects_of_paper(submission), subjects)
    theirs = await db.following.fit(fits, submission.submitted_at) if fits else {}
    own = await submitters(db, submission) if theirs else set()
    return [
        (member, submission.id, "new", "", fastest_frequency(hows))
        for member, hows in theirs.items()
        if member not in own
    ]


async def _of_papers(app: App, club_id: int) -> None:
    """Compare how followed papers stand with how they stood when their followers last heard."""
    async with app.store.read(club_id) as db:
        if not await _changed(db):
            return
    async with app.store.begin(club_id) as db:
        found: list[NewNotification] = []
        for one, submission, standing in await _changed(db):
            if one.member_id not in await submitters(db, submission):
                told = updates_between(FollowState.of(one.seen), standing)
                found += [
                    (one.member_id, submission.id, what, mark, fastest_frequency([one.how])) for what, mark in told
                ]
            await db.following.mark_seen(one, standing.to_json())
        await _write(db, found, app.now())


async def _changed(db: UnitOfWork) -> list[tuple[Follow, Submission, FollowState]]:
    aloud = await db.following.watched()
    papers = await db.submissions.many({one.submission_id for one in aloud if one.submission_id})
    standings = await _standings(db, list(papers.values()))
    return [
        (one, papers[id], standings[id])
        for one in aloud
        if (id := one.submission_id or 0) in papers and standings[id].to_json() != one.seen
    ]


async def _write(db: UnitOfWork, found: Sequence[NewNotification], now: datetime) -> None:
    """Write news down for those who want messages, to be told when it is their time."""
    members = await db.members.many({member_id for member_id, *_ in found})
    prefs = {id: Preferences.of(member.prefs) for id, member in members.items()}
    zone = (await db.club()).timezone
    due = {
        (id, how): next_notification_at(how, ZoneInfo(prefs[id].timezone or zone), now)
        for id, *_, how in found
        if id in prefs
    }
    await db.alerts.add(
        [
            {
                "member_id": id,
                "submission_id": submission_id,
                "what": what,
                "mark": mark,
                "how": how,
                "at": now,
                "not_before": due[id, how],
            }
            for id, submission_id, what, mark, how in found
            if id in prefs and prefs[id].dm
        ]
    )
