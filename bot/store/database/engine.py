"""Engines: how the two databases are opened so that no update is ever lost.

SQLite: one process, one writing connection whose transactions begin IMMEDIATE, write-ahead log, foreign keys on,
every commit on the disk before it is acknowledged (synchronous=FULL); readers are kept from writing. The default
mode of the driver starts no transaction at a SELECT and loses updates silently, so its own handling is off. What
is over at once runs on the event loop (`bot.store.database.sqlite_dialect`); lists and searches run in threads.
PostgreSQL: one pool; what is read to be written is locked by the repositories.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.errors import UserError
from bot.store.database.sqlite_dialect import DRIVER, InlineSqliteDialect, begin_immediate
from bot.store.database.sqlite_file import SqliteFile, open_private

HIDE_PARAMETERS = {"hide_parameters": True}
"""What people wrote stands in no error of the database, so in no log either."""


@dataclass(frozen=True, slots=True)
class Engines:
    """Where changes go, where questions of any length go, and where those go that are answered at once.

    On PostgreSQL they are the same pool.
    """

    writer: AsyncEngine
    reader: AsyncEngine
    glance: AsyncEngine
    lock: IO[str] | None = None
    file: SqliteFile | None = None

    async def dispose(self) -> None:
        """Close all connections and let another process have the file."""
        for engine in {self.writer, self.reader, self.glance}:
            await engine.dispose()
            if isinstance(engine.dialect, InlineSqliteDialect):
                engine.dialect.close()
        if self.lock:
            self.lock.close()


def open_engines(url: str) -> Engines:
    """Open the database behind `url` (`sqlite:///file.db` or `postgresql://…`).

    Raises UserError where another process already has the SQLite file.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed)
    engine = create_async_engine(
        parsed.set(drivername="postgresql+psycopg"),
        pool_size=10,
        max_overflow=10,
        pool_pre_ping=True,
        **HIDE_PARAMETERS,
    )
    return Engines(engine, engine, engine)


def _sqlite(url: URL) -> Engines:
    if not url.database or url.database == ":memory:":
        raise UserError("SQLite needs a file: in memory, concurrent questions would undo each other.")
    need_full_text()
    path = Path(url.database)
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = hold_file(path)  # before the file is opened and closed: that lets go of a lock that this process has on it
    try:
        file = SqliteFile(path)
    except BaseException:
        lock.close()
        raise
    # No connection makes a file: where ours was removed, an empty one in its place would hide that.
    there = url.set(database=f"file:{quote(str(path.absolute()))}").update_query_dict({"mode": "rw", "uri": "true"})
    here, threads = there.set(drivername=DRIVER), there.set(drivername="sqlite+aiosqlite")
    writer = create_async_engine(here, pool_size=1, max_overflow=0, pool_timeout=60, **HIDE_PARAMETERS)
    glance = create_async_engine(here, pool_size=2, max_overflow=0, pool_timeout=60, **HIDE_PARAMETERS)
    reader = create_async_engine(threads, pool_size=4, max_overflow=0, pool_timeout=60, **HIDE_PARAMETERS)
    _disable_driver_transactions(writer, begin_immediate, "busy_timeout=0", "synchronous=FULL")
    _disable_driver_transactions(
        reader, lambda connection: connection.exec_driver_sql("BEGIN"), "busy_timeout=5000", "query_only=ON"
    )
    _disable_driver_transactions(
        glance, None, "busy_timeout=5000", "query_only=ON"
    )  # each of its questions is a transaction of its own
    return Engines(writer, reader, glance, lock, file)


def need_full_text() -> None:
    """Raise UserError where this Python's SQLite was built without full text, by which papers are found."""
    with closing(sqlite3.connect(":memory:")) as memory:
        try:
            memory.execute("CREATE VIRTUAL TABLE probe USING fts5(entries)")
        except sqlite3.OperationalError as error:
            raise UserError(
                f"The SQLite of this Python ({sqlite3.sqlite_version}) cannot search texts ({error}). Use a Python "
                "whose SQLite has FTS5, as nearly all have, or PostgreSQL (JOURNALCLUB_DATABASE_URL)."
            ) from error


def hold_file(path: Path) -> IO[str]:
    """Hold the file for this process: two writers on one SQLite file are one too many."""
    import fcntl

    lock = os.fdopen(open_private(path.with_name(path.name + ".lock")), "r+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.seek(0)
        owner = lock.read().strip() or "unknown"
        lock.close()
        raise UserError(
            f"Another Journal Club (process {owner}) is using {path}. Stop it first, or move to PostgreSQL, "
            "which several processes may share (JOURNALCLUB_DATABASE_URL)."
        ) from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def _disable_driver_transactions(
    engine: AsyncEngine, begin: Callable[[Connection], object] | None, *pragmas: str
) -> None:
    """Take transactions out of the driver's hands."""

    @event.listens_for(engine.sync_engine, "connect")
    def connect(connection: Any, record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "temp_store=MEMORY", *pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    if begin:
        event.listen(engine.sync_engine, "begin", begin)
