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

from bot.domain.models import Club, SavedCall
from bot.errors import UserError
from bot.store.alerts import Notifications
from bot.store.block import Transaction, ClubRepository, repository
from bot.store.codes import OneTimeCodes
from bot.store.curation import AuditLog, Picks, Reports, EditionSuggestions
from bot.store.database_errors import database_trouble
from bot.store.deliveries import Deliveries, Discussions
from bot.store.doubtful import DoubtfulPosts
from bot.store.editions import Editions, Slots, Summaries
from bot.store.engine import Engines, open_engines
from bot.store.entering import Identity, identify
from bot.store.following import Follows
from bot.store.house import AdminSession
from bot.store.ledger import QuoteLedgers
from bot.store.lookups import renew_some
from bot.store.merging import SubmissionMerging
from bot.store.papers import Papers
from bot.store.people import Members, Roles, Rooms
from bot.store.personal import PersonalData
from bot.store.published import Published
from bot.store.queue import ModerationQueue
from bot.store.reading import ReadingList
from bot.store.sayings import MemberQuotes
from bot.store.schema import Differences, check_schema, current
from bot.store.searching import PaperSearch
from bot.store.submissions import Submissions
from bot.store.texts import SpendingLog, FullTexts
from bot.store.topics import Topics
from bot.store.uniting import AccountLinking
from bot.store.votes import Votes
from bot.store.words import INDEX_VERSION

__all__ = ["AdminSession", "Store", "UnitOfWork"]


SCHEMA_FRESH = 60.0
"""Seconds for which what was found out about the tables holds, as long as the version stays the same."""

KEPT_FOR = timedelta(days=90)
"""How long a long button works, and what was typed is remembered: longer than anybody scrolls back."""


class SavedCalls(ClubRepository):
    """Calls too long for a button, and what was typed into a form that failed."""

    async def keep(self, kept: SavedCall) -> int:
        """Keep a call and give the number under which it is found again. Old ones are forgotten."""
        await self._session.execute(delete(SavedCall).where(SavedCall.club_id == self._club_id, SavedCall.at < kept.at - KEPT_FOR))
        kept.club_id = self._club_id
        self._session.add(kept)
        await self._session.flush()
        return kept.id

    async def get(self, kept_id: int) -> str | None:
        """A kept call of this club, as it would be typed."""
        return await self._session.scalar(select(SavedCall.call).where(SavedCall.club_id == self._club_id, SavedCall.id == kept_id))


class UnitOfWork(ClubRepository):
    """One club's shelves. Everything done inside one block commits together, or not at all."""

    members = repository(Members)
    roles = repository(Roles)
    codes = repository(OneTimeCodes)
    uniting = repository(AccountLinking)
    personal = repository(PersonalData)
    rooms = repository(Rooms)
    papers = repository(Papers)
    submissions = repository(Submissions)
    search = repository(PaperSearch)
    topics = repository(Topics)
    votes = repository(Votes)
    reading = repository(ReadingList)
    queue = repository(ModerationQueue)
    merging = repository(SubmissionMerging)
    picks = repository(Picks)
    acts = repository(AuditLog)
    reports = repository(Reports)
    sayings = repository(MemberQuotes)
    ledger = repository(QuoteLedgers)
    suggestions = repository(EditionSuggestions)
    editions = repository(Editions)
    summaries = repository(Summaries)
    texts = repository(FullTexts)
    spendings = repository(SpendingLog)
    published = repository(Published)
    slots = repository(Slots)
    deliveries = repository(Deliveries)
    doubtful = repository(DoubtfulPosts)
    discussions = repository(Discussions)
    following = repository(Follows)
    alerts = repository(Notifications)
    kept = repository(SavedCalls)

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
        async with Transaction(self._engines.writer, writes=True) as block:
            yield UnitOfWork(block, club_id)

    @asynccontextmanager
    async def read(self, club_id: int) -> AsyncIterator[UnitOfWork]:
        """A block that only asks. Does not wait for those who write."""
        async with Transaction(self._engines.reader) as block:
            yield UnitOfWork(block, club_id)

    @asynccontextmanager
    async def admin_session(self) -> AsyncIterator[AdminSession]:
        """A block that may change things in any club: for setup, identity, the schedule and the courier."""
        async with Transaction(self._engines.writer, writes=True) as block:
            yield AdminSession(block)

    @asynccontextmanager
    async def read_admin_session(self) -> AsyncIterator[AdminSession]:
        """A block that only asks about the whole house, and only for what is found at once."""
        async with Transaction(self._engines.glance) as block:
            yield AdminSession(block)

    async def identify(
        self, platform: str, workspace: str, person: str, roles: Sequence[str] = (), thread: str = ""
    ) -> Identity | None:
        """The club behind a platform's workspace, and who its member behind an account is there."""

        def asked() -> Identity | None:
            with self._engines.glance.sync_engine.connect() as connection:
                return identify(connection, platform, workspace, person, roles, thread)

        return await greenlet_spawn(asked)

    @property
    def alone(self) -> bool:
        """Whether no other process can be at work on this database: a SQLite file is held by one."""
        return self._engines.lock is not None

    async def check(self) -> None:
        """Prove that the database can be written to, and that what is written lasts.

        Raises UserError for what its operator must mend, and whatever else is wrong.
        """
        if self._engines.file:
            self._engines.file.check()
        try:
            async with self.admin_session() as admin:
                await admin.store_fact("probe", "ok")
        except SQLAlchemyError as error:
            if trouble := database_trouble(error):
                raise UserError(f"{trouble.title}.") from error
            raise

    async def analyze(self) -> None:
        """Have SQLite look how full its tables are, a few hundred rows of each, so that it takes the right indexes.

        Without that it reads a whole club for what it finds by key. PostgreSQL does this by itself.
        """
        if self._engines.writer.dialect.name == "sqlite":
            async with self._engines.writer.begin() as connection:
                await connection.run_sync(lambda sync: sync.exec_driver_sql("PRAGMA analysis_limit=400"))
                await connection.run_sync(lambda sync: sync.exec_driver_sql("ANALYZE"))

    async def rebuild_search_index(self) -> None:
        """Write down what papers are found by, unless a program with the same rule has done so for all of them."""
        async with self.read_admin_session() as admin:
            if await admin.cached_fact("lookups") == INDEX_VERSION:
                return
        last, more = 0, True
        while more:
            async with self._engines.writer.begin() as connection:
                last = await connection.run_sync(renew_some, last, 500)
            more = last > 0
        async with self.admin_session() as admin:
            await admin.store_fact("lookups", INDEX_VERSION)

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
