"""Backups of a PostgreSQL database by `pg_dump`, put back in one transaction."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

import migrations
from bot.errors import UserError
from bot.store.database.migrate import migrate
from bot.store.transfer import postgresql_tools
from bot.store.transfer.canonical_rows import TableDigest, copied_tables, digest
from bot.store.transfer.postgresql_backup import back_up_postgresql, check_postgresql, restore_postgresql
from bot.store.transfer.postgresql_tools import dump_command, find_pg_dump, server_version
from tests.conftest import NUMBERS, create_database
from tests.upgrade.kept import connected, load_postgresql

NOW = datetime(2026, 11, 29, 4, 0, tzinfo=UTC)


@pytest.fixture
def live(postgres: str) -> str:
    url = load_postgresql("0.1.0", create_database(postgres, f"backup_{next(NUMBERS)}"))
    migrate(url)
    return url


def digests(url: str) -> list[TableDigest]:
    with connected(url) as connection:
        return [digest(connection, table) for table in copied_tables()]


def test_what_was_backed_up_comes_back_and_what_was_there_is_kept(live: str, tmp_path: Path) -> None:
    before = digests(live)
    backup = tmp_path / "out" / "copy.sql.gz"
    info = back_up_postgresql(live, backup, NOW)
    assert (info.version, info.clubs, info.papers) == (migrations.HEAD, 2, 7)
    assert backup.stat().st_mode & 0o777 == 0o600
    assert check_postgresql(backup).made_at == NOW
    with psycopg.connect(live) as connection:
        connection.execute("UPDATE club SET name = 'Renamed since' WHERE id = 1")
    kept = restore_postgresql(backup, live, NOW)
    assert digests(live) == before
    with psycopg.connect(live) as connection:
        assert connection.execute(f"SELECT name FROM {kept}.club WHERE id = 1").fetchone() == ("Renamed since",)  # noqa: S608
        assert connection.execute("SELECT value FROM fact WHERE name = 'backup:made-at'").fetchone() == (
            NOW.isoformat(),
        )
    back_up_postgresql(live, backup, NOW)
    assert check_postgresql(backup).version == migrations.HEAD, "a restored database can be backed up again"
    assert restore_postgresql(backup, live, datetime(2026, 11, 30, tzinfo=UTC)) != kept
    assert digests(live) == before


def test_another_connection_keeps_a_restore_away(live: str, tmp_path: Path) -> None:
    back_up_postgresql(live, tmp_path / "copy.sql.gz", NOW)
    before = digests(live)
    with psycopg.connect(live), pytest.raises(UserError, match="1 other connection to"):
        restore_postgresql(tmp_path / "copy.sql.gz", live, NOW)
    assert digests(live) == before


def test_a_file_that_ends_early_or_is_torn_is_refused(live: str, tmp_path: Path) -> None:
    whole = tmp_path / "copy.sql.gz"
    back_up_postgresql(live, whole, NOW)
    text = gzip.decompress(whole.read_bytes())
    (tmp_path / "early.sql.gz").write_bytes(gzip.compress(text[: len(text) // 2]))
    (tmp_path / "torn.sql.gz").write_bytes(whole.read_bytes()[:-500])
    (tmp_path / "other.sql.gz").write_bytes(gzip.compress(b"SELECT 1;\n"))
    before = digests(live)
    for name in ("early", "torn", "other"):
        with pytest.raises(UserError):
            restore_postgresql(tmp_path / f"{name}.sql.gz", live, NOW)
    assert digests(live) == before


def test_a_statement_that_fails_leaves_what_was_there(live: str, tmp_path: Path) -> None:
    backup = tmp_path / "copy.sql.gz"
    back_up_postgresql(live, backup, NOW)
    broken = gzip.decompress(backup.read_bytes()).replace(b"INSERT INTO public.fact", b"INSERT INTO public.fakt")
    backup.write_bytes(gzip.compress(broken))
    before = digests(live)
    with pytest.raises(psycopg.errors.UndefinedTable):
        restore_postgresql(backup, live, NOW)
    assert digests(live) == before


def test_without_a_fitting_pg_dump_the_way_out_is_told(
    live: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find_pg_dump(server_version(live)).name == "pg_dump"
    with pytest.raises(UserError, match="copy --to sqlite"):
        find_pg_dump(99)
    monkeypatch.setattr(postgresql_tools, "_candidates", lambda: iter(()))
    with pytest.raises(UserError, match=r"pg_dump was not found.*copy --to sqlite"):
        back_up_postgresql(live, tmp_path / "copy.sql.gz", NOW)
    assert list(tmp_path.glob("*")) == []


def test_the_password_is_not_among_the_words_of_the_command() -> None:
    words, environment = dump_command(Path("pg_dump"), "postgresql+psycopg://club:s3cret@db.example:5433/journal")
    assert not any("s3cret" in word for word in words)
    assert environment["PGPASSWORD"] == "s3cret"
    assert any("host=db.example" in word and "port=5433" in word for word in words)
