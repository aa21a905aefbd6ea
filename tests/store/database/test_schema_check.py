"""Schema check: a database is used only if its tables are those of a release."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import UserError
from bot.runtime.composition import open_store
from bot.settings import Settings
from bot.store.database.migrate import migrate
from bot.store.database.schema_check import actual_schema, check_version, differences
from tests.stand_ins import fresh_sqlite
from tests.stand_ins import open_store as opened
from tests.upgrade.kept import connected

WAY_OUT = "Restore a backup that a release made (0.1.0 or newer), or give an empty database"


def changed(path: Path, *statements: str) -> str:
    """URL of a fresh database with a manual change."""
    url = fresh_sqlite(path)
    with closing(sqlite3.connect(path)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()
    return url


def settings(folder: Path, url: str) -> Settings:
    return Settings.model_validate({"data_dir": folder, "database_url": url})


@pytest.mark.parametrize(
    ("statement", "say"),
    [
        ("ALTER TABLE saved DROP COLUMN note", "it lacks saved.note. "),
        ("ALTER TABLE saved RENAME COLUMN note TO remark", "it lacks saved.note and nobody knows its saved.remark. "),
        ("DROP TABLE followed", "it lacks followed. "),
        ("ALTER TABLE club ADD COLUMN motto TEXT", "nobody knows its club.motto. "),
        ("ALTER TABLE alembic_version RENAME TO gone", "table club already exists. "),
    ],
)
async def test_tables_of_no_release_are_refused_in_one_sentence(tmp_path: Path, statement: str, say: str) -> None:
    url = changed(tmp_path / "club.db", statement)
    before = (tmp_path / "club.db").read_bytes()
    with pytest.raises(UserError) as at_migrating:
        migrate(url)
    with pytest.raises(UserError) as at_start:
        await open_store(settings(tmp_path, url))
    for caught in (at_migrating, at_start):
        assert "no release has made its tables" in str(caught.value)
        assert say in str(caught.value)
        assert WAY_OUT in str(caught.value)
    assert (tmp_path / "club.db").read_bytes() == before


async def test_a_foreign_table_is_harmless(tmp_path: Path) -> None:
    url = changed(tmp_path / "club.db", "CREATE TABLE notes_of_the_operator (id INTEGER)")
    store = await open_store(settings(tmp_path, url))
    assert (await store.check_schema()).extra_tables == ("notes_of_the_operator",)
    await store.close()


def test_both_databases_have_exactly_the_tables_of_the_models(url: str) -> None:
    with connected(url) as connection:
        found = differences(actual_schema(connection))
    assert not found.describe_problems()
    assert not found.extra_tables


def test_a_newer_schema_may_have_extra_optional_columns_only(url: str) -> None:
    with connected(url) as connection:
        real = {table: dict(columns) for table, columns in actual_schema(connection).items()}
    real["club"]["motto"] = True
    assert not differences(real).describe_problems(newer=True)
    assert differences(real).describe_problems() == "nobody knows its club.motto"
    real["club"]["colour"] = False
    assert differences(real).describe_problems(newer=True) == "nobody knows its club.colour"
    del real["club"]["colour"], real["vote"]["at"], real["lease"]
    assert differences(real).describe_problems(newer=True) == "it lacks lease, vote.at"


@pytest.mark.parametrize(
    ("version", "oldest_program", "say"),
    [
        ("", "", ""),
        ("0001", "", ""),
        ("9999", "0001", ""),
        ("9999", "", "newer than this program knows"),
        ("9999", "9998", "newer than this program knows"),
        ("0000", "", "no release of Journal Club has made"),
        ("3f2a9c", "0001", "no release of Journal Club has made"),
    ],
)
def test_a_version_is_known_or_newer_or_refused(version: str, oldest_program: str, say: str) -> None:
    if not say:
        check_version(version, oldest_program)
        return
    with pytest.raises(UserError, match=say):
        check_version(version, oldest_program)


async def test_a_schema_change_while_the_program_runs_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = fresh_sqlite(tmp_path / "club.db")
    store = opened(url)
    await store.check_schema()
    changed_by_hand = "ALTER TABLE saved DROP COLUMN note"
    with closing(sqlite3.connect(tmp_path / "club.db")) as database:
        database.execute(changed_by_hand)
    await store.check_schema()  # what was found a moment ago still holds
    monkeypatch.setattr("bot.store.sessions.SCHEMA_CHECK_INTERVAL", 0.0)
    with pytest.raises(UserError, match=r"it lacks saved\.note"):
        await store.check_schema()
    await store.close()
