"""SQLite without the way to another thread and back, for questions that are over sooner than that.

aiosqlite hands each step of each statement to a thread: some 0.4 ms for what SQLite answers in 0.01 ms. Here
statements run where they are asked, on the event loop. What may have to wait does not hold it up: the write lock is
asked for again while somebody else has it, and a commit, which ends when the disk says so, is made in a thread. So
this is for short transactions on rows found by key; lists and searches belong to a reader with a thread of its own.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from time import monotonic
from typing import Any, ClassVar

import sqlalchemy
from sqlalchemy import URL, Pool
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlalchemy.util import await_only

DRIVER = "sqlite+nearby"
"""The name in a URL."""
LOCK_TIMEOUT, SHORT_TIMEOUT, RETRY_DELAY = 5.0, 1.0, 0.02
"""Seconds for which the write lock is waited for, for which it is where others did so in vain, between two tries."""


class InlineCursor(sqlite3.Cursor):
    """A cursor as SQLAlchemy's asyncio layer wants it: its rows are at hand, so that closing it awaits nothing."""

    server_side: ClassVar[bool] = False

    async def _async_soft_close(self) -> None: ...


class InlineConnection(sqlite3.Connection):
    """A connection that gives such cursors."""

    def cursor(self, factory: Any = InlineCursor) -> Any:
        """A new cursor."""
        return super().cursor(factory)


class InlineSqliteDialect(SQLiteDialect_pysqlite):
    """The standard library's sqlite3 under SQLAlchemy's asyncio layer."""

    driver = "nearby"
    is_async = True
    supports_statement_cache = True

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._waiting: Executor = ThreadPoolExecutor(1, "sqlite")
        self.patience = LockTimeout()

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:
        """A pool whose waiting does not stop the loop."""
        return AsyncAdaptedQueuePool

    def create_connect_args(self, url: URL) -> Any:
        """Connections of ours; they are used by one thread at a time, but not always by the same."""
        where, how = super().create_connect_args(url)
        return where, {**how, "factory": InlineConnection, "check_same_thread": False}

    def do_commit(self, dbapi_connection: Any) -> None:
        """Commit in a thread, and wait for the disk without holding up the loop."""
        self.run_in_thread(dbapi_connection.commit)

    def run_in_thread(self, step: Callable[[], object]) -> None:
        """Do something in a thread. It is over when this returns, also where the caller was cancelled meanwhile."""
        doing = asyncio.get_running_loop().run_in_executor(self._waiting, step)
        try:
            await_only(asyncio.shield(doing))
        except asyncio.CancelledError:
            await_only(asyncio.wait([doing]))
            raise

    def close(self) -> None:
        """Let the thread go."""
        self._waiting.shutdown(wait=False)


class LockTimeout:
    """How long writers wait for a lock that another program holds: all share one, however many there are.

    Each waits from the moment at which it asked, also while others are before it. Once others have waited in vain, the
    next one waits `SHORT` only, so that an answer of several steps fails in time.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._held_since = self._seen_held = float("-inf")

    def deadline(self, asked_at: float) -> float:
        """Until when a writer waits whose turn comes now, and that asked at a moment of the same clock."""
        now = self._clock()
        others_waited = self._seen_held - self._held_since >= LOCK_TIMEOUT - SHORT_TIMEOUT
        just_now = now - self._seen_held <= SHORT_TIMEOUT
        return min(asked_at + LOCK_TIMEOUT, now + SHORT_TIMEOUT) if others_waited and just_now else asked_at + LOCK_TIMEOUT

    def note_held(self) -> float:
        """Note that another program has the lock; what time it is."""
        now = self._clock()
        if now - self._seen_held > SHORT_TIMEOUT:
            self._held_since = now
        self._seen_held = now
        return now

    def note_free(self) -> None:
        """Note that the lock was to be had."""
        self._held_since = self._seen_held = float("-inf")


REQUESTED_AT = "asked_at"
"""Under which a connection knows when its block asked for it, by the monotonic clock."""


def begin_immediate(connection: sqlalchemy.Connection) -> None:
    """Take the write lock. Another program may have it for a moment (a backup, a shell): then it is asked for again.

    Raises OperationalError where it is not to be had within the patience that all writers share.
    """
    dialect = connection.dialect
    assert isinstance(dialect, InlineSqliteDialect)
    patience = dialect.patience
    until = patience.deadline(connection.info.pop(REQUESTED_AT, monotonic()))
    while True:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except OperationalError as error:
            if getattr(error.orig, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            if patience.note_held() >= until:
                raise
        else:
            patience.note_free()
            return
        await_only(asyncio.sleep(RETRY_DELAY))


registry.register("sqlite.nearby", __name__, "InlineSqliteDialect")
