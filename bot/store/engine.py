"""Engines: how the two databases are opened so that no update is ever lost.

SQLite: one process, one writing connection whose transactions begin IMMEDIATE, write-ahead log, foreign keys on,
every commit on the disk before it is acknowledged (synchronous=FULL); readers are kept from writing. The default
mode of the driver starts no transaction at a SELECT and loses updates silently, so its own handling is off.
PostgreSQL: one pool; what is read to be written is locked by the repositories.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from sqlalchemy import URL, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.errors import UserError


@dataclass(frozen=True, slots=True)
class Engines:
    """Where changes go and where questions go. On PostgreSQL both are the same pool."""

    writer: AsyncEngine
    reader: AsyncEngine
    lock: IO[str] | None = None

    async def dispose(self) -> None:
        """Close all connections and let another process have the file."""
        await self.writer.dispose()
        if self.reader is not self.writer:
            await self.reader.dispose()
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
        parsed.set(drivername="postgresql+psycopg"), pool_size=10, max_overflow=10, pool_pre_ping=True
    )
    return Engines(engine, engine)


def _sqlite(url: URL) -> Engines:
    if not url.database or url.database == ":memory:":
        raise UserError("SQLite needs a file: in memory, concurrent questions would undo each other.")
    path = Path(url.database)
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = _lock(path)
    url = url.set(drivername="sqlite+aiosqlite")
    writer = create_async_engine(url, pool_size=1, max_overflow=0, pool_timeout=60)
    reader = create_async_engine(url, pool_size=4, max_overflow=0, pool_timeout=60)
    _tame(writer, begin="BEGIN IMMEDIATE", pragmas=("synchronous=FULL",))
    _tame(reader, begin="BEGIN", pragmas=("query_only=ON",))
    return Engines(writer, reader, lock)


def _lock(path: Path) -> IO[str]:
    """Hold the file for this process: two writers on one SQLite file are one too many."""
    import fcntl

    lock = path.with_name(path.name + ".lock").open("a+")
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


def _tame(engine: AsyncEngine, *, begin: str, pragmas: tuple[str, ...]) -> None:
    """Take transactions out of the driver's hands."""

    @event.listens_for(engine.sync_engine, "connect")
    def connect(connection: Any, record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("busy_timeout=5000", "journal_mode=WAL", "foreign_keys=ON", "temp_store=MEMORY", *pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Any) -> None:
        connection.exec_driver_sql(begin)
