"""SQLite file: private, still at its path, enough disk space; one lock timeout for all writers."""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from time import monotonic
from urllib.parse import quote

import pytest
from sqlalchemy.exc import OperationalError

from bot.errors import UserError
from bot.runtime.composition import open_store as start_store
from bot.settings import Settings
from bot.store import Store
from bot.store.database import sqlite_dialect, sqlite_file
from bot.store.database.engine import open_engines
from bot.store.database.migrate import migrate
from bot.store.database.sqlite_dialect import LOCK_TIMEOUT, SHORT_TIMEOUT, LockTimeout
from tests.stand_ins import fresh_sqlite, open_store
from tests.unloaded_clock import unloaded


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = open_store(fresh_sqlite(tmp_path / "club.db"))
    yield opened
    await opened.close()


def mode(folder: Path) -> dict[str, int]:
    return {file.name: file.stat().st_mode & 0o777 for file in folder.iterdir()}


async def test_new_files_are_readable_by_the_owner_only(tmp_path: Path) -> None:
    old = os.umask(0o022)
    try:
        migrate(f"sqlite:///{tmp_path}/data/club.db")
        store = open_store(f"sqlite:///{tmp_path}/data/club.db")
        await store.check()
        found = mode(tmp_path / "data")
        await store.close()
    finally:
        os.umask(old)
    assert found == dict.fromkeys(("club.db", "club.db-wal", "club.db-shm", "club.db.lock"), 0o600)


async def test_permissions_of_others_are_removed_at_the_start(tmp_path: Path) -> None:
    url = fresh_sqlite(tmp_path / "club.db")
    with closing(sqlite3.connect(tmp_path / "club.db")) as other:
        other.execute("INSERT INTO fact VALUES ('a', 'b')")
        other.commit()
        for name in ("club.db", "club.db-wal", "club.db-shm", "club.db.lock"):
            (tmp_path / name).touch()
            (tmp_path / name).chmod(0o664)
        store = open_store(url)
        assert set(mode(tmp_path).values()) == {0o600}
        await store.close()


def test_a_mode_that_cannot_be_changed_is_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "club.db"
    path.touch(0o644)

    def refused(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "chmod", refused)
    with caplog.at_level(logging.WARNING):
        os.close(sqlite_file.open_private(path))
    assert f"others on this machine can read {path}" in caplog.text


async def test_a_removed_or_replaced_file_is_noticed(store: Store, tmp_path: Path) -> None:
    await store.check()
    path = tmp_path / "club.db"
    path.rename(tmp_path / "away.db")
    with pytest.raises(UserError, match=r"The file club.db was removed .* what is saved now will be lost"):
        await store.check()
    path.write_bytes((tmp_path / "away.db").read_bytes())
    with pytest.raises(UserError, match="was replaced by another one"):
        await store.check()
    (tmp_path / "away.db").replace(path)
    await store.check()


async def test_a_path_may_contain_any_character(tmp_path: Path) -> None:
    path = tmp_path / "a b%20?#ü&mode=ro" / "club.db"
    path.parent.mkdir()
    fresh_sqlite(path)
    store = Store(open_engines(f"sqlite:///{quote(str(path))}"))
    await store.check()
    await store.close()


async def test_a_nearly_full_disk_is_reported_before_a_write_fails(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "MIN_FREE_BYTES", 1 << 62)
    with pytest.raises(UserError, match=r"The disk of club.db is full \(.* KB are free\)"):
        await store.check()


async def write(store: Store) -> tuple[float, float]:
    """Try to write. Returns the seconds until it failed, by the wall clock and by the unloaded one."""
    began, began_unloaded = monotonic(), unloaded()
    with pytest.raises(OperationalError, match="locked"):
        async with store.admin_session() as admin:
            await admin.facts.store("a", "b")
    return monotonic() - began, unloaded() - began_unloaded


async def test_all_writers_that_wait_for_a_lock_share_one_timeout(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_dialect, "LOCK_TIMEOUT", 1.5)
    monkeypatch.setattr(sqlite_dialect, "SHORT_TIMEOUT", 0.7)
    await store.check()
    with closing(sqlite3.connect(tmp_path / "club.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waited = await asyncio.gather(*(write(store) for _ in range(20)))
        assert min(seconds for seconds, _ in waited) >= 1.4
        assert max(seconds for _, seconds in waited) < 6.0, "not one after the other: that would be half a minute"
        assert (await write(store))[1] < 1.4, "others have just waited in vain"
        other.execute("ROLLBACK")
    await store.check()


def test_the_timeout_starts_at_the_request_and_is_short_after_others_timed_out() -> None:
    now = 100.0
    patience = LockTimeout(lambda: now)
    assert patience.deadline(99.0) == 99.0 + LOCK_TIMEOUT, "the time in the queue counts"
    while now < 100.0 + LOCK_TIMEOUT:
        patience.note_held()
        now += SHORT_TIMEOUT / 2
    assert patience.deadline(now) == now + SHORT_TIMEOUT
    assert patience.deadline(99.0) < now, "whoever has waited long enough tries once"
    now += 2 * SHORT_TIMEOUT
    assert patience.deadline(now) == now + LOCK_TIMEOUT, "nobody has looked since"
    patience.note_held()
    assert patience.deadline(now) == now + LOCK_TIMEOUT, "it may be another lock"
    patience.note_free()
    assert patience.deadline(now) == now + LOCK_TIMEOUT


async def test_another_program_that_looks_leaves_the_log_of_a_new_database_alone(tmp_path: Path) -> None:
    store = await start_store(Settings(data_dir=tmp_path))  # migrated while its connections are open
    try:
        look = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT * FROM club'); c.close()"
        await asyncio.to_thread(
            subprocess.run, [sys.executable, "-c", look, str(tmp_path / "journalclub.db")], check=True
        )
        assert (tmp_path / "journalclub.db-wal").exists()
        await store.check()
    finally:
        await store.close()
