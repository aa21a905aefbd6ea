"""Database engines, configured so that no update is lost.

SQLite: one process and one writing connection, whose transactions begin IMMEDIATE; write-ahead log, foreign keys, and a
commit is acknowledged only once it is on the disk (synchronous=FULL). Readers cannot write. The driver's own
transaction handling is off, because it starts no transaction at a SELECT and so loses updates silently. Short queries
run on the event loop (`bot.store.database.sqlite_dialect`), lists and searches in threads. PostgreSQL: one pool; rows
that are read to be written are locked by the repositories.
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
from bot.store.database.connection_checks import keep_prepared, ping_after_rest
from bot.store.database.sqlite_dialect import DRIVER, InlineSqliteDialect, begin_immediate
from bot.store.database.sqlite_file import SqliteFile, open_private
from bot.store.database.sqlite_threads import READERS, THREADED_DRIVER

HIDE_PARAMETERS = {"hide_parameters": True}
"""Engine option that keeps statement parameters, which are members' texts, out of errors and logs."""


@dataclass(frozen=True, slots=True)
class Engines:
    """Engines by use: `writer` for changes, `reader` for queries of any length, `lookup` for short queries by key.

    On PostgreSQL the last two are the same engine.
    """

    writer: AsyncEngine
    reader: AsyncEngine
    lookup: AsyncEngine
    lock: IO[str] | None = None
    file: SqliteFile | None = None

    async def dispose(self) -> None:
        """Close all connections, and release the lock on the SQLite file."""
        for engine in {self.writer, self.reader, self.lookup}:
            await engine.dispose()
            if isinstance(engine.dialect, InlineSqliteDialect):
                engine.dialect.close()
        if self.lock:
            self.lock.close()


def open_engines(url: str, *, threads: bool = True) -> Engines:
    """Engines for a database URL (`sqlite:///file.db` or `postgresql://…`).

    `threads` decides where SQLite's long queries and commits run: in threads, so that they do not block the event loop,
    or on the loop, for a file whose disk is memory. PostgreSQL ignores it.

    Raises UserError if another process uses the SQLite file, or if SQLite is in memory or lacks full-text search.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed, threads)
    url_ = parsed.set(drivername="postgresql+psycopg")
    # None beyond the pool's size: each would be opened and closed at every use, which costs more than what it is for.
    shared: dict[str, Any] = {"max_overflow": 0, "pool_timeout": 60, "pool_use_lifo": True, **HIDE_PARAMETERS}
    writer = create_async_engine(url_, pool_size=12, **shared)
    # Each query sees what is committed by then, in a transaction too; without one it costs one round trip, not three.
    reader = create_async_engine(url_, pool_size=10, isolation_level="AUTOCOMMIT", **shared)
    for engine in (writer, reader):
        ping_after_rest(engine)
        keep_prepared(engine)
    return Engines(writer, reader, reader)


def open_reading_engines(url: str) -> Engines:
    """Engines that cannot write, for a database that another process may be using, a SQLite file too.

    Raises UserError if there is no such SQLite file.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        read_only = {"options": "-c default_transaction_read_only=on"}
        engine = create_async_engine(
            parsed.set(drivername="postgresql+psycopg"), connect_args=read_only, pool_pre_ping=True, **HIDE_PARAMETERS
        )
        return Engines(engine, engine, engine)
    path = Path(parsed.database or "")
    if not path.is_file():
        raise UserError(f"There is no database at {path}. `journalclub run` or `journalclub demo` makes one.")
    # A connection in this mode never removes the write-ahead log of the program that is running.
    file_url = parsed.set(database=f"file:{quote(str(path.absolute()))}", drivername="sqlite+aiosqlite")
    read_only_url = file_url.update_query_dict({"mode": "ro", "uri": "true"})
    engine = create_async_engine(read_only_url, pool_size=4, max_overflow=0, pool_timeout=60, **HIDE_PARAMETERS)
    _disable_driver_transactions(
        engine, lambda connection: connection.exec_driver_sql("BEGIN"), "busy_timeout=5000", "query_only=ON"
    )
    return Engines(engine, engine, engine)


def _sqlite(url: URL, threads: bool) -> Engines:
    if not url.database or url.database == ":memory:":
        raise UserError("SQLite needs a file: in memory, concurrent questions would undo each other.")
    require_full_text_search()
    path = Path(url.database)
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = lock_file(path)  # before the file is opened and closed: that lets go of a lock that this process has on it
    try:
        file = SqliteFile(path)
    except BaseException:
        lock.close()
        raise
    # Connections never create the file: an empty new one would hide that it was removed.
    file_url = url.set(database=f"file:{quote(str(path.absolute()))}").update_query_dict({"mode": "rw", "uri": "true"})
    inline_url = file_url.set(drivername=DRIVER)
    reader_url = file_url.set(drivername=THREADED_DRIVER) if threads else inline_url
    writer = create_async_engine(
        inline_url, pool_size=1, max_overflow=0, pool_timeout=60, commit_in_thread=threads, **HIDE_PARAMETERS
    )
    lookup = create_async_engine(inline_url, pool_size=2, max_overflow=0, pool_timeout=60, **HIDE_PARAMETERS)
    reader = create_async_engine(reader_url, pool_size=READERS, max_overflow=0, pool_timeout=60, **HIDE_PARAMETERS)
    _disable_driver_transactions(writer, begin_immediate, "busy_timeout=0", "synchronous=FULL", "secure_delete=ON")
    _disable_driver_transactions(
        reader, lambda connection: connection.exec_driver_sql("BEGIN"), "busy_timeout=5000", "query_only=ON"
    )
    _disable_driver_transactions(
        lookup, None, "busy_timeout=5000", "query_only=ON"
    )  # no explicit transaction: each statement is one
    return Engines(writer, reader, lookup, lock, file)


def require_full_text_search() -> None:
    """Raises UserError if this Python's SQLite lacks full-text search (FTS5), which the paper search needs."""
    with closing(sqlite3.connect(":memory:")) as connection:
        try:
            connection.execute("CREATE VIRTUAL TABLE probe USING fts5(entries)")
        except sqlite3.OperationalError as error:
            raise UserError(
                f"The SQLite of this Python ({sqlite3.sqlite_version}) cannot search texts ({error}). Use a Python "
                "whose SQLite has FTS5, as nearly all have, or PostgreSQL (JOURNALCLUB_DATABASE_URL)."
            ) from error


def lock_file(path: Path) -> IO[str]:
    """Lock the SQLite file for this process, because one process at a time may use it.

    Raises UserError if another process has locked it.
    """
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
    """Disable the driver's transaction handling, set the pragmas, and begin transactions with `begin`."""

    @event.listens_for(engine.sync_engine, "connect")
    def connect(connection: Any, record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "temp_store=MEMORY", *pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    if begin:
        event.listen(engine.sync_engine, "begin", begin)
