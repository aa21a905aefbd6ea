"""Asking the sources what they say now of papers that the club is about to show: in one batch, within a bound.

What they say is kept, whatever it is. That a source did not answer is seen in the rows of its papers, so it can be told
since when nothing was asked.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from bot.app import App
from bot.domain.models import Paper
from bot.domain.paper_record import PaperRecord
from bot.editions.model.document import Document
from bot.errors import Unavailable
from bot.store import UnitOfWork

log = logging.getLogger(__name__)

FRESH = timedelta(minutes=5)
"""How long an answer counts, and how long a source that did not answer is left alone."""
WITHIN = 12.0
"""Seconds that an edition waits for its sources. An edition is never late for theirs."""
UNHURRIED = 60.0
"""Seconds that a question may take for which nobody waits: many clubs take turns at one source."""


def keys_of(document: Document) -> tuple[str, ...]:
    """The keys of the papers in an edition, brought by members or added by hand."""
    return tuple(item.key for item in document.items if item.key.startswith(("arxiv:", "doi:")))


async def ask(
    app: App, club_id: int, keys: Collection[str], *, fresh: timedelta = FRESH, within: float = WITHIN
) -> tuple[str, ...]:
    """Ask about those of these papers that were not asked about for a while; the keys of which there is news.

    Never raises for what a source does or does not answer.
    """
    now = app.now()
    async with app.store.begin(club_id) as db:
        due = [paper for paper in await db.papers.by_keys(keys) if _due(app, paper, now - fresh)]
        for paper in due:
            paper.asked_at = now  # before it is asked: no other process asks for it too
        wanted = [paper.key for paper in due]
    if not wanted:
        return ()
    found, _ = await answers(app, wanted, within=within)
    return await keep(app, club_id, found.values())


async def keep(app: App, club_id: int, records: Iterable[PaperRecord]) -> tuple[str, ...]:
    """Keep what sources said; the keys of the papers of which that is news. Their cards are drawn anew."""
    news = []
    async with app.store.begin(club_id) as db:
        for record in records:
            if await db.papers.update_record(record, now=app.now()):
                news.append(record.key)
                if submission := await db.submissions.by_key(record.key):
                    await db.deliveries.mark_stale(submission.id)
    if news:
        app.wake_up.set()
    return tuple(news)


async def answers(app: App, keys: Sequence[str], *, within: float = WITHIN) -> tuple[dict[str, PaperRecord], set[str]]:
    """What the sources know of these papers, by key, and the keys of those that they did not answer about in time."""
    found: dict[str, PaperRecord] = {}
    silent = set(keys)
    await asyncio.gather(
        _arxiv(app, [key for key in keys if key.startswith("arxiv:")], within, found, silent),
        _registry(app, [key for key in keys if key.startswith("doi:")], within, found, silent),
    )
    return found, silent


async def _arxiv(app: App, keys: Sequence[str], within: float, found: dict[str, PaperRecord], silent: set[str]) -> None:
    ids = [key.removeprefix("arxiv:") for key in keys]
    try:
        async with asyncio.timeout(within):
            records = await app.paper_source.records(ids) if ids else {}
    except (Unavailable, TimeoutError) as error:
        log.info("arXiv is asked again later: %s", error or "it took too long")
        return
    found.update((f"arxiv:{id}", record) for id, record in records.items())
    silent.difference_update(keys)


async def _registry(
    app: App, keys: Sequence[str], within: float, found: dict[str, PaperRecord], silent: set[str]
) -> None:
    if app.doi_registry is None:
        return
    try:
        async with asyncio.timeout(within):
            for key in keys:
                if record := await app.doi_registry.record(key.removeprefix("doi:")):
                    found[key] = record
                silent.discard(key)
    except (Unavailable, TimeoutError) as error:
        log.info("Crossref is asked again later: %s", error or "it took too long")


async def unanswered_since(db: UnitOfWork, keys: Collection[str]) -> datetime | None:
    """Since when some of these papers were asked about in vain; None where each source's last answer is the latest."""
    papers = await db.papers.by_keys(keys)
    return min(
        (p.details_at for p in papers if p.details_at and p.asked_at and p.asked_at > p.details_at), default=None
    )


def _due(app: App, paper: Paper, before: datetime) -> bool:
    """Whether a paper has a source that can be asked, and was not asked since then."""
    kind, _, _ = paper.key.partition(":")
    can = kind == "arxiv" or (kind == "doi" and app.doi_registry is not None)
    return can and (paper.asked_at is None or paper.asked_at <= before)
