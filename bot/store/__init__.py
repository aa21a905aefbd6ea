"""One door to the database: `async with store.begin(club_id) as db`.

`begin` commits when its block ends and leaves no trace when the block raises; `read` may not write. Both see one
club. `house` sees all of them, and is for setup, identity, the schedule and the courier.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from time import monotonic

from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.util import greenlet_spawn

from bot.domain.models import Club, Kept
from bot.errors import UserError
from bot.store.alerts import Alerts
from bot.store.block import Block, Repository, shelf
from bot.store.codes import Codes
from bot.store.curation import Acts, Picks, Reports, Suggestions
from bot.store.database_errors import database_trouble
from bot.store.deliveries import Deliveries, Discussions
from bot.store.editions import Editions, Slots, Summaries
from bot.store.engine import Engines, open_engines
from bot.store.entering import Entry, enter
from bot.store.following import Following
from bot.store.house import House
from bot.store.ledger import Ledgers
from bot.store.lookups import renew_some
from bot.store.merging import Merging
from bot.store.papers import Papers
from bot.store.people import Members, Roles, Rooms
from bot.store.personal import Personal
from bot.store.published import Published
from bot.store.queue import Queue
from bot.store.reading import ReadingList
from bot.store.sayings import Sayings
from bot.store.schema import Differences, check_schema, current
from bot.store.searching import Searching
from bot.store.submissions import Submissions
from bot.store.texts import Spendings, Texts
from bot.store.topics import Topics
from bot.store.uniting import Uniting
from bot.store.votes import Votes
from bot.store.words import RULE

__all__ = ["House", "Store", "UnitOfWork"]


SCHEMA_FRESH = 60.0
"""Seconds for which what was found out about the tables holds, as long as the version stays the same."""

KEPT_FOR = timedelta(days=90)
"""How long a long button works, and what was typed is remembered: longer than anybody scrolls back."""


class KeptCalls(Repository):
    """Calls too long for a button, and what was typed into a form that failed."""

    async def keep(self, kept: Kept) -> int:
        """Keep a call and give the number under which it is found again. Old ones are forgotten."""
        await self._session.execute(delete(Kept).where(Kept.club_id == self._club_id, Kept.at < kept.at - KEPT_FOR))
        kept.club_id = self._club_id
        self._session.add(kept)
        await self._session.flush()
        return kept.id

    async def get(self, kept_id: int) -> str | None:
        """A kept call of this club, as it would be typed."""
        return await self._session.scalar(select(Kept.call).where(Kept.club_id == self._club_id, Kept.id == kept_id))


class UnitOfWork(Repository):
    """One club's shelves. Everything done inside one block commits together, or not at all."""

    members = shelf(Members)
    roles = shelf(Roles)
    codes = shelf(Codes)
    uniting = shelf(Uniting)
    personal = shelf(Personal)
    rooms = shelf(Rooms)
    papers = shelf(Papers)
    submissions = shelf(Submissions)
    search = shelf(Searching)
    topics = shelf(Topics)
    votes = shelf(Votes)
    reading = shelf(ReadingList)
    queue = shelf(Queue)
    merging = shelf(Merging)
    picks = shelf(Picks)
    acts = shelf(Acts)
    reports = shelf(Reports)
    sayings = shelf(Sayings)
    ledger = shelf(Ledgers)
    suggestions = shelf(Suggestions)
    editions = shelf(Editions)
    summaries = shelf(Summaries)
    texts = shelf(Texts)
    spendings = shelf(Spendings)
    published = shelf(Published)
    slots = shelf(Slots)
    deliveries = shelf(Deliveries)
    discussions = shelf(Discussions)
    following = shelf(Following)
    alerts = shelf(Alerts)
    kept = shelf(KeptCalls)

    async def club(self) -> Club:
        """The club itself."""
        return await self._session.get_one(Club, self._club_id)


class Store:
    """The database, behind questions with names."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self._schema: tuple[str, float, Differences] | None = None

    @classmethod
    def open(cls, url: str) -> Store:
        """Open the database behind a URL; raises UserError where another process has the SQLite file."""
        return cls(open_engines(url))

    @asynccontextmanager
    async def begin(self, club_id: int) -> AsyncIterator[UnitOfWork]:
        """A block that changes things in one club. Never await the network inside it."""
        async with Block(self._engines.writer, writes=True) as block:
            yield UnitOfWork(block, club_id)

    @asynccontextmanager
    async def read(self, club_id: int) -> AsyncIterator[UnitOfWork]:
        """A block that only asks. Does not wait for those who write."""
        async with Block(self._engines.reader) as block:
            yield UnitOfWork(block, club_id)

    @asynccontextmanager
    async def house(self) -> AsyncIterator[House]:
        """A block that may change things in any club: for setup, identity, the schedule and the courier."""
        async with Block(self._engines.writer, writes=True) as block:
            yield House(block)

    @asynccontextmanager
    async def look(self) -> AsyncIterator[House]:
        """A block that only asks about the whole house, and only for what is found at once."""
        async with Block(self._engines.glance) as block:
            yield House(block)

    async def enter(
        self, platform: str, workspace: str, person: str, roles: Sequence[str] = (), thread: str = ""
    ) -> Entry | None:
        """The club behind a platform's workspace, and who its member behind an account is there."""

        def asked() -> Entry | None:
            with self._engines.glance.sync_engine.connect() as connection:
                return enter(connection, platform, workspace, person, roles, thread)

        return await greenlet_spawn(asked)

    async def check(self) -> None:
        """Prove that the database can be written to, and that what is written lasts.

        Raises UserError for what its operator must mend, and whatever else is wrong.
        """
        if self._engines.file:
            self._engines.file.check()
        try:
            async with self.house() as house:
                await house.remember("probe", "ok")
        except SQLAlchemyError as error:
            if trouble := database_trouble(error):
                raise UserError(f"{trouble.title}.") from error
            raise

    async def take_stock(self) -> None:
        """Have SQLite look how full its tables are, a few hundred rows of each, so that it takes the right indexes.

        Without that it reads a whole club for what it finds by key. PostgreSQL does this by itself.
        """
        if self._engines.writer.dialect.name == "sqlite":
            async with self._engines.writer.begin() as connection:
                await connection.run_sync(lambda sync: sync.exec_driver_sql("PRAGMA analysis_limit=400"))
                await connection.run_sync(lambda sync: sync.exec_driver_sql("ANALYZE"))

    async def catch_up(self) -> None:
        """Write down what papers are found by, unless a program with the same rule has done so for all of them."""
        async with self.look() as house:
            if await house.recall("lookups") == RULE:
                return
        last, more = 0, True
        while more:
            async with self._engines.writer.begin() as connection:
                last = await connection.run_sync(renew_some, last, 500)
            more = last > 0
        async with self.house() as house:
            await house.remember("lookups", RULE)

    async def version(self) -> str:
        """The schema version the database is at; empty for a new one. Raises if it cannot be asked."""
        async with self._engines.reader.connect() as connection:
            return await connection.run_sync(current)

    async def check_schema(self) -> Differences:
        """Hold the database's tables against the models, and say what it has more; looked up once a minute at most.

        Raises UserError, with the way out, where this program cannot run on them.
        """
        version = await self.version()
        if self._schema is None or self._schema[:1] != (version,) or monotonic() - self._schema[1] > SCHEMA_FRESH:
            self._schema = None
            async with self._engines.reader.connect() as connection:
                self._schema = (version, monotonic(), await connection.run_sync(check_schema))
        return self._schema[2]

    async def close(self) -> None:
        """Close every connection."""
        await self._engines.dispose()
