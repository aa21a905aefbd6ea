"""The whole text of a paper, read once and kept, for a model to write from."""

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

AGAIN = timedelta(days=1)
"""After which arXiv is asked again for a page that it had not: it makes them within hours of the paper."""
PATIENCE = 45.0
"""Seconds that one page may take, its turn and its repeats included."""


def source_of(paper: Paper, passages: tuple[Passage, ...] = ()) -> SummarySource:
    """What a writer may know about a paper: its title, its abstract and its sections, as they came."""
    return SummarySource(paper.key, paper.version, paper.title, (Passage("abstract", paper.abstract), *passages))


async def stored_passages(app: App, club_id: int, papers: Iterable[Paper]) -> dict[int, StoredText]:
    """The texts that are kept of these papers in their present versions, by the paper's row."""
    async with app.store.read(club_id) as db:
        return await db.full_texts.get({paper.id: paper.version for paper in papers})


class FullTextReader:
    """Gets whole papers from arXiv, one after the other. Once arXiv has failed it asks no more: abstracts must do."""

    def __init__(self, app: App, club: Club) -> None:
        self._app = app
        self._club = club
        self._texts: FullTextSource | None = app.full_text_source
        self._one_at_a_time = asyncio.Lock()

    async def source(self, paper: Paper) -> SummarySource:
        """The paper with its sections, or with its abstract alone where they cannot be had. Never raises."""
        known = (await stored_passages(self._app, self._club.id, [paper])).get(paper.id)
        if known and (known.passages or self._app.now() - known.at < AGAIN):
            return source_of(paper, known.passages)
        async with self._one_at_a_time:
            return source_of(paper, await self._read(paper))

    async def _read(self, paper: Paper) -> tuple[Passage, ...]:
        kind, _, arxiv_id = paper.key.partition(":")
        if self._texts is None or kind != "arxiv" or not paper.version:
            return ()
        try:
            async with asyncio.timeout(PATIENCE):
                found = await self._texts.text(arxiv_id, paper.version)
        except (Unavailable, TimeoutError) as error:
            log.warning("no whole texts for now: %s", error or "arXiv took too long")
            self._texts = None
            return ()
        async with self._app.store.begin(self._club.id) as db:
            await db.full_texts.save(paper.id, paper.version, found, self._app.now())
        return found
