"""Records of papers from their sources: of one paper, and of all before the club shows them, within a time limit.

Every record is stored. The rows of the papers show that a source did not answer, and since when.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from bot.app import App
from bot.domain.links.identify import PaperRef
from bot.domain.models import Paper
from bot.domain.paper_record import PaperRecord
from bot.editions.model.document import Document
from bot.errors import Unavailable
from bot.store import UnitOfWork

log = logging.getLogger(__name__)

MAX_AGE = timedelta(minutes=5)
"""Time for which an answer counts as current, and for which a source that did not answer is not asked again."""
EDITION_TIMEOUT = 12.0
"""Seconds that an edition waits for its sources."""
BACKGROUND_TIMEOUT = 60.0
"""Seconds that a background request may take; many clubs share the rate gate of one source."""


def keys_of(document: Document) -> tuple[str, ...]:
    """Keys of the papers in an edition, manually added ones included."""
    return tuple(item.key for item in document.items if item.key.startswith(("arxiv:", "doi:")))


async def ask_source(app: App, ref: PaperRef) -> PaperRecord | None:
    """Record of a paper from arXiv, or from the registries of DOIs; None if its source does not have it.

    Raises Unavailable while the source cannot be reached. Never call it inside a transaction.
    """
    if ref.source == "arxiv":
        return (await app.paper_source.records([ref.id])).get(ref.id)
    return await app.doi_registry.record(ref.id) if app.doi_registry else None


async def refresh_papers(
    app: App, club_id: int, keys: Collection[str], *, max_age: timedelta = MAX_AGE, time_limit: float = EDITION_TIMEOUT
) -> tuple[str, ...]:
    """Request the records of those papers that were not requested within `max_age`. Returns the keys of changed ones.

    Never raises for a source's failure.
    """
    now = app.now()
    async with app.store.read(club_id) as db:
        if not any(_due(app, paper, now - max_age) for paper in await db.papers.by_keys(keys)):
            return ()
    async with app.store.begin(club_id) as db:
        due = [paper for paper in await db.papers.by_keys(keys) if _due(app, paper, now - max_age)]
        for paper in due:
            paper.asked_at = now  # before the request, so that no other process makes it too
        keys_to_ask = [paper.key for paper in due]
    if not keys_to_ask:
        return ()
    found, _ = await fetch_records(app, keys_to_ask, time_limit=time_limit)
    return await store_records(app, club_id, found.values())


async def store_records(app: App, club_id: int, records: Iterable[PaperRecord]) -> tuple[str, ...]:
    """Store records of sources, and update the cards of changed papers. Returns the keys of changed ones."""
    changed_keys = []
    async with app.store.begin(club_id) as db:
        for record in records:
            if await db.papers.update_record(record, now=app.now()):
                changed_keys.append(record.key)
                if submission := await db.submissions.by_key(record.key):
                    await db.deliveries.mark_stale(submission.id)
    if changed_keys:
        app.wake_up.set()
    return tuple(changed_keys)


async def fetch_records(
    app: App, keys: Sequence[str], *, time_limit: float = EDITION_TIMEOUT
) -> tuple[dict[str, PaperRecord], set[str]]:
    """Records of these papers by key, and the keys without an answer from their source in `time_limit` seconds."""
    found: dict[str, PaperRecord] = {}
    unanswered = set(keys)
    await asyncio.gather(
        _ask_arxiv(app, [key for key in keys if key.startswith("arxiv:")], time_limit, found, unanswered),
        _ask_registries(app, [key for key in keys if key.startswith("doi:")], time_limit, found, unanswered),
    )
    return found, unanswered


async def _ask_arxiv(
    app: App, keys: Sequence[str], time_limit: float, found: dict[str, PaperRecord], unanswered: set[str]
) -> None:
    """Add arXiv's records to `found`, and take the keys that it answered from `unanswered`."""
    ids = [key.removeprefix("arxiv:") for key in keys]
    try:
        async with asyncio.timeout(time_limit):
            records = await app.paper_source.records(ids) if ids else {}
    except (Unavailable, TimeoutError) as error:
        log.info("arXiv did not answer and is asked again later: %s", error or "it took too long")
        return
    found.update((f"arxiv:{id}", record) for id, record in records.items())
    unanswered.difference_update(keys)


async def _ask_registries(
    app: App, keys: Sequence[str], time_limit: float, found: dict[str, PaperRecord], unanswered: set[str]
) -> None:
    """The same for DOIs, which are asked for one by one."""
    if app.doi_registry is None:
        return
    try:
        async with asyncio.timeout(time_limit):
            for key in keys:
                if record := await app.doi_registry.record(key.removeprefix("doi:")):
                    found[key] = record
                unanswered.discard(key)
    except (Unavailable, TimeoutError) as error:
        log.info("a registry of DOIs did not answer and is asked again later: %s", error or "it took too long")


async def unanswered_since(db: UnitOfWork, keys: Collection[str]) -> datetime | None:
    """Earliest time since which a source has not answered about one of these papers; None if all have."""
    return earliest_unanswered(await db.papers.by_keys(keys))


def earliest_unanswered(papers: Iterable[Paper]) -> datetime | None:
    """Earliest time since which a source has not answered about one of these papers; None if all have."""
    return min(
        (p.details_at for p in papers if p.details_at and p.asked_at and p.asked_at > p.details_at), default=None
    )


def _due(app: App, paper: Paper, before: datetime) -> bool:
    """True if the paper has a source that can be asked, and was not requested since `before`."""
    kind, _, _ = paper.key.partition(":")
    has_source = kind == "arxiv" or (kind == "doi" and app.doi_registry is not None)
    return has_source and (paper.asked_at is None or paper.asked_at <= before)
