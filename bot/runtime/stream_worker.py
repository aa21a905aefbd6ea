"""The stream worker: reads sources of new papers, keeps clubs' shortlists, posts them, and writes to members.

One process at a time reads, by a lease, so that every source is asked once for the whole installation.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Container
from uuid import uuid4

from bot.app import App
from bot.features.notifications.new_paper_notifications import DueMember, due_for_new_papers, send_new_papers
from bot.features.stream.shortlist import refresh
from bot.features.stream.shortlist_posting import post_shortlist
from bot.features.stream.source_reading import read_due_sources
from bot.features.stream.subject_learning import learn_subjects
from bot.features.stream.word_indexing import index_new_entries
from bot.runtime.exclusive_lease import exclusive_lease
from bot.runtime.logged_failures import log_failure

log = logging.getLogger(__name__)

ROUND_INTERVAL = 60.0
"""Seconds between two rounds."""
DRAIN_SECONDS = 8.0
"""Seconds that a message in progress has to end in at shutdown."""


class StreamWorker:
    """Reads sources and makes shortlists. Any number of processes may run one each."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._me = uuid4().hex

    async def run(self) -> None:
        """Run rounds until cancelled. A reading that is interrupted goes on where it stopped."""
        while True:
            await log_failure(log, "read the sources of new papers", self.round())
            await asyncio.sleep(ROUND_INTERVAL)

    async def round(self) -> None:
        """Read what is due, then rank for each club what changed, and post what is due."""
        async with self._app.store.read_admin_session() as admin:
            readers = set(await admin.stream_reading.clubs())
        if not readers:
            return
        async with exclusive_lease(self._app, "stream", self._me) as mine:
            if mine:
                await self._work(readers)

    async def _work(self, readers: Container[int]) -> None:
        """The work of a round, for the clubs that read sources."""
        await log_failure(log, "read the sources of new papers", read_due_sources(self._app))
        await log_failure(log, "index new papers", index_new_entries(self._app))
        await log_failure(log, "learn the words of subjects", learn_subjects(self._app))
        async with self._app.store.read_admin_session() as admin:
            clubs = [club for club in await admin.directory.active_clubs() if club.id in readers]
        for club in clubs:
            await log_failure(log, f"rank new papers for club {club.id}", refresh(self._app, club.id))
            await log_failure(log, f"post new papers for club {club.id}", post_shortlist(self._app, club))
            await log_failure(log, f"tell members of club {club.id} of new papers", self._write_to_members(club.id))

    async def _write_to_members(self, club_id: int) -> None:
        """Send the messages about new papers that are due. A stop waits a moment for the one in progress."""
        for due in await due_for_new_papers(self._app, club_id):
            sending = asyncio.create_task(self._write_to(club_id, due), name="tell of new papers")
            try:
                await asyncio.shield(sending)
            except asyncio.CancelledError:
                await asyncio.wait([sending], timeout=DRAIN_SECONDS)
                sending.cancel()
                raise

    async def _write_to(self, club_id: int, due: DueMember) -> None:
        what = f"tell a member of club {club_id} of new papers"
        await log_failure(log, what, send_new_papers(self._app, club_id, due))
