"""The databases of the trials, read while programs use them."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg

from benchmarks.databases import postgres
from bot.store.database.migrate import migrate


class Database:
    """A database that is asked by plain SQL, beside the programs that work on it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._postgres: Any = None

    @property
    def shared(self) -> bool:
        """True if several processes may use it."""
        return self.url.startswith("postgresql")

    @property
    def server(self) -> int:
        """Process id of a server on this machine, which it writes into its folder; 0 for SQLite."""
        if not self.shared:
            return 0
        folder = parse_qs(urlsplit(self.url).query)["host"][0]
        return int(Path(folder, "postmaster.pid").read_text().split()[0])

    def rows(self, sql: str, *values: object) -> Sequence[Any]:
        """Rows of a query with `?` for its values."""
        if self.shared:
            if self._postgres is None:
                self._postgres = psycopg.connect(self.url, autocommit=True)
            found: list[Any] = self._postgres.execute(sql.replace("?", "%s").encode(), values).fetchall()
            return found
        path = self.url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as connection:
            return connection.execute(sql, values).fetchall()

    def close(self) -> None:
        """Let go of the server."""
        if self._postgres is not None:
            self._postgres.close()


@contextmanager
def sqlite_in(folder: Path) -> Iterator[Database]:
    """A fresh SQLite file, gone when left."""
    path = folder / "club.db"
    url = f"sqlite:///{path}"
    migrate(url)
    yield Database(url)
    shutil.rmtree(folder / "club.db", ignore_errors=True)


@contextmanager
def postgres_server() -> Iterator[Database]:
    """A fresh PostgreSQL database that does not wait for the disk: programs are killed here, not the server."""
    with postgres() as url:
        with psycopg.connect(url, autocommit=True) as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
            connection.execute("SELECT pg_reload_conf()")
        database = Database(url)
        try:
            yield database
        finally:
            database.close()
