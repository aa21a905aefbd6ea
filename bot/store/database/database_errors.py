"""Database errors that need the operator, as a sentence for the member who asked."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.locale.current import mark_text

RETRY_ADVICE = mark_text("Please try again in a minute.")
REPORT_ADVICE = mark_text("Please tell whoever runs this program, and try again later.")


@dataclass(frozen=True, slots=True)
class DatabaseTrouble:
    """One kind of database problem: what happened, and what the member can do."""

    title: str
    advice: str


FULL = DatabaseTrouble(mark_text("My database’s disk is full"), REPORT_ADVICE)
READ_ONLY = DatabaseTrouble(mark_text("My database is read-only right now"), REPORT_ADVICE)
NO_RIGHT = DatabaseTrouble(mark_text("I have no permission to write to my database"), REPORT_ADVICE)
BUSY = DatabaseTrouble(mark_text("My database is busy"), RETRY_ADVICE)
UNREACHABLE = DatabaseTrouble(mark_text("My database cannot be reached"), RETRY_ADVICE)
DAMAGED = DatabaseTrouble(mark_text("The file of my database is damaged"), REPORT_ADVICE)

SQLITE = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_IOERR: UNREACHABLE,
    sqlite3.SQLITE_CANTOPEN: UNREACHABLE,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
}
"""Problem by SQLite's primary result code: https://sqlite.org/rescode.html."""

POSTGRESQL = {
    "53100": FULL,
    "25006": READ_ONLY,
    "42501": NO_RIGHT,
    "53": BUSY,
    "55P03": BUSY,
    "57P": UNREACHABLE,
    "08": UNREACHABLE,
}
"""Problem by the start of PostgreSQL's SQLSTATE; the longest match counts."""


def database_trouble(error: BaseException) -> DatabaseTrouble | None:
    """The problem behind an error; None if it is not a problem that the operator can fix."""
    if isinstance(error, PoolTimeout):
        return BUSY
    if not isinstance(error, DBAPIError):
        return None
    if (code := getattr(error.orig, "sqlite_errorcode", None)) is not None:
        return SQLITE.get(code & 0xFF)
    state: str | None = getattr(error.orig, "sqlstate", None)
    if state:
        return next((POSTGRESQL[state[:size]] for size in (5, 3, 2) if state[:size] in POSTGRESQL), None)
    return UNREACHABLE if error.connection_invalidated or _is_connection_failure(error.orig) else None


def logged_reason(error: BaseException) -> str:
    """The problem behind an error with the database's own first line, for the log; empty if it is no such problem."""
    trouble = database_trouble(error)
    detail = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
    return f"{trouble.title}: {detail}" if trouble else ""


def _is_connection_failure(error: BaseException | None) -> bool:
    """True for a failure without a server's answer: psycopg gives it no SQLSTATE."""
    return type(error).__module__.startswith("psycopg") and type(error).__name__ in (
        "OperationalError",
        "ConnectionTimeout",
    )
