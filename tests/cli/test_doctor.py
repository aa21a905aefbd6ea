"""`journalclub doctor`: it says what is wrong and changes nothing, also while the program runs."""

from __future__ import annotations

import signal
from pathlib import Path

import migrations
from bot.cli.checked_database import checked_database
from bot.settings import Settings, current_key
from tests.protocol.program import started
from tests.protocol.slack_server import SlackServer
from tests.upgrade.kept import RELEASES, unpack_sqlite

QUIET = {"WEB__PORT": "0"}


def _files(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def _doctor(folder: Path, *words: str, code: int = 0, **settings: str) -> str:
    async with started(folder, "doctor", *words, **QUIET, **settings) as program:
        assert await program.ends() == code, program.text
        assert "Traceback" not in program.text
        return program.text


async def test_where_there_is_no_database_none_is_made(tmp_path: Path) -> None:
    said = await _doctor(tmp_path)
    assert "ok     Database: there is none at data/journalclub.db yet; the program makes it when it starts" in said
    assert _files(tmp_path) == []
    (tmp_path / "taken").write_text("a file where the data folder should be")
    said = await _doctor(tmp_path, code=1, DATA_DIR="taken/data")
    assert "fix    Database: cannot be made at taken/data/journalclub.db" in said
    async with started(tmp_path, "export", "list.bib") as program:
        assert await program.ends() == 2
        assert "There is no database at data/journalclub.db" in program.text


async def test_an_older_database_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "journalclub.db"
    unpack_sqlite(RELEASES[0], file)
    before = file.read_bytes()
    said = await _doctor(tmp_path, DATA_DIR=str(tmp_path))
    assert f"the program upgrades it to {migrations.HEAD} when it starts (checked on a copy)" in said
    assert file.read_bytes() == before
    assert _files(tmp_path) == [file.name], "no key, no copy, no lock"


def test_a_copy_is_read_with_the_key_of_the_database(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    key = current_key(settings)
    unpack_sqlite(RELEASES[0], tmp_path / "journalclub.db")
    with checked_database(settings) as (checked, finding):
        assert finding is not None
        assert checked.database != settings.database
        assert current_key(checked) == key, "else the tokens of workspaces cannot be read"


async def test_a_running_program_is_checked_without_stopping_it(tmp_path: Path) -> None:
    async with SlackServer() as slack:
        settings = {
            "SLACK__BOT_TOKEN": slack.token(),
            "SLACK__APP_TOKEN": slack.app.app_token,
            "SLACK__BASE_URL": slack.api_url,
        }
        async with started(tmp_path, "run", **QUIET, **settings) as program:
            await slack.sockets.connected()
            said = await _doctor(tmp_path, code=0, **settings)
            assert f"ok     Database: is in use by a running program, schema {migrations.HEAD}" in said
            seen = await slack.user("Ada").command("/paper", "top", channel="C1")
            await seen.until(lambda s: bool(s.words))
            program.process.send_signal(signal.SIGTERM)
            assert await program.ends() == 0
    said = await _doctor(tmp_path)
    assert f"can be written to, schema {migrations.HEAD}" in said
