"""Periodic checks for changed papers: a draft is made again, a published edition gets a note.

arXiv is asked daily about the papers of the current edition, of recent ones, of the list, and about followed papers;
the DOI registries are asked weekly, and all of them monthly about papers that were read before. Each item records the
version that it was written from, so it does not matter which club sees a new one first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.app import App
from bot.domain.models import Edition, Paper
from bot.editions.edit.changes import CorrectionChange, RefreshReference
from bot.editions.model.document import Work, from_json
from bot.features.editions.publishing.amend import amend, published_edition
from bot.features.editions.publishing.item_completion import complete
from bot.features.editions.review.changed_papers import paper_changes, react_to_changes
from bot.features.shared.papers import record_refresh
from bot.features.shared.papers.withdrawals import record_withdrawals, refresh_current_edition
from bot.latex.reader import latex_to_text
from bot.store import UnitOfWork

DRAFT_INTERVAL, PUBLISHED_INTERVAL = timedelta(hours=1), timedelta(days=1)
"""Time between two questions about a paper: of a draft, and of a published edition."""
DOI_INTERVAL = timedelta(days=7)
"""Time between two questions to the DOI registries, which are asked one paper at a time."""
READ_INTERVAL = timedelta(days=30)
"""Time between two questions about a paper that was read before: for retractions, of which hardly any is new."""
DOI_BATCH_SIZE = 40
"""Maximum number of DOIs in one check: so many are answered in its time limit."""
RECENT = timedelta(days=60)
"""Time after publication in which an edition is checked daily: most second versions appear within two months."""
DAILY_SHARES = 7
"""Days in a week: older editions are checked weekly, one share of them each day."""
MIN_INTERVAL = timedelta(minutes=30)
"""Minimum time between two checks of a club, if nothing changes before."""
BATCH_SIZE = 100
"""Maximum number of papers in one request."""


async def check_for_updates(app: App, club_id: int) -> None:
    """Ask about the papers whose check is due, and apply the consequences of their changes."""
    await _ask_sources(app, club_id)
    await record_withdrawals(app, club_id)
    await complete(app, club_id)
    async with app.store.read(club_id) as db:
        current = await db.editions.current()
        changes = await paper_changes(db, current) if current else []
        changes_by_number = {
            edition.number: await paper_changes(db, edition) for edition in await _editions_to_check(app, db)
        }
    if current and changes:
        await react_to_changes(app, club_id, current, changes)
    for number, found in changes_by_number.items():
        if found:
            await _add_note(app, club_id, number)


async def next_check(app: App, club_id: int) -> datetime | None:
    """Time of the club's next check; None if it has nothing to check.

    A draft is checked every half hour, all else when the first of its papers is to be asked about again.
    """
    now = app.now()
    async with app.store.read(club_id) as db:
        if await db.editions.current():
            return now + MIN_INTERVAL
        out = [*await db.editions.published_since(now - RECENT)]
        soon = now + DOI_INTERVAL
        watched = await _due_papers(db, out, soon, soon)
        watched += _due_for_question(await db.follows.papers(), soon, soon)
        watched += await db.papers.due_for_check(soon, now - RECENT, doi_asked_before=soon, limit=BATCH_SIZE)
        read_before = await db.papers.read_before(asked_before=now, limit=1)
        old = await db.editions.any_published()
    times = [
        max((paper.asked_at or now) + _interval(paper), now + MIN_INTERVAL)
        for paper in watched
        if app.doi_registry or paper.key.startswith("arxiv:")
    ]
    times += [max((paper.asked_at or now) + READ_INTERVAL, now + MIN_INTERVAL) for paper in read_before]
    return min(times, default=now + PUBLISHED_INTERVAL if old else None)


async def drop_withdrawn(app: App, club_id: int) -> None:
    """Ask about the papers of the current edition once more, and remove withdrawn ones from it."""
    await refresh_current_edition(app, club_id)
    async with app.store.read(club_id) as db:
        current = await db.editions.current()
        withdrawn = [change for change in await paper_changes(db, current) if change.paper.withdrawn] if current else []
    if current and withdrawn:
        await react_to_changes(app, club_id, current, withdrawn)


async def _editions_to_check(app: App, db: UnitOfWork) -> Sequence[Edition]:
    """Editions whose check is due: all recent ones, and this day's share of the older ones."""
    now = app.now()
    day = int(now.timestamp() // 86400) % DAILY_SHARES
    return [
        *await db.editions.published_since(now - RECENT),
        *await db.editions.published_before(now - RECENT, day, DAILY_SHARES),
    ]


async def _ask_sources(app: App, club_id: int) -> None:
    """Store the sources' current records of the papers whose check is due."""
    now = app.now()
    async with app.store.read(club_id) as db:
        current = await db.editions.current()
        a_day, a_week = now - PUBLISHED_INTERVAL, now - DOI_INTERVAL
        due = await _due_papers(db, [current] if current else [], now - DRAFT_INTERVAL, a_day)
        due += await _due_papers(db, await _editions_to_check(app, db), a_day, a_week)
        due += _due_for_question(await db.follows.papers(), a_day, a_week)
        due += await db.papers.due_for_check(a_day, now - RECENT, doi_asked_before=a_week, limit=BATCH_SIZE)
        due += await db.papers.read_before(asked_before=now - READ_INTERVAL, limit=BATCH_SIZE)
    unique = dict.fromkeys(paper.key for paper in due)
    dois = [key for key in unique if key.startswith("doi:")][:DOI_BATCH_SIZE] if app.doi_registry else []
    keys = [*[key for key in unique if key.startswith("arxiv:")][:BATCH_SIZE], *dois]
    if keys:
        await record_refresh.refresh_papers(app, club_id, keys, time_limit=record_refresh.BACKGROUND_TIMEOUT)


async def _due_papers(
    db: UnitOfWork, editions: Sequence[Edition], before: datetime, doi_before: datetime
) -> list[Paper]:
    keys = {key for edition in editions for key in record_refresh.keys_of(from_json(edition.document))}
    return _due_for_question(await db.papers.by_keys(keys), before, doi_before)


def _due_for_question(papers: Sequence[Paper], before: datetime, doi_before: datetime) -> list[Paper]:
    """Papers whose source was last asked before a time: arXiv before `before`, a registry before `doi_before`.

    Withdrawn ones may have been reinstated.
    """
    times = {"arxiv": before, "doi": doi_before}
    return [
        paper
        for paper in papers
        if (time := times.get(paper.key.partition(":")[0])) and (paper.asked_at is None or paper.asked_at < time)
    ]


def _interval(paper: Paper) -> timedelta:
    """Time between two questions about a paper that is not in a draft."""
    return DOI_INTERVAL if paper.key.startswith("doi:") else PUBLISHED_INTERVAL


async def _add_note(app: App, club_id: int, number: int) -> None:
    """Add notes on changed papers to a published edition and its posts."""
    async with app.store.begin(club_id) as db:
        edition = await published_edition(db, number)
        found = await paper_changes(db, edition)
        works = [RefreshReference(Work.of(change.paper, latex_to_text)) for change in found]
        fixes = [CorrectionChange(app.now(), change.say, change.item.key) for change in found]
        if fixes:
            await amend(app, db, edition, [*works, *fixes], by=None, why=fixes[0].say)
    app.wake_up.set()
