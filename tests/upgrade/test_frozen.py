"""What a release has put out stays as it is: its migrations, and the databases that later ones are tried on."""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path

import pytest

import migrations
from bot.store.database.schema_check import current_version, known_versions
from tests.conftest import NUMBERS, create_database
from tests.stand_ins import fresh_sqlite
from tests.upgrade.kept import RELEASES, connected, unpack_sqlite
from tests.upgrade.make_database import KEPT, POSTGRESQL, SQLITE, empty_tables
from tests.upgrade.played_club import play

ROOT = Path(__file__).parents[2]
MIGRATIONS = Path(migrations.__file__).parent / "versions"

FROZEN = {
    "0001_the_first_schema.py": "642de26663ae6890e14761e7fe27962f36b9f5fabb2d896b6cd4a9421208d343",
}
"""SHA-256 of each migration that a release has put out. A line is added with each release, and never changed."""


def test_a_released_migration_is_not_edited() -> None:
    for name, sha in FROZEN.items():
        now = hashlib.sha256((MIGRATIONS / name).read_bytes()).hexdigest()
        assert now == sha, (
            f"{name} was released and stays as it is: databases have run it. Take the change back, and put it into a "
            "migration of its own (CONTRIBUTING.md, “Change the schema”)."
        )


def test_every_migration_of_a_release_is_frozen(release: str, tmp_path: Path) -> None:
    with connected(unpack_sqlite(release, tmp_path / "kept.db")) as connection:
        version = current_version(connection)
    assert version in known_versions()
    released = {file.name for file in MIGRATIONS.glob("[0-9]*.py") if file.name.partition("_")[0] <= version}
    assert released <= FROZEN.keys(), "add the release's migrations to FROZEN"


def test_every_release_of_the_changelog_has_left_its_databases() -> None:
    dated = re.findall(r"^## (\d+\.\d+\.\d+) \(\d{4}-\d{2}-\d{2}\)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert dated == RELEASES[::-1], "newest first; `python -m tests.upgrade.make_database` makes those of a release"
    for release in RELEASES:
        assert {file.name for file in (KEPT / release).iterdir()} == {SQLITE, POSTGRESQL}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] >= RELEASES[-1]


@pytest.mark.slow
async def test_the_databases_of_the_next_release_will_have_rows_in_every_table(tmp_path: Path) -> None:
    url = fresh_sqlite(tmp_path / "next.db")
    await play(tmp_path, url)
    assert empty_tables(url) == [], "tests.upgrade.played_club fills them"


@pytest.mark.stress  # with another database nothing else is played
async def test_the_club_can_be_played_on_postgresql_too(postgres: str, tmp_path: Path) -> None:
    url = create_database(postgres, f"played_{next(NUMBERS)}", template="template_club")
    await play(tmp_path, url)
    assert empty_tables(url) == []


def test_the_kept_database_of_this_schema_has_rows_in_every_table(tmp_path: Path) -> None:
    url = unpack_sqlite(RELEASES[-1], tmp_path / "kept.db")
    with connected(url) as connection:
        if current_version(connection) == migrations.HEAD:
            assert empty_tables(url) == []
