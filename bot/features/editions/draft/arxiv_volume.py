"""Number of new arXiv papers in the categories that the club reads."""

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

MAX_CATEGORIES = 3
"""Maximum number of categories that are counted together."""
RECENT = timedelta(days=31)
"""Age up to which a paper counts as selected from the new ones."""
COUNT_TIMEOUT = 30.0
"""Seconds that a draft waits for the count, which it can do without."""
MONTHS = 12
MONTHS_PER_DRAFT = 3
"""Months counted with each draft: three requests, three seconds apart."""


async def count_selection_pool(app: App, papers: Sequence[Paper], since: datetime) -> tuple[int, str]:
    """Number of new papers that these were selected from, and their categories, such as 1204 and "(cs.CV, cs.CL)".

    The number is 0 if most of the papers are older, or if arXiv does not answer. Never raises.
    """
    categories = main_categories(papers)
    recent = [paper for paper in papers if paper.published_at and paper.published_at >= since - RECENT]
    if app.paper_counter is None or not categories or 2 * len(recent) <= len(papers):
        return 0, ""
    try:
        async with asyncio.timeout(COUNT_TIMEOUT):
            count = await app.paper_counter.count(categories, since, app.now())
    except (Unavailable, UserError, TimeoutError) as error:
        log.info("arXiv did not count the new papers: %s", error)
        return 0, ""
    return (count, f"({', '.join(categories)})") if count > len(papers) else (0, "")


def main_categories(papers: Sequence[Paper]) -> list[str]:
    """Categories that most of the papers come from: at most three, each the first category of at least a fifth."""
    counts = Counter(paper.categories[0] for paper in papers if paper.categories and paper.key.startswith("arxiv:"))
    return [name for name, count in counts.most_common(MAX_CATEGORIES) if 5 * count >= counts.total()]


async def counts_by_month(app: App, categories: Sequence[str], words: Translator) -> AsyncIterator[tuple[str, float]]:
    """Number of papers of each of the last whole months, oldest first: ("Nov 2026", 4210), in the language of `words`.

    Each month is requested from arXiv only once. Raises Unavailable.
    """
    counts = await stored_counts(app, categories)
    for month in last_whole_months(app.now()):
        yield (
            words.short_month(month),
            float(counts[month] if month in counts else await _count_month(app, categories, month)),
        )


async def fetch_missing_months(app: App, club_id: int) -> None:
    """Count some of the months not counted yet for the club's categories, latest first. Never raises.

    Each draft counts a few, so that a year is complete after some editions without many requests at once.
    """
    async with app.store.read(club_id) as db:
        categories = club_categories(await db.published.publication_counts())
    if app.paper_counter is None or not categories:
        return
    counts = await stored_counts(app, categories)
    missing = [month for month in reversed(last_whole_months(app.now())) if month not in counts]
    try:
        async with asyncio.timeout(COUNT_TIMEOUT):
            for month in missing[:MONTHS_PER_DRAFT]:
                await _count_month(app, categories, month)
    except (Unavailable, UserError, TimeoutError) as error:
        log.info("some months were not counted: %s", error)


def club_categories(publications: Sequence[PublicationCounts]) -> list[str]:
    """Categories that the papers of a club's editions come from: at most three, each that of at least a fifth."""
    counts: Counter[str] = Counter()
    for publication in publications:
        counts[publication.category] += publication.count
    del counts[""]
    return [name for name, count in counts.most_common(MAX_CATEGORIES) if 5 * count >= counts.total()]


async def stored_counts(app: App, categories: Sequence[str]) -> dict[date, int]:
    """Number of papers of each of the last whole months that was counted before, by its first day."""
    months = {_fact_name(categories, month): month for month in last_whole_months(app.now())}
    async with app.store.read_admin_session() as admin:
        found = await admin.facts.values(months)
    return {months[name]: int(value) for name, value in found.items()}


def last_whole_months(now: datetime) -> list[date]:
    """First days of the last twelve whole months (UTC), oldest first."""
    month = now.astimezone(UTC).date().replace(day=1)
    found: list[date] = []
    for _ in range(MONTHS):
        month = (month - timedelta(days=1)).replace(day=1)
        found.insert(0, month)
    return found


async def _count_month(app: App, categories: Sequence[str], month: date) -> int:
    """Number of papers of a month, requested from arXiv and stored."""
    if app.paper_counter is None:
        raise Unavailable("This installation has no source that counts papers.")
    start = datetime(month.year, month.month, 1, tzinfo=UTC)
    end = (start + timedelta(days=32)).replace(day=1) - timedelta(minutes=1)
    count = await app.paper_counter.count(categories, start, end)
    async with app.store.admin_session() as admin:
        await admin.facts.store(_fact_name(categories, month), str(count))
    return count


def _fact_name(categories: Sequence[str], month: date) -> str:
    return f"arxiv volume {'+'.join(sorted(categories))} {month:%Y-%m}"
