"""Backups of a SQLite file, made while the program uses it, and put back."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from bot.errors import UserError
from bot.store.admin.restored_database import BACKED_UP_AT
from bot.store.database.engine import lock_file
from bot.store.database.migrate import migrate
from bot.store.database.schema_check import check_version
from bot.store.database.sqlite_copy import copy_pages
from bot.store.transfer.backup_files import sync, whole_file

LOCK_TIMEOUT = 60.0
"""Seconds for which a backup waits for a program that has locked the database."""
MARK = "INSERT INTO fact (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"


@dataclass(frozen=True, slots=True)
class BackupInfo:
    """Content of a backup."""

    version: str
    """The schema's version."""
    made_at: datetime
    clubs: int = 0
    papers: int = 0


def back_up_sqlite(source: Path, target: Path, made_at: datetime) -> BackupInfo:
    """Copy a database to a new file, as it is at one moment, while others write to it; what the copy holds.

    The copy is looked at before it gets its name, and marked, so that a program started on it posts nothing. Raises
    UserError where there is no database, or where the copy is not sound.
    """
    if not source.exists():
        raise UserError(f"There is no database at {source}.")
    with whole_file(target) as part:
        copy_sqlite(source, part)
        with closing(sqlite3.connect(part, isolation_level=None)) as copy:
            copy.execute("PRAGMA journal_mode=DELETE")  # one file that holds all of it
            if schema_version(copy):
                copy.execute(MARK, (BACKED_UP_AT, made_at.astimezone(UTC).isoformat()))
        return check_sqlite(part, name=source.name)


def copy_sqlite(source: Path, target: Path, *, within: float = LOCK_TIMEOUT) -> None:
    """Copy a database to a file, as it is at one moment, while others write to it. Raises sqlite3.Error: also if
    another program has locked it for so many seconds.
    """
    address = f"file:{quote(str(source.absolute()))}?mode=rw"
    with closing(sqlite3.connect(address, uri=True, timeout=0)) as live, closing(sqlite3.connect(target)) as copy:
        copy_pages(live, copy, within=within)


def check_sqlite(path: Path, name: str = "") -> BackupInfo:
    """Content of a SQLite file. Raises UserError if it is damaged or no database of Journal Club."""
    name = name or path.name
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True)) as database:
            if (found := database.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
                raise UserError(f"{name} is damaged: {str(found).splitlines()[0]}. Take another backup.")
            version = schema_version(database)
            if not version:
                raise UserError(f"{name} is no database of Journal Club.")
            made = database.execute("SELECT value FROM fact WHERE name = ?", (BACKED_UP_AT,)).fetchone()
            clubs = database.execute("SELECT count(*) FROM club").fetchone()[0]
            papers = database.execute("SELECT count(*) FROM paper").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise UserError(f"{name} cannot be read as a SQLite database ({error}). Take another backup.") from error
    # A copy that somebody made by other means has no mark: it is as old as the file.
    made_at = datetime.fromisoformat(made[0]) if made else datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return BackupInfo(version, made_at, clubs, papers)


def restore_sqlite(backup: Path, target: Path, now: datetime) -> Path | None:
    """Put a checked backup in the place of a database; where the replaced one is kept, None if there was none.

    Raises UserError, and changes nothing, where a program uses the database or the backup cannot be used.
    """
    info = check_sqlite(backup)
    check_version(info.version)
    target.parent.mkdir(parents=True, exist_ok=True)
    lock = lock_file(target)
    try:
        with whole_file(target) as part:
            shutil.copyfile(backup, part)
            with closing(sqlite3.connect(part, isolation_level=None)) as database:
                database.execute("PRAGMA journal_mode=DELETE")
                database.execute(MARK, (BACKED_UP_AT, info.made_at.isoformat()))
            _migrate(part)
            check_sqlite(part, name=backup.name)
            sync(part)
            return _set_aside(target, now)  # the new file takes the name when this block ends
    finally:
        lock.close()


def _migrate(part: Path) -> None:
    """Migrate a file to this program's schema, without the copy that is otherwise left beside it."""
    before = {*part.parent.glob("*.before-*.db"), *part.parent.glob(".*.before-*.db")}
    migrate(f"sqlite:///{part}")
    for copy in {*part.parent.glob("*.before-*.db"), *part.parent.glob(".*.before-*.db")} - before:
        copy.unlink()


def _set_aside(target: Path, now: datetime) -> Path | None:
    """Give the present file a second name, with the content of its write-ahead log."""
    if not target.exists():
        return None
    try:
        with closing(sqlite3.connect(target, timeout=5)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.DatabaseError:
        pass  # it is damaged: its parts are kept as they are
    kept = target.with_name(f"{target.stem}.replaced-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}{target.suffix}")
    os.link(target, kept)
    for beside in ("-wal", "-shm"):
        part = target.with_name(target.name + beside)
        if part.exists():
            part.replace(kept.with_name(kept.name + beside))
    return kept


def version_of_sqlite(path: Path) -> str:
    """Version of the schema of a file, without a check of its content; "" if it cannot be read."""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True)) as database:
            return schema_version(database)
    except sqlite3.Error:
        return ""


def schema_version(database: sqlite3.Connection) -> str:
    """Version of an open database's schema; empty if it is none of Journal Club."""
    there = database.execute("SELECT count(*) FROM sqlite_master WHERE name IN ('alembic_version', 'fact')").fetchone()
    if there[0] < 2:
        return ""
    row = database.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else ""
