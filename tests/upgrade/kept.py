"""The databases of every release, unpacked to be upgraded, and what is compared before and after."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import Connection, create_engine, make_url

from bot.store.database.schema_check import OLDEST_PROGRAM, ActualSchema, actual_schema
from tests.upgrade.make_database import KEPT, POSTGRESQL, SQLITE

RELEASES = sorted((folder.name for folder in KEPT.iterdir()), key=lambda name: [int(part) for part in name.split(".")])

Rows = dict[str, list[str]]
"""Table → its rows in one spelling, in order."""


def unpack_sqlite(release: str, path: Path) -> str:
    """Put a release's SQLite file at a path; its URL."""
    path.write_bytes(gzip.decompress((KEPT / release / SQLITE).read_bytes()))
    return f"sqlite:///{path}"


def load_postgresql(release: str, url: str) -> str:
    """Load a release's dump into an empty PostgreSQL database; its URL."""
    with psycopg.connect(url) as connection:
        connection.execute(gzip.decompress((KEPT / release / POSTGRESQL).read_bytes()))
    return url


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """A plain connection, closed again with its engine."""
    driver = "postgresql+psycopg" if url.startswith("postgresql") else "sqlite"
    engine = create_engine(make_url(url).set(drivername=driver))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def schema(url: str) -> ActualSchema:
    """The tables and columns that a database has."""
    with connected(url) as connection:
        return actual_schema(connection)


def rows(url: str, columns: ActualSchema) -> Rows:
    """Every row of these tables, of these columns alone; what `migrate` says of the schema is left out."""
    found: Rows = {}
    with connected(url) as connection:
        for table, names in columns.items():
            listed = ", ".join(f'"{name}"' for name in sorted(names))
            lines = connection.exec_driver_sql(f'SELECT {listed} FROM "{table}"')  # noqa: S608  names of the schema
            found[table] = sorted(repr(tuple(line)) for line in lines if OLDEST_PROGRAM not in line)
    return found


def digest(found: Rows) -> dict[str, tuple[int, str]]:
    """Of each table how many rows there are, and their hash: short to compare, long rows do not fill the report."""
    return {
        table: (len(lines), hashlib.sha256("\n".join(lines).encode()).hexdigest()) for table, lines in found.items()
    }
