"""The store and its sessions: `async with store.begin(club_id) as db`.

`begin` commits when its block ends and rolls back when it raises; `read` cannot write. Both see one club.
`admin_session` sees all clubs, for setup, identity, the scheduler and the workers.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from time import monotonic

from sqlalchemy import Connection, inspect
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.util import greenlet_spawn

from bot.domain.models import Club
from bot.errors import UserError
from bot.store.admin.admin_session import AdminSession
from bot.store.admin.identity import Identity, identify
from bot.store.admin.outages import Outages
from bot.store.ballots.ballots import Ballots
from bot.store.base.commit_listeners import CommitListeners
from bot.store.base.search_index import reindex_batch
from bot.store.base.search_rules import INDEX_VERSION
from bot.store.base.task_triggers import CHANNEL
from bot.store.base.transaction import ClubRepository, Transaction, repository
from bot.store.database.database_errors import database_trouble
from bot.store.database.engine import Engines, open_engines, open_reading_engines
from bot.store.database.schema_check import Differences, check_schema, current_version
from bot.store.delivery.deliveries import Deliveries
from bot.store.delivery.discussions import Discussions
from bot.store.delivery.restored_posts import RestoredPosts
from bot.store.delivery.rooms import Rooms
from bot.store.delivery.unknown_outcomes import UnknownOutcomes
from bot.store.editions.editions import Editions
from bot.store.editions.figures import StoredFigures
from bot.store.editions.published import Published
from bot.store.editions.quote_ledger import QuoteLedgers
from bot.store.editions.slots import Slots
from bot.store.editions.suggestions_and_quotes import EditionSuggestions, MemberQuotes
from bot.store.editions.summaries import FullTexts, SpendingLog, Summaries
from bot.store.meetings.calendar_feeds import CalendarFeeds
from bot.store.meetings.meeting_events import MeetingEvents
from bot.store.meetings.meeting_notifications import MeetingNotifications
from bot.store.meetings.meeting_questions import MeetingQuestions
from bot.store.meetings.meetings import Meetings
from bot.store.meetings.presenters import PresenterOffers
from bot.store.meetings.responses import MeetingResponses
from bot.store.meetings.search import MeetingSearch
from bot.store.members.account_linking import AccountLinking
from bot.store.members.activity import MemberActivity
from bot.store.members.follows import Follows
from bot.store.members.members import Members, Roles
from bot.store.members.one_time_codes import OneTimeCodes
from bot.store.members.pending_notifications import PendingNotifications
from bot.store.members.personal_data import PersonalData
from bot.store.members.reading_list import ReadingList
from bot.store.members.recommendations import Recommendations
from bot.store.members.restricted_accounts import RestrictedAccounts
from bot.store.members.saved_calls import SavedCalls
from bot.store.moderation.audit_log import AuditLog
from bot.store.moderation.measures import MemberMeasures
from bot.store.moderation.picks import Picks
from bot.store.moderation.reports import ModerationQueue, Reports
from bot.store.papers.card_reactions import CardReactions
from bot.store.papers.merging import SubmissionMerging
from bot.store.papers.paper_questions import PaperQuestions
from bot.store.papers.papers import Papers
from bot.store.papers.reading_history import ReadingHistory
from bot.store.papers.search import PaperSearch
from bot.store.papers.similar import SimilarPapers
from bot.store.papers.submissions import Submissions
from bot.store.papers.topics import Topics
from bot.store.papers.vote_queries import VoteQueries
from bot.store.papers.vote_review import VoteReview
from bot.store.papers.votes import Votes
from bot.store.stream.entries import StreamEntries
from bot.store.stream.search import StreamSearch
from bot.store.stream.shortlists import Shortlists
from bot.store.stream.sources import ClubSources

SCHEMA_CHECK_INTERVAL = 60.0
"""Seconds for which a schema check stays valid, if the version is the same."""


class UnitOfWork(ClubRepository):
    """Repositories of one club in one transaction: all changes are committed together, or none."""

    members = repository(Members)
    roles = repository(Roles)
    codes = repository(OneTimeCodes)
    account_linking = repository(AccountLinking)
    personal_data = repository(PersonalData)
    activity = repository(MemberActivity)
    restricted_accounts = repository(RestrictedAccounts)
    rooms = repository(Rooms)
    papers = repository(Papers)
    submissions = repository(Submissions)
    reading_history = repository(ReadingHistory)
    search = repository(PaperSearch)
    similar = repository(SimilarPapers)
    topics = repository(Topics)
    votes = repository(Votes)
    vote_queries = repository(VoteQueries)
    card_reactions = repository(CardReactions)
    ballots = repository(Ballots)
    paper_questions = repository(PaperQuestions)
    vote_review = repository(VoteReview)
    reading_list = repository(ReadingList)
    moderation_queue = repository(ModerationQueue)
    merging = repository(SubmissionMerging)
    picks = repository(Picks)
    audit_log = repository(AuditLog)
    reports = repository(Reports)
    member_measures = repository(MemberMeasures)
    member_quotes = repository(MemberQuotes)
    quote_ledger = repository(QuoteLedgers)
    figures = repository(StoredFigures)
    suggestions = repository(EditionSuggestions)
    editions = repository(Editions)
    summaries = repository(Summaries)
    full_texts = repository(FullTexts)
    spending_log = repository(SpendingLog)
    published = repository(Published)
    slots = repository(Slots)
    deliveries = repository(Deliveries)
    unknown_outcomes = repository(UnknownOutcomes)
    outages = repository(Outages)
    restored = repository(RestoredPosts)
    discussions = repository(Discussions)
    follows = repository(Follows)
    pending_notifications = repository(PendingNotifications)
    recommendations = repository(Recommendations)
    saved_calls = repository(SavedCalls)
    meetings = repository(Meetings)
    meeting_search = repository(MeetingSearch)
    meeting_responses = repository(MeetingResponses)
    meeting_notifications = repository(MeetingNotifications)
    calendar_feeds = repository(CalendarFeeds)
    meeting_events = repository(MeetingEvents)
    meeting_questions = repository(MeetingQuestions)
    presenter_offers = repository(PresenterOffers)
    sources = repository(ClubSources)
    stream = repository(StreamEntries)
    stream_search = repository(StreamSearch)
    shortlists = repository(Shortlists)

    _club: Club | None = None

    async def club(self) -> Club:
        """The club itself, read once in a transaction, and again where all that was read has expired."""
        if self._club is None or inspect(self._club).expired:
            self._club = await self._session.get_one(Club, self._club_id)
        return self._club


class Store:
    """Session factory of the database."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self._schema: tuple[str, float, Differences] | None = None
        self.commit_listeners = CommitListeners()

    @classmethod
    def open(cls, url: str) -> Store:
        """Open the database behind a URL. Raises UserError if another process uses the SQLite file."""
        return cls(open_engines(url))

    @classmethod
    def open_for_reading(cls, url: str) -> Store:
        """Open the database so that it can only be read, also while another process uses it."""
        return cls(open_reading_engines(url))

    @asynccontextmanager
    async def begin(self, club_id: int) -> AsyncIterator[UnitOfWork]:
        """Transaction that may change one club's data. Never await the network inside it."""
        async with Transaction(
            self._engines.writer, writes=True, committed=self.commit_listeners.notify
        ) as transaction:
            yield UnitOfWork(transaction, club_id)

    @asynccontextmanager
    async def read(self, club_id: int) -> AsyncIterator[UnitOfWork]:
        """Read-only transaction on one club's data. Does not wait for writers."""
        async with Transaction(self._engines.reader) as transaction:
            yield UnitOfWork(transaction, club_id)

    @asynccontextmanager
    async def admin_session(self) -> AsyncIterator[AdminSession]:
        """Transaction that may change any club's data, for setup, identity, the scheduler and the workers."""
        async with Transaction(
            self._engines.writer, writes=True, committed=self.commit_listeners.notify
        ) as transaction:
            yield AdminSession(transaction)

    @asynccontextmanager
    async def read_admin_session(self) -> AsyncIterator[AdminSession]:
        """Read-only transaction over all clubs, for short queries by key."""
        async with Transaction(self._engines.lookup) as transaction:
            yield AdminSession(transaction)

    async def identify(
        self, platform: str, workspace: str, person: str, roles: Sequence[str] = (), thread: str = ""
    ) -> Identity | None:
        """Club of a platform's workspace, and the member of an account; None if the workspace has no club."""

        def run() -> Identity | None:
            with self._engines.lookup.sync_engine.connect() as connection:
                return identify(connection, platform, workspace, person, roles, thread)

        return await greenlet_spawn(run)

    @property
    def is_exclusive(self) -> bool:
        """True if no other process can use this database: a SQLite file is locked by one process."""
        return self._engines.lock is not None

    async def check(self) -> None:
        """Verify that the database can be written to, and that the SQLite file is still in place.

        Raises UserError for a problem that the operator must fix, and SQLAlchemyError for others.
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
        """Update SQLite's table statistics from a few hundred rows of each, so that it chooses the right indexes.

        Without them it reads all rows of a club for a query by key. PostgreSQL needs no such call.
        """
        if self._engines.writer.dialect.name == "sqlite":
            async with self._engines.writer.begin() as connection:
                await connection.run_sync(lambda sync: sync.exec_driver_sql("PRAGMA analysis_limit=400"))
                await connection.run_sync(lambda sync: sync.exec_driver_sql("ANALYZE"))

    async def erase_deleted(self) -> None:
        """Write SQLite's log into the file and empty it, so that no deleted text remains in it.

        The file's own pages are overwritten when rows are deleted. Nothing happens while a reader uses the log: then
        the next checkpoint does it. PostgreSQL overwrites by itself, at its next vacuum.
        """
        if self._engines.writer.dialect.name == "sqlite":
            async with self._engines.writer.connect() as connection:
                await connection.run_sync(_empty_log)

    async def rebuild_search_index(self) -> None:
        """Reindex all submissions, unless the stored index has the current `INDEX_VERSION`."""
        async with self.read_admin_session() as admin:
            if await admin.facts.value("lookups") == INDEX_VERSION:
                return
        last, more = 0, True
        while more:
            async with self._engines.writer.begin() as connection:
                last = await connection.run_sync(reindex_batch, last, 500)
            more = last > 0
        async with self.admin_session() as admin:
            await admin.facts.store("lookups", INDEX_VERSION)

    async def version(self) -> str:
        """Schema version of the database; empty for a new one. Raises SQLAlchemyError if it cannot be read."""
        async with self._engines.reader.connect() as connection:
            return await connection.run_sync(current_version)

    async def check_schema(self) -> Differences:
        """Compare the tables with the models and return what they have in addition; at most once a minute.

        Raises UserError, with a way out, if this program cannot run on them.
        """
        version = await self.version()
        if self._schema is None or self._schema[0] != version or monotonic() - self._schema[1] > SCHEMA_CHECK_INTERVAL:
            self._schema = None
            async with self._engines.reader.connect() as connection:
                self._schema = (version, monotonic(), await connection.run_sync(check_schema))
        return self._schema[2]

    async def listen(self) -> None:
        """Wake this process's workers when other processes commit, until cancelled; returns at once on SQLite."""
        url = self._engines.writer.url
        if url.get_backend_name() == "postgresql":  # the driver is loaded only for it
            from bot.store.database.listener import listen

            await listen(url, CHANNEL, self.commit_listeners.notify, self.commit_listeners.notify_all)

    async def close(self) -> None:
        """Close every connection."""
        await self._engines.dispose()


def _empty_log(connection: Connection) -> None:
    """Checkpoint outside a transaction, which SQLite demands."""
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
