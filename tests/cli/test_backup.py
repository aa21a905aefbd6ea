"""`journalclub backup`, `restore` and `copy` as an operator uses them."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli.archive import archive_command
from bot.cli.backup import back_up
from bot.cli.copy import copy_installation
from bot.cli.export import export_papers
from bot.cli.parser import build_parser
from bot.cli.purge import purge_club
from bot.cli.restore import restore_backup
from bot.errors import UserError
from bot.settings import current_key, load
from bot.store.database.migrate import migrate
from bot.store.transfer import key_file
from tests.upgrade.kept import unpack_sqlite


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a club's database, which is the working folder; no settings but the defaults."""
    monkeypatch.setattr(key_file, "COST", {"n": 2**10, "r": 8, "p": 1})
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    migrate(unpack_sqlite("0.1.0", tmp_path / "data" / "journalclub.db"))
    (tmp_path / "pass").write_text("correct horse battery\n")
    return tmp_path


def given(*words: str) -> Namespace:
    return build_parser().parse_args(words)


def count(folder: Path, pattern: str) -> int:
    return len(list(folder.glob(pattern)))


def newest(folder: Path, ending: str) -> str:
    return str(max(folder.glob(f"out/*{ending}")))


async def test_a_backup_with_its_key_comes_back(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = current_key(load())
    assert await back_up(given("backup", "out", "--passphrase-file", "pass")) == 0
    said = capsys.readouterr().out
    assert "2 clubs, 7 papers, checked" in said
    assert "encrypted with your passphrase" in said
    assert key not in b"".join(file.read_bytes() for file in (installed / "out").iterdir())
    secret = installed / "data" / "secret.key"
    secret.write_bytes(b"c29tZS1vdGhlci1rZXktb2YtMzItYnl0ZXMtbG9uZyE=")
    words = ["restore", newest(installed, ".db"), "--key", newest(installed, ".key"), "--passphrase-file", "pass"]
    with pytest.raises(UserError, match="--sure"):
        await restore_backup(given(*words))
    assert secret.read_bytes() != key, "without --sure nothing changes"
    assert "less than an hour ago" in capsys.readouterr().out
    assert await restore_backup(given(*words, "--sure")) == 0
    assert secret.read_bytes() == key
    assert secret.stat().st_mode & 0o777 == 0o600
    said = capsys.readouterr().out
    assert "posts nothing until an admin" in said
    assert count(installed, "data/journalclub.replaced-*.db") == 1
    assert count(installed, "data/secret.key.replaced-*") == 1


async def test_without_a_passphrase_it_says_that_the_key_must_be_kept(
    installed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await back_up(given("backup", "out")) == 0
    assert "keep data/secret.key in another place" in capsys.readouterr().out
    assert count(installed, "out/*.key") == 0


async def test_mistakes_are_told_in_a_sentence(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (installed / "empty").touch()
    for file in ("nowhere", "empty"):
        with pytest.raises(UserError, match="passphrase"):
            await back_up(given("backup", "out", "--passphrase-file", file))
    await back_up(given("backup", "out"))
    with pytest.raises(UserError, match="no file"):
        await restore_backup(given("restore", "nowhere.db", "--sure"))
    with pytest.raises(UserError, match="--passphrase-file"):
        await restore_backup(given("restore", newest(installed, ".db"), "--sure", "--key", "pass"))
    (installed / "dump.sql.gz").touch()
    with pytest.raises(UserError, match="other kind of database"):
        await restore_backup(given("restore", "dump.sql.gz", "--sure"))
    with pytest.raises(UserError, match="I cannot write to /dev/full: No space"):
        await export_papers(given("export", "/dev/full", "--club", "Wall club", "--format", "json"))
    with pytest.raises(UserError, match="sqlite:///FILE"):
        await copy_installation(given("copy", "--to", "elsewhere.db"))
    monkeypatch.setenv("JOURNALCLUB_DATA_DIR", str(installed / "new"))
    with pytest.raises(UserError, match="There is no database"):
        await back_up(given("backup", "out"))
    for run, *words in (
        (copy_installation, "copy", "--to", "sqlite:///other.db"),
        (export_papers, "export", "papers.json"),
        (archive_command, "archive", "export", "site"),
        (purge_club, "purge"),
    ):
        with pytest.raises(UserError, match="There is no database"):
            await run(given(*words))
    assert not (installed / "new").exists(), "a command that only reads makes no database"


async def test_a_short_passphrase_is_refused_before_anything_is_written(installed: Path) -> None:
    (installed / "short").write_text("secret\n")
    with pytest.raises(UserError, match="12 characters"):
        await back_up(given("backup", "out", "--passphrase-file", "short"))
    assert count(installed, "out/*") == 0


async def test_a_target_that_cannot_be_reached_is_named(installed: Path) -> None:
    for scheme in ("postgresql", "postgres"):
        with pytest.raises(UserError, match=r"The target cannot be used: .*Look at the address after --to"):
            await copy_installation(given("copy", "--to", f"{scheme}://nobody@127.0.0.1:1/none"))


async def test_the_backup_from_before_an_upgrade_stays(
    installed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    unpack_sqlite("0.1.0", installed / "data" / "journalclub.db")
    made = iter(datetime(2026, 11, 30, hour, tzinfo=UTC) for hour in range(1, 6))
    monkeypatch.setattr("bot.cli.backup.utc_now", lambda: next(made))
    for _unused in range(2):
        await back_up(given("backup", "out"))
    assert "Removed 1 old file;" in capsys.readouterr().out
    migrate(f"sqlite:///{installed / 'data' / 'journalclub.db'}")
    for _unused in range(3):
        await back_up(given("backup", "out"))
    left = sorted(file.name for file in (installed / "out").iterdir())
    assert left == ["journalclub-20261130T020000Z.db", "journalclub-20261130T050000Z.db"]


async def test_a_copy_prints_each_tables_hash(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert await copy_installation(given("copy", "--to", f"sqlite:///{installed / 'other.db'}")) == 0
    lines = capsys.readouterr().out.splitlines()
    (papers,) = [line.split() for line in lines if line.startswith("paper ")]
    assert papers[1] == "7"
    assert len(papers[2]) == 32
    assert any("hashes of both databases are equal" in line for line in lines)
    with pytest.raises(UserError, match="not empty"):
        await copy_installation(given("copy", "--to", f"sqlite:///{installed / 'other.db'}"))
