"""Copying one open SQLite database over another."""

from __future__ import annotations

import sqlite3
from time import monotonic

LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
PAUSE = 0.1
"""Seconds between two attempts."""


def copy_pages(source: sqlite3.Connection, target: sqlite3.Connection, *, within: float) -> None:
    """Copy all of a database in one step, so that the copy shows one moment; readers of a write-ahead log hold up no
    writer.

    Raises sqlite3.OperationalError if one of the two is still locked after so many seconds. sqlite3 alone tries for
    ever, and heeds no signal meanwhile: not Ctrl-C either.
    """
    deadline = monotonic() + within

    def look(status: int, remaining: int, total: int) -> None:
        if status & 0xFF in LOCKED and monotonic() >= deadline:
            raise sqlite3.OperationalError("database is locked")

    source.backup(target, progress=look, sleep=PAUSE)
