"""One door to the database: `async with store.begin(club_id) as db`.

`begin` commits when its block ends and leaves no trace when the block raises; `read` may not write. Both see one
club. `house` sees all of them, and is for setup, identity, the schedule and the courier.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.util import greenlet_spawn

from bot.domain.models import Club
from bot.errors import UserError
from bot.store.admin.admin_session import AdminSession
from bot.store.admin.identity import Identity, identify
from bot.store.base.loop_wake_ups import LoopWakeUps
from bot.store.base.search_index import renew_some
from bot.store.base.search_rules import INDEX_VERSION
from bot.store.base.transaction import ClubRepository, Transaction, repository
from bot.store.base.wake_up import CHANNEL
from bot.store.database.database_errors import database_trouble
from bot.store.database.engine import Engines, open_engines
from bot.store.database.schema import Differences, check_schema, current
from bot.store.delivery.deliveries import Deliveries
from bot.store.delivery.discussions import Discussions
from bot.store.delivery.doubtful import DoubtfulPosts
from bot.store.delivery.rooms import Rooms
from bot.store.editions.contributions import EditionSuggestions, MemberQuotes
from bot.store.editions.editions import Editions
from bot.store.editions.published import Published
from bot.store.editions.quote_ledger import QuoteLedgers
from bot.store.editions.slots import Slots
from bot.store.editions.summaries import FullTexts, SpendingLog, Summaries
from bot.store.members.account_linking import AccountLinking
from bot.store.members.follows import Follows
from bot.store.members.members import Members, Roles
from bot.store.members.notifications import Notifications
from bot.store.members.one_time_codes import OneTimeCodes
from bot.store.members.personal_data import PersonalData
from bot.store.members.reading_list import ReadingList
from bot.store.members.saved_calls import SavedCalls
from bot.store.moderation.audit_log import AuditLog
from bot.store.moderation.picks import Picks
from bot.store.moderation.reports import ModerationQueue, Reports
from bot.store.papers.merging import SubmissionMerging
from bot.store.papers.papers import Papers
from bot.store.papers.search import PaperSearch
from bot.store.papers.submissions import Submissions
from bot.store.papers.topics import Topics
from bot.store.papers.votes import Votes

SCHEMA_FRESH = 60.0
"""Seconds for which what was found out about the tables holds, as long as the version stays the same."""


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
        self.wake_ups = LoopWakeUps()

    @classmethod
    def open(cls, url: str) -> Store:
        """Open the database behind a URL; raises UserError where another process has the SQLite file."""
        return cls(open_engines(url))

    @asynccontextmanager
    async def begin(self, club_id: int) -> AsyncIterator[UnitOfWork]:
        """A block that changes things in one club. Never await the network inside it."""
        async with Transaction(self._engines.writer, writes=True, committed=self.wake_ups.ring) as block:
            yield UnitOfWork(block, club_id)

    @asynccontextmanager
    async def read(self, club_id: int) -> AsyncIterator[UnitOfWork]:
        """A block that only asks. Does not wait for those who write."""
        async with Transaction(self._engines.reader) as block:
            yield UnitOfWork(block, club_id)

    @asynccontextmanager
    async def admin_session(self) -> AsyncIterator[AdminSession]:
        """A block that may change things in any club: for setup, identity, the schedule and the courier."""
        async with Transaction(self._engines.writer, writes=True, committed=self.wake_ups.ring) as block:
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
                await admin.facts.store("probe", "ok")
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
            if await admin.facts.value("lookups") == INDEX_VERSION:
                return
        last, more = 0, True
        while more:
            async with self._engines.writer.begin() as connection:
                last = await connection.run_sync(renew_some, last, 500)
            more = last > 0
        async with self.admin_session() as admin:
            await admin.facts.store("lookups", INDEX_VERSION)

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

    async def listen(self) -> None:
        """Ring this process's loops for what other processes commit, until cancelled; ends at once on SQLite."""
        url = self._engines.writer.url
        if url.get_backend_name() == "postgresql":
            from bot.store.database.listener import listen

            await listen(url, CHANNEL, self.wake_ups.ring, self.wake_ups.ring_all)

    async def close(self) -> None:
        """Close every connection."""
        await self._engines.dispose()
