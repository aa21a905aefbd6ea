"""A small club to vote in, and the edge at which answers are counted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from benchmarks.databases import sqlite
from bot.app import App
from bot.domain.models import Member, Submission
from bot.editions.writing.writer import ExtractiveWriter
from bot.features.registry import all_commands
from bot.requester_lookup import register_workspace
from bot.sources.recorded_arxiv import recorded_papers
from bot.store import Store
from tests.stand_ins import RecordedPaperSource

PAPERS, MEMBERS = 100, 20
"""Each vote is another member's or for another paper, so that each one is written."""

Vote = Callable[[int], Awaitable[None]]
GUILD = "1000"


@dataclass(slots=True)
class Club:
    """A club with some papers, known on both platforms."""

    app: App
    id: int

    async def vote_count(self) -> int:
        """Number of votes."""
        async with self.app.store.read(self.id) as db:
            return len(await db.vote_queries.log())


@asynccontextmanager
async def club_on() -> AsyncIterator[Club]:
    """Create a club for this benchmark on SQLite."""
    with sqlite() as url:
        store = Store.open(url)
        app = App(commands=all_commands, store=store, paper_source=RecordedPaperSource(), writer=ExtractiveWriter())
        club = await register_workspace(app, "slack", "T1", "Readers")
        async with store.admin_session() as admin:
            await admin.directory.join(club, "discord", GUILD, "Readers")
        async with store.begin(club.id) as db:
            bringer: Member = await db.members.get_or_create("slack", "U999", "Bringer", "T1", app.now())
            for record in recorded_papers()[:PAPERS]:
                paper = await db.papers.save_record(record, now=app.now())
                await db.submissions.add(
                    Submission(paper_id=paper.id, member_id=bringer.id, submitted_at=app.now(), link=record.url)
                )
        try:
            yield Club(app, club.id)
        finally:
            await store.close()


def ballot(number: int) -> tuple[int, int]:
    """Member and paper of the n-th vote."""
    return number // PAPERS % MEMBERS, number % PAPERS + 1


@dataclass(slots=True)
class Edge:
    """Replacement of the platform's HTTP connection, which receives the responses."""

    reached: asyncio.Event = field(default_factory=asyncio.Event)
    answers: int = 0

    async def after(self, act: Callable[[], Awaitable[object]]) -> None:
        """Run an action and wait until its response arrives here."""
        self.reached.clear()
        async with asyncio.timeout(10):
            await act()
            await self.reached.wait()

    def take(self) -> None:
        """Record a response."""
        self.answers += 1
        self.reached.set()
