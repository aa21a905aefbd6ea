"""The club of the trials: in each round three papers are submitted and an edition comes due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import cycle, islice
from typing import Any

from sqlalchemy import update

from benchmarks.kills.databases import Database
from benchmarks.kills.fast_time import FastTime
from benchmarks.kills.places import Place
from bot.app import App, InstallationInfo, Requester, RequestKind
from bot.chat.gateway import Location
from bot.dispatch import answer
from bot.domain.models import Paper, Slot
from bot.domain.paper_record import PaperRecord
from bot.editions.writing.writer import ExtractiveWriter
from bot.features.registry import all_commands
from bot.requester_lookup import register_workspace
from bot.runtime.composition import prepare_database
from bot.sources.recorded_arxiv import recorded_papers
from bot.store import Store
from tests.stand_ins import RecordedPaperSource, RecordingGateway

PAPERS = 3
"""Papers of a round."""
SECRET = "a2lsbHMtb2YtY2x1YnMta2lsbHMtb2YtY2x1YnMtMDE="  # noqa: S105  of clubs that live for an hour


def many_papers(count: int) -> list[PaperRecord]:
    """So many papers of an arXiv of our own: the recorded ones again and again, under new ids and titles."""
    known = [record for record in recorded_papers() if not record.withdrawn and record.version == 1]
    return [
        replace(
            record,
            key=f"arxiv:26{1 + number // 90_000:02}.{10_000 + number % 90_000}",
            title=f"{record.title} {number}",
        )
        for number, record in enumerate(islice(cycle(known), count))
    ]


@dataclass(slots=True)
class ReadingClub:
    """A club on a database, whose members act through the program's own commands; nothing is posted by that."""

    database: Database
    place: Place
    fast: FastTime
    papers: Sequence[PaperRecord]
    club_id: int = 0
    _kept: App | None = None
    """The same app from act to act if several processes may use the database: its statements are compiled once."""

    async def found(self) -> None:
        """Make the club with its channels. Its own due times are days away."""
        app = self._app()
        await prepare_database(app.store)
        await app.store.rebuild_search_index()
        club = await register_workspace(app, self.place.platform, self.place.workspace, "Readers")
        self.club_id = club.id
        far = f"{self.fast.now() + timedelta(days=6):%a} 09:00".lower()
        for line in (f"settings digest_at {far}", "settings review_hours 0", "settings stale_hours 168"):
            await self._say(app, f"/clubadmin {line}", admin=True)
        async with app.store.admin_session() as admin:
            workspace = await admin.directory.workspace(self.place.platform, self.place.workspace)
        assert workspace is not None
        async with app.store.begin(self.club_id) as db:
            for purpose, channel in self.place.channels.items():
                await db.rooms.assign(workspace.id, channel, purpose, purpose)
        await self._leave(app)

    async def begin_round(self, number: int) -> str:
        """Have the papers of a round submitted, and an edition come due; the key of its due time."""
        app = self._app()
        for paper in self.papers[number * PAPERS : (number + 1) * PAPERS]:
            await self._say(app, f"/paper submit {paper.arxiv_id} because of {number}")
        await self._plan(app, key := f"round-{number}")
        await self._leave(app)
        return key

    async def age_papers(self) -> None:
        """Let it be days ago that the papers' source was asked, so that a draft asks it first."""
        app = self._app()
        async with app.store.admin_session() as admin:
            await admin._session.execute(update(Paper).values(asked_at=self.fast.now() - timedelta(days=3)))
        await self._leave(app)

    async def edition_due(self, key: str) -> None:
        """Have an edition come due."""
        app = self._app()
        await self._plan(app, key)
        await self._leave(app)

    async def _plan(self, app: App, key: str) -> None:
        async with app.store.admin_session() as admin:
            admin._session.add(Slot(club_id=self.club_id, key=key, due_at=self.fast.now() - timedelta(seconds=1)))

    async def _say(self, app: App, line: str, *, admin: bool = False) -> None:
        who = Requester(
            "U0ADA00001" if self.place.platform == "slack" else "4242", "Ada", manages=admin, moderates=True
        )
        _, call = app.commands.find(line)
        where = Location(self.place.platform, self.place.workspace, "lounge")
        *_, last = [card async for card in answer(app, call, who, where, RequestKind.TYPED)]
        assert not last.failed, last.card

    async def close(self) -> None:
        """Close what is open."""
        if self._kept:
            await self._kept.store.close()

    async def _leave(self, app: App) -> None:
        """Close a SQLite file, which one process at a time may have open."""
        if self.database.shared:
            self._kept = app
        else:
            await app.store.close()

    def _app(self) -> App:
        if self._kept:
            return self._kept
        source = RecordedPaperSource()
        source.put(*self.papers)
        gateway: Any = RecordingGateway(name=self.place.platform)
        return App(
            commands=all_commands,
            store=Store.open(self.database.url),
            paper_source=source,
            writer=ExtractiveWriter(now=self.fast.now),
            installation=InstallationInfo(secret=b"s" * 32),
            now=self.fast.now,
            platforms=(lambda _: gateway,),
        )
