"""A release runs on the next release's schema, so that processes are exchanged one by one."""

from __future__ import annotations

from pathlib import Path

import pytest

import migrations
from bot.errors import UserError
from bot.runtime.composition import open_store
from bot.settings import Settings
from bot.store.database.migrate import migrate
from bot.store.database.schema_check import current_version
from tests.child_processes import killed_on_error
from tests.protocol.program import started
from tests.upgrade.kept import RELEASES, connected, schema, unpack_sqlite
from tests.upgrade.next_release import NARROWER, OTHER_MEANING, NextRelease, next_release

MOSTLY_SQLITE = pytest.mark.parametrize(
    "kept", ["sqlite", pytest.param("postgresql", marks=pytest.mark.stress)], indirect=True
)
"""The same code on both engines: PostgreSQL's turn is in `make stress`."""


async def test_todays_program_runs_on_a_schema_that_was_only_added_to(
    kept: str, following: NextRelease, world: dict[str, str], tmp_path: Path
) -> None:
    migrate(kept)
    following.migrate(kept)
    store = await open_store(Settings.model_validate({"data_dir": tmp_path, "database_url": kept}))
    try:
        found = await store.check_schema()
        assert found.extra == ("club.motto", "vote.weight")
        assert found.extra_tables == ("badge",)
        await store.check()
    finally:
        await store.close()
    lines = "/paper show 1\n/paper vote 5\n/my save 1\n"
    settings = world | {"DATABASE_URL": kept}
    async with started(tmp_path, "console", "--as", "Zoe", "--club", "Wall club", stdin=lines, **settings) as program:
        assert await program.ends() == 0, program.text
        assert "It now has 1 vote" in program.text
    async with started(tmp_path, "doctor", **settings) as program:
        assert await program.ends() == 0, program.text
        assert "also has badge, club.motto, vote.weight" in program.text
    assert migrate(kept) == following.head, "an older program leaves it as it is"
    assert schema(kept).keys() >= {"badge"}


@MOSTLY_SQLITE
async def test_todays_program_refuses_one_that_is_for_newer_programs_alone(kept: str, tmp_path: Path) -> None:
    migrate(kept)
    contracted = next_release(tmp_path, upgrade=OTHER_MEANING, models="", contracts=True)
    contracted.migrate(kept)
    with pytest.raises(UserError, match="newer than this program knows"):
        migrate(kept)
    async with started(tmp_path, "doctor", DATABASE_URL=kept) as program:
        assert await program.ends() == 2
        [said] = program.lines
        assert f"at version {contracted.head}, which is newer than this program knows" in said
        assert "Start the newer Journal Club, or restore the backup" in said


@MOSTLY_SQLITE
def test_a_migration_that_does_not_make_what_the_models_say_changes_nothing(kept: str, tmp_path: Path) -> None:
    migrate(kept)
    before = schema(kept)
    wrong = next_release(tmp_path, upgrade=NARROWER, models="")
    with killed_on_error(wrong.start("migrate", url=kept)) as program:
        said, _ = program.communicate()
    assert program.returncode == 2
    assert "lacks paper.comment" in said
    assert schema(kept) == before
    with connected(kept) as connection:
        assert current_version(connection) == migrations.HEAD


def test_nothing_that_a_release_needs_is_taken_from_it(release: str, tmp_path: Path) -> None:
    """Where the migrations say that its programs run on this schema, or it is the release before this one."""
    url = unpack_sqlite(release, tmp_path / "kept.db")
    with connected(url) as connection:
        its_version = current_version(connection)
    if release == RELEASES[-1]:
        assert its_version >= migrations.OLDEST_PROGRAM, "its processes would stop when the database is migrated"
    if its_version < migrations.OLDEST_PROGRAM:
        pytest.skip("its programs are too old for this schema, and are told so")
    before = schema(url)
    migrate(url)
    after = schema(url)
    for table, columns in before.items():
        assert columns.keys() <= after[table].keys(), f"{table}: take columns away one release after their last use"
        added = after[table].keys() - columns.keys()
        assert all(after[table][name] for name in added), f"{table}: {sorted(added)} must be nullable or have a default"
