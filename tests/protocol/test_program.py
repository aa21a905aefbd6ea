"""The program at the command line: what it says, how it starts, how it stops."""

from __future__ import annotations

import signal
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.sources.recorded import RecordedArxiv
from tests.protocol.program import started
from tests.protocol.slack_server import SlackServer

QUIET = {"WEB__PORT": "0"}


async def test_without_tokens_it_says_how_to_get_them_and_offers_the_console(tmp_path: Path) -> None:
    async with started(tmp_path, "run", **QUIET) as program:
        assert await program.ends() == 1
        for words in ("Slack     off", "Discord   off", "journalclub manifest slack", "journalclub console"):
            assert words in program.text


async def test_every_mistake_in_the_settings_is_told_at_once(tmp_path: Path) -> None:
    wrong = {"SLAK__BOT_TOKEN": "x", "CLUB__TIMEZONE": "Mars", "WEB__PORT": "many"}
    async with started(tmp_path, "run", **wrong) as program:
        assert await program.ends() == 2
        for words in ("SLAK__BOT_TOKEN", "Mars", "WEB__PORT", "SLACK__BOT_TOKEN"):
            assert words in program.text
        assert "Traceback" not in program.text


async def test_a_script_of_commands_is_answered_line_by_line(tmp_path: Path) -> None:
    async with RecordedArxiv() as arxiv:
        settings = {"ARXIV__BASE_URL": arxiv.url, "ARXIV__GAP_SECONDS": "0"}
        lines = "/paper submit 1706.03762 why it began\n/paper top\n"
        async with started(tmp_path, "console", "--as", "Ada", stdin=lines, **settings) as program:
            assert await program.ends() == 0
            assert "Attention Is All You Need" in program.text
        async with started(
            tmp_path, "console", "--as", "Bob", stdin="/paper vote 1\n/nonsense\n", **settings
        ) as program:
            assert await program.ends() == 1, "one line failed"
            assert "It has 1 vote now" in program.text
            assert "I know no command" in program.text


async def test_it_runs_on_slack_until_it_is_told_to_stop(tmp_path: Path) -> None:
    async with SlackServer() as slack, RecordedArxiv() as arxiv:
        settings = {
            "SLACK__BOT_TOKEN": slack.token(),
            "SLACK__APP_TOKEN": slack.app.app_token,
            "SLACK__BASE_URL": slack.api_url,
            "ARXIV__BASE_URL": arxiv.url,
            "ARXIV__GAP_SECONDS": "0",
        }
        async with started(tmp_path, "run", **QUIET, **settings) as program:
            await program.says("Slack     on")
            await slack.sockets.connected()
            ada = slack.user("Ada")
            seen = await ada.command("/paper", "submit 1706.03762 why it began", channel="C1")
            await seen.until(lambda s: "on the list" in s.words)
            await slack.wait_for(lambda: any("Attention" in m.words for m in slack.messages("C1")))

            async with started(tmp_path, "console", stdin="/help\n") as second:
                assert await second.ends() == 2
                assert "Another Journal Club" in second.text

            program.process.send_signal(signal.SIGTERM)
            assert await program.ends(within=25) == 0
            assert "Traceback" not in program.text
        assert slack.breaches == []


async def test_a_database_newer_than_the_program_is_left_alone(tmp_path: Path) -> None:
    async with started(tmp_path, "migrate") as program:
        assert await program.ends() == 0
    with closing(sqlite3.connect(tmp_path / "data" / "journalclub.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    async with started(tmp_path, "console", stdin="/help\n") as program:
        assert await program.ends() == 2
        assert "newer than this program" in program.text
