"""Bringing a database to this program's schema: forward only, in one transaction."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import create_engine, event, make_url, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError

import migrations
from bot.store.database.engine import need_full_text
from bot.store.database.schema import (
    OLDEST_PROGRAM,
    current,
    differences,
    not_as_released,
    oldest_program,
    real_schema,
    refuse_unknown,
    versions,
)
from bot.store.database.sqlite_file import make_private, open_private

LOCK = 0x6A636C75
"""PostgreSQL's advisory lock ("jclu"): two programs that start together migrate one after the other."""


WAIT_SECONDS = 60
"""Seconds for which a SQLite file is waited for that another program migrates."""


def migrate(url: str) -> str:
    """Bring the database to the newest schema and say from which version it came.

    A backup of a SQLite file is left beside it first. A newer database on which this program runs is left as it is.
    Raises UserError, and changes nothing, where the database cannot be brought to this program's schema: it is newer,
    or its tables are not those of the release that it says it is of.
    """
    with _opened(url) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        before = current(connection)
        newer = bool(before) and before not in versions()
        refuse_unknown(before, oldest_program(connection) if newer else "")
        if not newer and before != migrations.HEAD:
            _back_up(url, before)
            try:
                _upgrade(connection)
            except DBAPIError as error:
                if _is_about_tables(error):
                    raise not_as_released(before, str(error.orig).partition("\n")[0]) from error
                raise
            connection.execute(text("DELETE FROM fact WHERE name = :name"), {"name": OLDEST_PROGRAM})
            connection.execute(
                text("INSERT INTO fact (name, value) VALUES (:name, :value)"),
                {"name": OLDEST_PROGRAM, "value": f"{migrations.HEAD} {migrations.OLDEST_PROGRAM}"},
            )
        if wrong := differences(real_schema(connection)).described(newer=newer):
            raise not_as_released(before, wrong)
    return before


def _is_about_tables(error: DBAPIError) -> bool:
    """An error that says that a table or a column is missing, or there already."""
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
    """Leave a copy of a SQLite file that has something in it."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not version or not parsed.database:
        return
    copy = Path(parsed.database).with_suffix(f".before-{migrations.HEAD}.db")
    copy.unlink(missing_ok=True)
    os.close(open_private(copy))
    with closing(sqlite3.connect(parsed.database)) as connection:
        connection.execute("VACUUM INTO ?", (str(copy),))


@contextmanager
def _opened(url: str) -> Iterator[Connection]:
    engine = _engine(url)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def _engine(url: str) -> Engine:
    """A plain engine whose transactions also hold DDL, on SQLite too."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        need_full_text()
    else:
        return create_engine(parsed.set(drivername="postgresql+psycopg"))
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        make_private(Path(parsed.database))
    engine = create_engine(parsed.set(drivername="sqlite"), connect_args={"timeout": WAIT_SECONDS})

    @event.listens_for(engine, "connect")
    def connect(connection: object, record: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined] # the driver's own handling commits before DDL

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
