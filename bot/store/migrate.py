"""Bringing a database to this program's schema: forward only, in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import create_engine, event, inspect, make_url, text
from sqlalchemy.engine import Connection, Engine

import migrations
from bot.errors import UserError
from bot.store.engine import need_full_text

LOCK = 0x6A636C75
"""PostgreSQL's advisory lock ("jclu"): two programs that start together migrate one after the other."""


def migrate(url: str) -> str:
    """Bring the database to the newest schema and say from which version it came.

    A backup of a SQLite file is left beside it first. Raises UserError where the database is newer than this program.
    """
    with _opened(url) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        before = current(connection)
        refuse_newer(before)
        if before != migrations.HEAD:
            _back_up(url, before)
            _upgrade(connection)
    return before


def refuse_newer(version: str) -> None:
    """Raise UserError where a database's version is none that this program knows."""
    if version and version not in versions():
        raise UserError(
            f"The database is at version {version}, which is newer than this program knows (it ends at "
            f"{migrations.HEAD}). Start the newer Journal Club, or restore the backup made before its upgrade."
        )


def versions() -> list[str]:
    """Every version this program knows, oldest first: the numbers that the migrations' files begin with."""
    folder = Path(migrations.__file__).parent / "versions"
    return sorted(file.name.partition("_")[0] for file in folder.glob("[0-9]*.py"))


def current(connection: Connection) -> str:
    """The version a database is at; empty for a new one."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


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
    engine = create_engine(parsed.set(drivername="sqlite"))

    @event.listens_for(engine, "connect")
    def connect(connection: object, record: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined] # the driver's own handling commits before DDL

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
