"""Migration of a database to this program's schema: forward only, in one transaction."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy import create_engine, event, make_url, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError

import migrations
from bot.errors import UserError
from bot.store.database.database_errors import NO_RIGHT, database_trouble
from bot.store.database.engine import require_full_text_search
from bot.store.database.schema_check import (
    OLDEST_PROGRAM,
    actual_schema,
    check_version,
    current_version,
    differences,
    known_versions,
    oldest_program,
    schema_mismatch_error,
)
from bot.store.database.sqlite_file import make_private, open_private

ADVISORY_LOCK = 0x6A636C75
"""Key of PostgreSQL's advisory lock ("jclu"), so that programs that start together migrate one after the other."""


LOCK_TIMEOUT = 60
"""Seconds to wait for a SQLite file that another program is migrating."""


def migrate(url: str) -> str:
    """Upgrade the database to the newest schema. Returns the version before.

    A SQLite file is backed up beside itself first. A newer database that this program can use stays unchanged. Raises
    UserError, and changes nothing, if the database is too new or its tables are not those of its version.
    """
    with _open_connection(url) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        before = current_version(connection)
        newer = bool(before) and before not in known_versions()
        check_version(before, oldest_program(connection) if newer else "")
        if not newer and before != migrations.HEAD:
            _back_up(url, before)
            try:
                _upgrade(connection)
            except DBAPIError as error:
                if database_trouble(error) is NO_RIGHT:
                    raise UserError(
                        f"The database's user may not make tables ({str(error.orig).partition(chr(10))[0]}). As its "
                        "owner, run GRANT USAGE, CREATE ON SCHEMA public TO that user, and migrate again."
                    ) from error
                if _is_schema_error(error):
                    raise schema_mismatch_error(before, str(error.orig).partition("\n")[0]) from error
                raise
            connection.execute(text("DELETE FROM fact WHERE name = :name"), {"name": OLDEST_PROGRAM})
            connection.execute(
                text("INSERT INTO fact (name, value) VALUES (:name, :value)"),
                {"name": OLDEST_PROGRAM, "value": f"{migrations.HEAD} {migrations.OLDEST_PROGRAM}"},
            )
        if wrong := differences(actual_schema(connection)).describe_problems(newer=newer):
            raise schema_mismatch_error(before, wrong)
    return before


def _is_schema_error(error: DBAPIError) -> bool:
    """True for an error about a table or column that is missing or already exists."""
    code: int | None = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF == sqlite3.SQLITE_ERROR
    return str(getattr(error.orig, "sqlstate", "") or "").startswith("42")


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _back_up(url: str, version: str) -> None:
    """Copy a SQLite file, unless it is new. Raises UserError if there is no room for a copy."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not version or not parsed.database:
        return
    copy = Path(parsed.database).with_suffix(f".before-{migrations.HEAD}.db")
    try:
        copy.unlink(missing_ok=True)
        os.close(open_private(copy))
        with closing(sqlite3.connect(parsed.database)) as connection:
            connection.execute("VACUUM INTO ?", (str(copy),))
    except (OSError, sqlite3.Error) as error:
        with suppress(OSError):
            copy.unlink(missing_ok=True)
        raise UserError(
            f"The database could not be copied to {copy} before its upgrade ({error}), so nothing was changed. "
            "Make room for the copy, then start again."
        ) from error


@contextmanager
def _open_connection(url: str) -> Iterator[Connection]:
    engine = _engine(url)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def _engine(url: str) -> Engine:
    """A synchronous engine whose transactions include DDL, on SQLite too."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        require_full_text_search()
    else:
        return create_engine(parsed.set(drivername="postgresql+psycopg"))
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        make_private(Path(parsed.database))
    engine = create_engine(parsed.set(drivername="sqlite"), connect_args={"timeout": LOCK_TIMEOUT})

    @event.listens_for(engine, "connect")
    def connect(connection: object, record: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined] # the driver's own handling commits before DDL

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
