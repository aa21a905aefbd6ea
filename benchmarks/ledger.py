"""One raw SQLite transaction, synced to disk: the work of the bare frameworks in place of a club."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path


@contextmanager
def ledger() -> Iterator[Callable[[str], None]]:
    """A function that stores a text in a database of its own."""
    with (
        tempfile.TemporaryDirectory(prefix="journalclub-") as folder,
        closing(sqlite3.connect(Path(folder, "votes.db"), isolation_level=None)) as connection,
    ):
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE vote (id INTEGER PRIMARY KEY, said TEXT)")

        def write(text: str) -> None:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO vote (said) VALUES (?)", (text,))
            connection.execute("COMMIT")

        yield write
