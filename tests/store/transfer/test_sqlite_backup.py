"""Backups of a SQLite file: whole whatever is written meanwhile, and put back without losing what was there."""

from __future__ import annotations

import resource
import signal
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread, Timer

import pytest

import migrations
from bot.errors import UserError
from bot.store.database.engine import lock_file
from bot.store.database.migrate import migrate
from bot.store.database.sqlite_copy import copy_pages
from bot.store.transfer import sqlite_backup
from bot.store.transfer.sqlite_backup import back_up_sqlite, check_sqlite, restore_sqlite
from tests.stand_ins import fresh_sqlite
from tests.upgrade.kept import unpack_sqlite

NOW = datetime(2026, 11, 29, 4, 0, tzinfo=UTC)


@pytest.fixture
def live(tmp_path: Path) -> Path:
    migrate(unpack_sqlite("0.1.0", tmp_path / "club.db"))
    return tmp_path / "club.db"


def names(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        return [row[0] for row in database.execute("SELECT name FROM club ORDER BY id")]


def test_a_backup_is_of_one_moment_while_others_write(tmp_path: Path) -> None:
    path = tmp_path / "busy.db"
    fresh_sqlite(path)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE pair (a INTEGER, b INTEGER)")
        database.execute("CREATE TABLE filler (x BLOB)")
        database.executemany("INSERT INTO filler VALUES (randomblob(2000))", [()] * 2000)
        database.commit()
    stop, begun = Event(), Event()

    def write() -> None:
        with closing(sqlite3.connect(path, timeout=30)) as database:
            number = 0
            while not stop.is_set():
                number += 1
                database.execute("INSERT INTO pair VALUES (?, NULL)", (number,))
                database.execute("UPDATE pair SET b = a WHERE a = ?", (number,))
                database.commit()
                if number == 20:
                    begun.set()

    writer = Thread(target=write)
    writer.start()
    try:
        assert begun.wait(30)
        for number in range(5):
            target = tmp_path / f"copy{number}.db"
            assert back_up_sqlite(path, target, NOW).made_at == NOW
            with closing(sqlite3.connect(target)) as copy:
                rows, whole, last = copy.execute("SELECT count(*), count(b), max(a) FROM pair").fetchone()
            assert rows == whole == last >= 20, "each transaction is in it whole, and none is missing before another"
    finally:
        stop.set()
        writer.join()


def test_a_backup_is_one_file_for_its_owner_alone(live: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    info = back_up_sqlite(live, folder / "copy.db", NOW)
    assert (info.version, info.clubs, info.papers) == (migrations.HEAD, 2, 7)
    assert [file.name for file in folder.iterdir()] == ["copy.db"]
    assert (folder / "copy.db").stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(live)) as database:
        assert database.execute("SELECT 1 FROM fact WHERE name = 'backup:made-at'").fetchone() is None, (
            "not the live one"
        )


def test_where_there_is_no_room_a_sentence_says_so_and_nothing_is_left(live: Path, tmp_path: Path) -> None:
    before, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, most))  # as on a disk with little room
        with pytest.raises(UserError, match=r"out/copy\.db was not written"):
            back_up_sqlite(live, tmp_path / "out" / "copy.db", NOW)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, most))
    assert list((tmp_path / "out").iterdir()) == []
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="was not written"):
        back_up_sqlite(live, tmp_path / "file" / "copy.db", NOW)


def test_a_damaged_or_strange_file_is_refused(live: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    back_up_sqlite(live, copy, NOW)
    content = bytearray(copy.read_bytes())
    for page in range(20, 60):
        content[page * 4096 : page * 4096 + 2000] = b"\xff" * 2000
    (tmp_path / "torn.db").write_bytes(content)
    (tmp_path / "text.db").write_text("no database at all, but text" * 100)
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE notes (x)")
    for name in ("torn.db", "text.db", "other.db"):
        with pytest.raises(UserError):
            restore_sqlite(tmp_path / name, live, NOW)
    assert names(live) == ["Wall club", "A club that was left"]
    assert list(tmp_path.glob("*replaced*")) == []


def test_a_newer_backup_is_refused(live: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    back_up_sqlite(live, copy, NOW)
    with closing(sqlite3.connect(copy)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    with pytest.raises(UserError, match="newer"):
        restore_sqlite(copy, live, NOW)


def test_a_program_at_work_keeps_a_restore_away(live: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    back_up_sqlite(live, copy, NOW)
    with lock_file(live), pytest.raises(UserError, match="Another Journal Club"):
        restore_sqlite(copy, live, NOW)


def test_a_restore_keeps_what_was_there_also_what_stood_in_its_log(live: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    back_up_sqlite(live, copy, NOW)
    writing = sqlite3.connect(live, isolation_level=None)
    writing.execute("PRAGMA journal_mode=WAL")
    writing.execute("PRAGMA wal_autocheckpoint=0")
    writing.execute("UPDATE club SET name = 'Renamed since' WHERE id = 1")
    assert Path(f"{live}-wal").stat().st_size > 0
    kept = restore_sqlite(copy, live, NOW)
    writing.close()
    assert kept is not None
    assert names(kept)[0] == "Renamed since"
    assert names(live)[0] == "Wall club"
    info = check_sqlite(live)
    assert info.made_at == NOW
    assert sorted(file.suffix for file in live.parent.glob("*.part*")) == []


def test_an_older_backup_is_migrated_before_it_is_put_in_place(tmp_path: Path) -> None:
    unpack_sqlite("0.1.0", tmp_path / "old.db")
    target = tmp_path / "data" / "club.db"
    assert restore_sqlite(tmp_path / "old.db", target, NOW) is None
    assert check_sqlite(target).version == migrations.HEAD
    assert sorted(file.name for file in target.parent.iterdir()) == ["club.db", "club.db.lock"]


def test_a_database_that_stays_locked_is_not_waited_for_without_end(
    live: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_backup.copy_sqlite, "__kwdefaults__", {"within": 0.0})
    with closing(sqlite3.connect(live, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode=DELETE")
        database.execute("BEGIN EXCLUSIVE")
        with pytest.raises(UserError, match="was not written: database is locked"):
            back_up_sqlite(live, tmp_path / "copy.db", NOW)
    assert [file.name for file in tmp_path.iterdir() if "copy" in file.name] == []


def test_an_interruption_ends_the_wait_for_a_database_that_is_locked(live: Path) -> None:
    before = signal.signal(signal.SIGUSR1, signal.default_int_handler)  # as Ctrl-C, which would end the tests too
    try:
        with (
            closing(sqlite3.connect(live, isolation_level=None)) as database,
            closing(sqlite3.connect(live, timeout=0)) as reader,
            closing(sqlite3.connect(":memory:")) as copy,
        ):
            database.execute("PRAGMA journal_mode=DELETE")
            database.execute("BEGIN EXCLUSIVE")
            with pytest.raises(KeyboardInterrupt):  # noqa: PT012  the signal may come at once
                Timer(0.2, signal.raise_signal, [signal.SIGUSR1]).start()
                copy_pages(reader, copy, within=60.0)
    finally:
        signal.signal(signal.SIGUSR1, before)
