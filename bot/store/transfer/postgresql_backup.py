"""Backups of a PostgreSQL database: `pg_dump`'s SQL, compressed, with our mark at its end; and put back.

The file is read by this program, not by `psql`: all of it is one transaction, in which the mark that keeps a restored
club from posting comes with the rows.
"""

from __future__ import annotations

import gzip
import re
import subprocess
import tempfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import psycopg
from psycopg import sql

from bot.chat.text import plural
from bot.errors import UserError
from bot.store.admin.restored_database import BACKED_UP_AT
from bot.store.database.migrate import ADVISORY_LOCK, migrate
from bot.store.database.schema_check import check_version
from bot.store.transfer.backup_files import whole_file
from bot.store.transfer.postgresql_tools import dump_command, find_pg_dump, plain, server_version
from bot.store.transfer.sqlite_backup import BackupInfo
from bot.telemetry.redaction import redact

HEAD = "-- Journal Club backup, schema {version}, made at {made_at}\n"
END = b"-- Journal Club backup, complete\n"
LEAVE_TIME = 3.0
"""Seconds for which a restore waits for connections of a program that has just stopped to end."""
MARK = (
    "INSERT INTO public.fact (name, value) VALUES ({}, {}) ON CONFLICT (name) DO UPDATE SET value = excluded.value;\n"
)

_HEAD = re.compile(r"-- Journal Club backup, schema (\w+), made at (\S+)\n")
_COPY = re.compile(rb"COPY .+ FROM stdin;\n")
_LEFT_OUT = (b"\\restrict", b"\\unrestrict", b"SET transaction_timeout", b"CREATE SCHEMA public", b"COMMENT ON SCHEMA")
"""Lines that are for `psql`, or that an older server does not know, or that make the schema that is there already."""


def back_up_postgresql(url: str, target: Path, made_at: datetime) -> BackupInfo:
    """Dump a database to a new file while others write to it; what the file holds.

    Raises UserError where `pg_dump` is missing or fails.
    """
    program = find_pg_dump(server_version(url))
    info = _look(url, made_at)
    words, environment = dump_command(program, url)
    mark = sql.SQL(MARK).format(BACKED_UP_AT, made_at.astimezone(UTC).isoformat())
    with whole_file(target) as part, tempfile.TemporaryFile() as errors:
        with gzip.open(part, "wb") as file:
            file.write(HEAD.format(version=info.version, made_at=made_at.astimezone(UTC).isoformat()).encode())
            with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=errors) as dump:  # noqa: S603  ours
                assert dump.stdout is not None
                while block := dump.stdout.read(1 << 20):
                    file.write(block)
            if dump.returncode != 0:
                errors.seek(0)
                said = redact(errors.read(2000).decode(errors="replace").strip().partition("\n")[0])
                raise UserError(f"pg_dump failed: {said}")
            file.write(mark.as_bytes() + END)
        check_postgresql(part, name=target.name)
    return info


def check_postgresql(path: Path, name: str = "") -> BackupInfo:
    """Content of a backup, which is read to its end. Raises UserError if it is damaged or not one of ours."""
    name = name or path.name
    try:
        with gzip.open(path, "rb") as file:
            head = _HEAD.fullmatch(file.readline(1000).decode("utf-8", "replace"))
            last = b""
            while block := file.read(1 << 20):
                last = (last + block)[-len(END) :]
    except (OSError, EOFError, zlib.error) as error:
        raise UserError(f"{name} is damaged ({error}). Take another backup.") from error
    if head is None:
        raise UserError(f"{name} is no backup that `journalclub backup` made of a PostgreSQL database.")
    if last != END:
        raise UserError(f"{name} is damaged: its end is missing. Take another backup.")
    return BackupInfo(head[1], datetime.fromisoformat(head[2]))


def version_of_postgresql(path: Path) -> str:
    """Version of the schema of a backup, from its first line; "" if it cannot be read."""
    try:
        with gzip.open(path, "rb") as file:
            head = _HEAD.fullmatch(file.readline(1000).decode("utf-8", "replace"))
    except (OSError, EOFError, zlib.error):
        return ""
    return head[1] if head else ""


def restore_postgresql(backup: Path, url: str, now: datetime) -> str:
    """Put a checked backup in the place of a database's tables; the schema in which the replaced ones are kept.

    It is empty where there were none. Raises UserError, and changes nothing, where another program is connected, or
    where the backup cannot be used.
    """
    info = check_postgresql(backup)
    check_version(info.version)
    with psycopg.connect(plain(url)) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (ADVISORY_LOCK,))
        if others := _sessions_that_stay(connection):
            raise UserError(
                f"{plural(others, 'other connection')} to this database found. Stop every Journal Club, and whatever "
                "else uses it, then restore."
            )
        kept = _set_aside(connection, now)
        with gzip.open(backup, "rb") as file:
            for step in _steps(file):
                if isinstance(step, bytes):
                    connection.execute(step)
                    continue
                command, rows = step
                with connection.cursor().copy(command) as copy:
                    for row in rows:
                        copy.write(row)
        connection.execute("RESET ALL")
    migrate(url)
    return kept


def _sessions_that_stay(connection: psycopg.Connection[Any]) -> int:
    """Number of other connections after `LEAVE_TIME`: those of a program that has just stopped end by themselves."""
    until = monotonic() + LEAVE_TIME
    while (others := other_sessions(connection)) and monotonic() < until:
        sleep(0.05)
        connection.execute("SELECT pg_stat_clear_snapshot()")
    return others


def other_sessions(connection: psycopg.Connection[Any]) -> int:
    """Number of other connections to the same database."""
    row = connection.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    ).fetchone()
    return int(row[0]) if row else 0


def _look(url: str, made_at: datetime) -> BackupInfo:
    try:
        with psycopg.connect(plain(url)) as connection:
            (version,) = connection.execute("SELECT version_num FROM public.alembic_version").fetchone() or ("",)
            clubs = connection.execute("SELECT count(*) FROM public.club").fetchone()
            papers = connection.execute("SELECT count(*) FROM public.paper").fetchone()
    except psycopg.errors.UndefinedTable as error:
        raise UserError("There are no tables of Journal Club in this database.") from error
    return BackupInfo(str(version), made_at, clubs[0] if clubs else 0, papers[0] if papers else 0)


def _set_aside(connection: psycopg.Connection[Any], now: datetime) -> str:
    """Rename the schema of the present tables, and make an empty one; the new name, empty where there was none."""
    there = connection.execute("SELECT to_regclass('public.club') IS NOT NULL").fetchone()
    kept = f"replaced_{now.astimezone(UTC):%Y%m%dt%H%M%Sz}"
    connection.execute(sql.SQL("ALTER SCHEMA public RENAME TO {}").format(sql.Identifier(kept)))
    connection.execute("CREATE SCHEMA public")
    if there and there[0]:
        return kept
    connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(kept)))
    return ""


def _steps(file: Any) -> Iterator[bytes | tuple[bytes, Iterator[bytes]]]:
    """The statements of a dump, adjacent ones together, and between them the rows of each table."""
    statements: list[bytes] = []
    for line in file:
        if _COPY.fullmatch(line):
            if statements:
                yield b"".join(statements)
            statements = []
            yield line.rstrip().removesuffix(b";"), _rows(file)
        elif not line.startswith(_LEFT_OUT):
            statements.append(line)
    yield b"".join(statements)


def _rows(file: Any) -> Iterator[bytes]:
    for line in file:
        if line == b"\\.\n":
            return
        yield line
