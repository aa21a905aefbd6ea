"""SQLAlchemy dialect for queries of any length on SQLite: each runs in a thread, with the reading of its rows.

aiosqlite passes each step to a thread: the cursor, the statement, its rows and the end. Here a query is passed once,
which takes a quarter of the processor time for a short one.
"""

from __future__ import annotations

import asyncio
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy.dialects import registry
from sqlalchemy.util import await_only

from bot.store.database.sqlite_dialect import InlineConnection, InlineCursor, InlineSqliteDialect

THREADED_DRIVER = "sqlite+threaded"
"""Driver name in a database URL."""
READERS = 4
"""Queries that run at once."""
INTERRUPT_INTERVAL = 0.05
"""Seconds between two attempts to interrupt a query."""


class LoadedCursor(InlineCursor):
    """Cursor whose rows are read with its statement, if that was run by `load`."""

    _rows: deque[Any] | None = None

    def load(self, statement: str, parameters: Any) -> None:
        """Run a statement and read all its rows."""
        super().execute(statement, parameters)
        self._rows = deque(super().fetchall())

    def fetchone(self) -> Any:
        """The next row; None after the last."""
        if self._rows is None:
            return super().fetchone()
        return self._rows.popleft() if self._rows else None

    def fetchmany(self, size: int | None = 1) -> list[Any]:
        """The next rows, at most `size`."""
        if self._rows is None:
            return super().fetchmany(size)
        return [self._rows.popleft() for _ in range(min(size or 1, len(self._rows)))]

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        if self._rows is None:
            return super().fetchall()
        left = list(self._rows)
        self._rows.clear()
        return left


class LoadingConnection(InlineConnection):
    """Connection that creates `LoadedCursor`s."""

    def cursor(self, factory: Any = LoadedCursor) -> Any:
        """Create a cursor."""
        return super().cursor(factory)


class ThreadedSqliteDialect(InlineSqliteDialect):
    """The standard library's sqlite3, whose queries run in threads and end when they are cancelled."""

    driver = "threaded"
    supports_statement_cache = True

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._executor = ThreadPoolExecutor(READERS, "sqlite-reader")

    def create_connect_args(self, url: Any) -> Any:
        """Arguments for a `LoadingConnection`."""
        arguments, options = super().create_connect_args(url)
        return arguments, {**options, "factory": LoadingConnection}

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        """Run a statement in a thread. A cancellation interrupts it, and is raised when it has ended.

        A beginning waits for nothing, so it needs no thread.
        """
        if statement == "BEGIN":
            cursor.load(statement, parameters)
            return
        query = asyncio.get_running_loop().run_in_executor(self._executor, cursor.load, statement, parameters)
        try:
            await_only(asyncio.shield(query))
        except asyncio.CancelledError:
            while not query.done():  # its thread may not have begun it, and only what runs is interrupted
                cursor.connection.interrupt()
                await_only(asyncio.wait([query], timeout=INTERRUPT_INTERVAL))
            query.exception()
            raise


registry.register("sqlite.threaded", __name__, "ThreadedSqliteDialect")
