"""From every release's database to this schema, and to the next: all rows stay, whatever happens on the way."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from pathlib import Path

import pytest

import migrations
from bot.errors import UserError
from bot.store.database.migrate import migrate
from bot.store.database.schema_check import current_version, known_versions
from tests.child_processes import killed_on_error
from tests.protocol.program import started
from tests.upgrade.kept import RELEASES, connected, digest, rows, schema, unpack_sqlite
from tests.upgrade.next_release import NextRelease


def version(url: str) -> str:
    with connected(url) as connection:
        return current_version(connection)


def test_every_row_stays_and_a_repeat_changes_nothing(kept: str) -> None:
    columns = schema(kept)
    before = digest(rows(kept, columns))
    assert sum(count for count, _ in before.values()) > 100
    assert migrate(kept) in known_versions()
    assert version(kept) == migrations.HEAD
    after = {table: names for table, names in schema(kept).items() if table in columns}
    assert after.keys() == columns.keys()
    both = {table: dict.fromkeys(names.keys() & after[table].keys(), True) for table, names in columns.items()}
    assert digest(rows(kept, both)) == before
    assert migrate(kept) == migrations.HEAD
    assert digest(rows(kept, both)) == before


async def test_the_program_goes_on_where_the_release_stopped(kept: str, world: dict[str, str], tmp_path: Path) -> None:
    settings = world | {"DATABASE_URL": kept}
    if kept.startswith("postgresql"):
        async with started(tmp_path, "migrate", **settings) as program:
            assert await program.ends() == 0
    lines = "/paper show 1\n/paper vote 5\n/digest read 1\n/paper find attention\n"
    async with started(tmp_path, "console", "--as", "Zoe", "--club", "Wall club", stdin=lines, **settings) as program:
        assert await program.ends() == 0, program.text
        assert program.text.count("Attention Is All You Need") >= 3
        assert "It now has 1 vote" in program.text
        assert "Hello again." in program.text, "the corrected edition"


def test_killed_in_the_middle_it_leaves_what_was_there_and_begins_again(kept: str, following: NextRelease) -> None:
    migrate(kept)
    columns = schema(kept)
    before = digest(rows(kept, columns))
    with killed_on_error(following.start("migrate", url=kept, PAUSE_HALFWAY="1")) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "halfway\n"
        program.kill()
    assert version(kept) == migrations.HEAD
    assert schema(kept) == columns
    assert digest(rows(kept, columns)) == before
    assert f"from {migrations.HEAD}" in following.migrate(kept)
    assert version(kept) == following.head
    assert digest(rows(kept, columns)) == before
    assert rows(kept, {"club": {"motto": True, "name": True}})["club"] == [
        "('A club that was left', 'A club that was left')",
        "('Wall club', 'Wall club')",
    ]


@pytest.mark.parametrize("kept", [pytest.param("sqlite", marks=pytest.mark.stress), "postgresql"], indirect=True)
def test_three_at_once_migrate_one_after_the_other(kept: str, following: NextRelease) -> None:
    migrate(kept)
    columns = schema(kept)
    before = digest(rows(kept, columns))
    with ExitStack() as stack:
        programs = [stack.enter_context(killed_on_error(following.start("migrate", url=kept))) for _ in range(3)]
        said = [program.communicate()[0] for program in programs]
    assert [program.returncode for program in programs] == [0, 0, 0], said
    assert sorted("already" in text for text in said) == [False, True, True], said
    assert version(kept) == following.head
    assert digest(rows(kept, columns)) == before


def test_a_backup_of_the_file_is_left_beside_it_for_its_owner_alone(tmp_path: Path, following: NextRelease) -> None:
    url = unpack_sqlite(RELEASES[-1], tmp_path / "kept.db")
    migrate(url)
    columns = schema(url)
    before = digest(rows(url, columns))
    following.migrate(url)
    copy = tmp_path / f"kept.before-{following.head}.db"
    assert digest(rows(f"sqlite:///{copy}", columns)) == before
    assert copy.stat().st_mode & 0o777 == 0o600


def test_without_room_for_the_copy_nothing_is_changed(tmp_path: Path) -> None:
    url = unpack_sqlite(RELEASES[-1], tmp_path / "kept.db")
    before = version(url)
    there = tmp_path / f"kept.before-{migrations.HEAD}.db"
    there.mkdir()
    with pytest.raises(UserError, match="could not be copied"):
        migrate(url)
    assert version(url) == before
    there.rmdir()
    assert migrate(url) == before


async def test_a_start_on_a_file_migrates_it(tmp_path: Path, following: NextRelease) -> None:
    url = unpack_sqlite(RELEASES[-1], tmp_path / "kept.db")
    program = following.start("export", str(tmp_path / "list.json"), "--club", "Wall club", url=url)
    said, _ = await asyncio.to_thread(program.communicate)
    assert program.returncode == 0, said
    assert version(url) == following.head
