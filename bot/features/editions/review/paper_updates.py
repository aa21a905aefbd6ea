"""A paper changes after it was written about: a draft is made anew from it, a published edition gains a note.

arXiv is asked now and then about the papers of the edition in the making, of those that came out lately, and about
those that somebody wants to be told of. What an item was written from says its version, so it makes no difference which
club learned of a new one first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.app import App
from bot.domain.models import Edition, Paper
from bot.editions.edit.changes import CorrectionChange, Recite
from bot.editions.model.document import Work, from_json
from bot.features.editions.publishing.amend import amend, published_edition
from bot.features.editions.publishing.completion import complete
from bot.features.editions.review.changed_papers import changed, follow
from bot.features.shared import source_checks
from bot.features.shared.withdrawals import as_of_now, take_notice
from bot.latex.reader import latex_to_text
from bot.store import UnitOfWork

DRAFTED, OUT = timedelta(hours=1), timedelta(days=1)
"""How long after arXiv was asked about a paper it is asked again: of a draft, and of an edition that is out."""
LATELY = timedelta(days=60)
"""How long an edition is looked after every day once it is out: most second versions come within two months."""
SHARES = 7
"""Days in a week: older editions are looked after in as many shares, each on its day."""
SOONEST = timedelta(minutes=30)
"""How long after a look the next follows at the earliest, if nothing changes before."""
BATCH = 100
"""Papers asked for in one request; arXiv answers as many well."""


async def check_for_updates(app: App, club_id: int) -> None:
    """Ask about the papers that it is time to ask about, and do what follows from what has changed."""
    await _ask(app, club_id)
    await take_notice(app, club_id)
    await complete(app, club_id)
    async with app.store.read(club_id) as db:
        current = await db.editions.current()
        fresh = await changed(db, current) if current else []
        news = {edition.number: await changed(db, edition) for edition in await _out(app, db)}
    if current and fresh:
        await follow(app, club_id, current, fresh)
    for number, found in news.items():
        if found:
            await _note(app, club_id, number)


async def next_check(app: App, club_id: int) -> datetime | None:
    """When there is something to ask about next; None where nothing of the club is looked after.

    A draft is looked after every half hour, all else when the first of its papers is to be asked about again.
    """
    now = app.now()
    async with app.store.read(club_id) as db:
        if await db.editions.current():
            return now + SOONEST
        out = [*await db.editions.out_since(now - LATELY)]
        asked = [paper.asked_at for paper in await _due(db, out, now + OUT)]
        asked += [paper.asked_at for paper in _due_for_check(await db.following.papers(), now + OUT)]
        asked += [paper.asked_at for paper in await db.papers.on_the_list(now + OUT, now - LATELY, limit=1)]
        old = await db.editions.any_out()
    times = [max((at or now) + OUT, now + SOONEST) for at in asked]
    return min(times, default=now + OUT if old else None)


async def settle(app: App, club_id: int) -> None:
    """Ask about the papers of the edition in the making once more, and take out of it what was withdrawn."""
    await as_of_now(app, club_id)
    async with app.store.read(club_id) as db:
        current = await db.editions.current()
        gone = [one for one in await changed(db, current) if one.paper.withdrawn] if current else []
    if current and gone:
        await follow(app, club_id, current, gone)


async def _out(app: App, db: UnitOfWork) -> Sequence[Edition]:
    """The editions that it is time to look after: all late ones, and of the older ones this hour's share."""
    now = app.now()
    day = int(now.timestamp() // 86400) % SHARES
    return [*await db.editions.out_since(now - LATELY), *await db.editions.out_before(now - LATELY, day, SHARES)]


async def _ask(app: App, club_id: int) -> None:
    """Learn what arXiv says now of the papers it was not asked about for a while."""
    now = app.now()
    async with app.store.read(club_id) as db:
        current = await db.editions.current()
        due = await _due(db, [current] if current else [], now - DRAFTED)
        due += await _due(db, await _out(app, db), now - OUT)
        due += _due_for_check(await db.following.papers(), now - OUT)
        due += _due_for_check(await db.papers.on_the_list(now - OUT, now - LATELY, limit=BATCH), now - OUT)
    keys = list(dict.fromkeys(paper.key for paper in due))[:BATCH]
    if keys:
        await source_checks.ask(app, club_id, keys, within=source_checks.UNHURRIED)


async def _due(db: UnitOfWork, editions: Sequence[Edition], before: datetime) -> list[Paper]:
    keys = {key for edition in editions for key in source_checks.keys_of(from_json(edition.document))}
    return _due_for_check(await db.papers.by_keys(keys), before)


def _due_for_check(papers: Sequence[Paper], before: datetime) -> list[Paper]:
    """Those of these papers that arXiv was not asked about since then. A withdrawn one may have come back."""
    ours = [paper for paper in papers if paper.key.startswith("arxiv:")]
    return [paper for paper in ours if paper.asked_at is None or paper.asked_at < before]


async def _note(app: App, club_id: int, number: int) -> None:
    """Add a note on what has changed to a published edition, wherever it was posted."""
    async with app.store.begin(club_id) as db:
        edition = await published_edition(db, number)
        found = await changed(db, edition)
        works = [Recite(Work.of(one.paper, latex_to_text)) for one in found]
        fixes = [CorrectionChange(app.now(), one.say, one.item.key) for one in found]
        if fixes:
            await amend(app, db, edition, [*works, *fixes], by=None, why=fixes[0].say)
    app.wake_up.set()
