"""Fixtures for all tests: a database of each kind, and a club."""

from __future__ import annotations

import gc

gc.disable()  # until all tests are collected: looking for cycles takes a fifth of the time of the imports

import fcntl
import itertools
import logging
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import psycopg
import pytest
from hypothesis import settings

from bot.store.database.migrate import migrate
from bot.telemetry.logs import LIBRARY_LEVELS
from tests import run_limits
from tests.postgresql_server import running_server
from tests.stand_ins import Harness, fresh_sqlite, open_harness

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
NUMBERS = itertools.count(1 + 1_000_000 * int(WORKER.removeprefix("gw") or 0))
"""Numbers for names of databases, different in each worker, because all workers share one server."""

# The tests commit a hundred thousand times, and each commit waits for the disk: so they use a folder in memory if it
# is large enough (pytest reads this variable when it creates its first folder).
SHARED_MEMORY, MIN_FREE_BYTES = Path("/dev/shm"), 2 * 1024**3  # noqa: S108  pytest creates a private folder in it
IN_MEMORY = (
    os.access(SHARED_MEMORY, os.W_OK) and shutil.disk_usage(SHARED_MEMORY).free > MIN_FREE_BYTES and SHARED_MEMORY
)
if IN_MEMORY:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))


def interrupt(number: int, frame: FrameType | None) -> None:
    """End the tests at Ctrl-C, as Python's own handler does."""
    raise KeyboardInterrupt


# In place of Python's own handler of Ctrl-C, asyncio would install one for every test and fixture. Each time `signal`
# would write the whole club into an error that nobody sees, which took a thirtieth of the time.
signal.signal(signal.SIGINT, interrupt)

# `make test` uses the same examples each time, `make stress` searches for new ones. No example has a time limit: the
# machine may be busy, and tests/security/test_t09_growth.py compares processor time.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("wild", derandomize=False, deadline=None, print_blob=True)
settings.load_profile("same")


WAITING = ("tests/protocol/", "tests/upgrade/", "tests/test_run_limits.py")
"""Places whose tests mostly wait for a program that starts, or for a time limit."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spread the tests that wait evenly among those that compute, so that several workers keep each core busy.

    They are spread over the first nine tenths, so that no worker is left alone with a long one at the end.
    """
    groups: tuple[list[pytest.Item], list[pytest.Item]] = ([], [])
    for item in items:
        groups[item.nodeid.startswith(WAITING)].append(item)
    placed = [
        (share * place / len(group), item)
        for share, group in zip((1.0, 0.9), groups, strict=True)
        for place, item in enumerate(group)
    ]
    items[:] = [item for _, item in sorted(placed, key=lambda pair: pair[0])]


def pytest_configure(config: pytest.Config) -> None:
    """Limit what may hang. Collect cycles as usual in a process that collects no tests, but gives them to workers."""
    run_limits.register(config)
    if not WORKER and config.getoption("numprocesses", None):
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Collect cycles less often, and never among the modules, which stay: that took a tenth of the time."""
    gc.enable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Replace lone surrogates in captured output, which a worker cannot send to the terminal, by `?`."""
    report = yield
    report.sections = [(name, text.encode("utf-8", "replace").decode()) for name, text in report.sections]
    return report


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a real PostgreSQL server, started once for all workers and stopped by the last one.

    Its folder is not one of pytest's: those are closed to other users whenever another pytest starts, and the server
    runs as a user of its own.
    """
    mine = tmp_path_factory.getbasetemp()
    run = mine.parent if WORKER else mine
    folder = Path(
        IN_MEMORY or tempfile.gettempdir(), f"journalclub-pg-{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}"
    )
    ready = folder / "ready"
    with one_worker_at_a_time(run / "postgres.lock"):
        folder.mkdir(exist_ok=True)
        server = running_server(folder / "data")
        if not ready.exists():
            suit_tests(server.get_uri())
            migrate(create_database(server.get_uri(), "template_club"))
            ready.touch()
    yield server.get_uri()
    with one_worker_at_a_time(run / "postgres.lock"):
        server.cleanup()
        if not (folder / "data" / "postmaster.pid").exists():
            shutil.rmtree(folder)


@contextmanager
def one_worker_at_a_time(path: Path) -> Iterator[None]:
    """Hold a lock on a file that all workers of a run know."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def suit_tests(server: str) -> None:
    """Turn off the server's waiting for the disk, which tests do not need, and what it does by itself now and then:
    it changes plans, and so the order of rows that nobody asked to be sorted.
    """
    with psycopg.connect(server, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
        connection.execute("SELECT pg_reload_conf()")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a fresh, empty database: each test runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield fresh_sqlite(tmp_path / "store.db")
        return
    server: str = request.getfixturevalue("postgres")
    name = f"club_{next(NUMBERS)}"
    yield create_database(server, name, template="template_club")
    with psycopg.connect(
        server, autocommit=True
    ) as connection:  # each is 300 files, which take long to remove at the end
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def create_database(server: str, name: str, *, template: str = "template1") -> str:
    """Create a database on a server. Returns its URL."""
    with psycopg.connect(server, autocommit=True) as connection:
        # Copied file by file: through the log of changes it takes 49 ms of the server's processor, not 31.
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY".encode())
    return server.replace("/postgres?", f"/{name}?")


@pytest.fixture
async def club(tmp_path: Path) -> AsyncIterator[Harness]:
    """A club on SQLite with a recording gateway."""
    async with open_harness(tmp_path) as opened:
        yield opened


@pytest.fixture
def log_as_before() -> Iterator[None]:
    """Leave the log of the test run as it was, after a test that configures the log as a program does."""
    root = logging.root
    before = root.level, root.handlers[:], sys.excepthook, threading.excepthook
    levels = {name: logging.getLogger(name).level for name in LIBRARY_LEVELS}
    yield
    logging.captureWarnings(False)
    level, root.handlers[:], sys.excepthook, threading.excepthook = before
    root.setLevel(level)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
