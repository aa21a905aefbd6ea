"""Full texts of papers, read from arXiv once and stored, as sources for a model."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from datetime import timedelta

from bot.app import App
from bot.domain.models import Club, Paper
from bot.domain.summary_values import Passage, SummarySource
from bot.errors import Unavailable
from bot.ports import FullTextSource
from bot.store.editions.summaries import StoredText

log = logging.getLogger(__name__)

RETRY_AFTER = timedelta(days=1)
"""Time after which a page that arXiv did not have is requested again: arXiv makes them within hours."""
PAGE_TIMEOUT = 45.0
"""Seconds that one page may take, waiting for the rate gate and retries included."""


def summary_source(paper: Paper, passages: tuple[Passage, ...] = ()) -> SummarySource:
    """Texts that a writer may use of a paper: title, abstract and sections."""
    return SummarySource(paper.key, paper.version, paper.title, (Passage("abstract", paper.abstract), *passages))


async def stored_passages(app: App, club_id: int, papers: Iterable[Paper]) -> dict[int, StoredText]:
    """Stored texts of the current versions of these papers, by the paper's ID."""
    async with app.store.read(club_id) as db:
        return await db.full_texts.get({paper.id: paper.version for paper in papers})


class FullTextReader:
    """Reads full texts from arXiv, one at a time. After a failure it stops, and abstracts are used."""

    def __init__(self, app: App, club: Club) -> None:
        self._app = app
        self._club = club
        self._texts: FullTextSource | None = app.full_text_source
        self._one_at_a_time = asyncio.Lock()

    async def source(self, paper: Paper) -> SummarySource:
        """The paper with its sections, or with its abstract alone if they are not available. Never raises."""
        stored = (await stored_passages(self._app, self._club.id, [paper])).get(paper.id)
        if stored and (stored.passages or self._app.now() - stored.at < RETRY_AFTER):
            return summary_source(paper, stored.passages)
        async with self._one_at_a_time:
            return summary_source(paper, await self._read(paper))

    async def _read(self, paper: Paper) -> tuple[Passage, ...]:
        kind, _, arxiv_id = paper.key.partition(":")
        if self._texts is None or kind != "arxiv" or not paper.version:
            return ()
        try:
            async with asyncio.timeout(PAGE_TIMEOUT):
                found = await self._texts.text(arxiv_id, paper.version)
        except (Unavailable, TimeoutError) as error:
            log.warning("full texts are not available: %s", error or "arXiv took too long")
            self._texts = None
            return ()
        async with self._app.store.begin(self._club.id) as db:
            await db.full_texts.save(paper.id, paper.version, found, self._app.now())
        return found
