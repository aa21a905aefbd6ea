"""How much comes out where the club reads: new papers of its categories, counted by arXiv."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, timedelta

from bot.app import App
from bot.domain.models import Paper
from bot.errors import Unavailable, UserError
from bot.locale import Translator
from bot.store.editions.published import PublicationCounts

log = logging.getLogger(__name__)

MOST = 3
"""Categories that are counted together: where most of the papers come from."""
LATELY = timedelta(days=31)
"""How old a paper may be that was chosen from the new ones: clubs read what came out in the last weeks."""
PATIENCE = 30.0
"""Seconds that a draft waits for a count that is only a remark."""
MONTHS = 12
AT_A_TIME = 3
"""Months that are counted when an edition is drafted: three requests, three seconds apart."""


async def selected_from(app: App, papers: Sequence[Paper], since: datetime) -> tuple[int, str]:
    """From how many new papers these were selected, and where: 1204, "(cs.CV, cs.CL)", in no language.

    0 where most of them are older, or arXiv does not say. Never raises.
    """
    where = categories(papers)
    new = [paper for paper in papers if paper.published_at and paper.published_at >= since - LATELY]
    if app.paper_counter is None or not where or 2 * len(new) <= len(papers):
        return 0, ""
    try:
        async with asyncio.timeout(PATIENCE):
            count = await app.paper_counter.count(where, since, app.now())
    except (Unavailable, UserError, TimeoutError) as error:
        log.info("nobody knows how many papers came out: %s", error)
        return 0, ""
    return (count, f"({', '.join(where)})") if count > len(papers) else (0, "")


def categories(papers: Sequence[Paper]) -> list[str]:
    """Where most of the papers come from: at most three of arXiv's categories, each that of at least a fifth."""
    own = Counter(paper.categories[0] for paper in papers if paper.categories and paper.key.startswith("arxiv:"))
    return [name for name, count in own.most_common(MOST) if 5 * count >= own.total()]


async def by_month(app: App, where: Sequence[str], words: Translator) -> AsyncIterator[tuple[str, float]]:
    """How many papers came out in each of the last whole months, oldest first: ("Nov 2026", 4210), in the language
    of `words`.

    A month that was counted once is not asked for again. Raises Unavailable.
    """
    known = await remembered(app, where)
    for month in last_months(app.now()):
        yield words.short_month(month), float(known[month] if month in known else await _count(app, where, month))


async def fetch_missing_months(app: App, club_id: int) -> None:
    """Count some of the months that are not counted yet where the club reads, the latest first. Never raises.

    A few each time, so that a year is known after some editions and arXiv is never asked for much at once.
    """
    async with app.store.read(club_id) as db:
        where = volume_of_club(await db.published.publication_counts())
    if app.paper_counter is None or not where:
        return
    known = await remembered(app, where)
    missing = [month for month in reversed(last_months(app.now())) if month not in known]
    try:
        async with asyncio.timeout(PATIENCE):
            for month in missing[:AT_A_TIME]:
                await _count(app, where, month)
    except (Unavailable, UserError, TimeoutError) as error:
        log.info("not every month was counted: %s", error)


def volume_of_club(out: Sequence[PublicationCounts]) -> list[str]:
    """Where the papers of a club's editions come from: at most three categories, each that of at least a fifth."""
    own: Counter[str] = Counter()
    for one in out:
        own[one.category] += one.count
    del own[""]
    return [name for name, count in own.most_common(MOST) if 5 * count >= own.total()]


async def remembered(app: App, where: Sequence[str]) -> dict[date, int]:
    """The last whole months that were counted already, with how many papers came out in each."""
    months = {_fact(where, month): month for month in last_months(app.now())}
    async with app.store.read_admin_session() as admin:
        found = await admin.facts.values(months)
    return {months[name]: int(value) for name, value in found.items()}


def last_months(now: datetime) -> list[date]:
    """The first days of the last twelve whole months (UTC), oldest first."""
    month = now.astimezone(UTC).date().replace(day=1)
    found: list[date] = []
    for _ in range(MONTHS):
        month = (month - timedelta(days=1)).replace(day=1)
        found.insert(0, month)
    return found


async def _count(app: App, where: Sequence[str], month: date) -> int:
    """Ask for a month, and remember it."""
    if app.paper_counter is None:
        raise Unavailable("There is no arXiv to be asked here.")
    start = datetime(month.year, month.month, 1, tzinfo=UTC)
    end = (start + timedelta(days=32)).replace(day=1) - timedelta(minutes=1)
    count = await app.paper_counter.count(where, start, end)
    async with app.store.admin_session() as admin:
        await admin.facts.store(_fact(where, month), str(count))
    return count


def _fact(where: Sequence[str], month: date) -> str:
    return f"outpour {'+'.join(sorted(where))} {month:%Y-%m}"
