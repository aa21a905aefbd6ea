"""The program at the command line: what it says, how it starts, how it stops."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

from aiohttp import ClientSession

from bot.sources.recorded_arxiv import RecordedArxiv
from tests.adapters.web.archive.conftest import filled_database
from tests.llm_server import LlmServer
from tests.protocol.program import PROGRAM, started, started_cold
from tests.protocol.slack_server import SlackServer

QUIET = {"WEB__PORT": "0"}


async def test_without_tokens_it_says_how_to_get_them_and_offers_the_console(tmp_path: Path) -> None:
    async with started(tmp_path, "run", **QUIET) as program:
        assert await program.ends() == 1
        for words in ("Slack     off", "Discord   off", "journalclub manifest slack", "journalclub console"):
            assert words in program.text


async def test_without_tokens_the_archive_of_a_club_is_served_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "journalclub.db").write_bytes(filled_database())
    async with started_cold(tmp_path, "run", DATA_DIR=str(tmp_path), **QUIET) as program:
        await program.says("only the web archive is served: http://")
        address = program.text.rpartition("served: ")[2].split()[0]
        async with ClientSession() as client, client.get(f"{address}/clubs/1") as answer:
            assert "Thursday Readers" in await answer.text()
        exported = tmp_path / "site"
        async with started(tmp_path, "archive", "export", str(exported), DATA_DIR=str(tmp_path)) as second:
            assert await second.ends() == 0, second.text
        assert (exported / "clubs/1/index.html").exists(), "while the program runs"
        program.process.send_signal(signal.SIGTERM)
        assert await program.ends() == 0
        assert "Traceback" not in program.text


async def test_every_mistake_in_the_settings_is_reported_at_once(tmp_path: Path) -> None:
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
        async with started_cold(tmp_path, "console", "--as", "Ada", stdin=lines, **settings) as program:
            assert await program.ends() == 0
            assert "Attention Is All You Need" in program.text
        lines = "/paper vote 1\n/nonsense\n"
        async with started(tmp_path, "console", "--as", "Bob", stdin=lines, **settings) as program:
            assert await program.ends() == 1, "one line failed"
            assert "It now has 1 vote" in program.text
            assert "There is no command" in program.text


async def test_a_model_reads_the_whole_paper_until_the_clubs_money_is_spent(tmp_path: Path) -> None:
    async with RecordedArxiv() as arxiv, LlmServer() as model:
        settings = {
            "ARXIV__BASE_URL": arxiv.url,
            "ARXIV__GAP_SECONDS": "0",
            "LLM__API_KEY": "k",
            "LLM__MODEL": "test-1",
            "LLM__BASE_URL": model.url,
            "LLM__INPUT_PRICE": "1000",
            "LLM__CLUB_BUDGET": "0.1",
        }
        lines = "/paper submit 2510.04871\n/paper summary 1\n/paper summary 1\n"
        lines += "/paper submit 1706.03762\n/paper summary 2\n/clubadmin doctor\n"
        async with started(tmp_path, "console", "--as", "Ada", "--admin", stdin=lines, **settings) as program:
            assert await program.ends() == 0
            assert "Written by test-1 from the full text v1" in program.text
            assert "Sentences of the abstract v7" in program.text, "ten cents are spent, as the first text cost more"
            assert "1 text for this club used 240 tokens this month, at a price of 0.20" in program.text
        assert arxiv.pages_read == ["2510.04871v1", "1706.03762v7"]
        about = [(asked.question.count("1 Introduction:"), "<<<sentences" in asked.question) for asked in model.ledger]
        assert about == [(1, False), (1, True), (0, False), (0, True)], "the paper and the doctor's, each read again"


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
        assert slack.violations == []


async def test_whoever_stops_reading_is_shown_no_traceback(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    manifest = await asyncio.create_subprocess_exec(
        PROGRAM, "manifest", "slack", cwd=tmp_path, stdout=writing, stderr=asyncio.subprocess.PIPE
    )
    os.close(writing)
    _, complaint = await manifest.communicate()
    assert (manifest.returncode, complaint) == (1, b"")


async def test_a_terminal_that_knows_few_letters_is_answered(tmp_path: Path) -> None:
    console = await asyncio.create_subprocess_exec(
        PROGRAM,
        "console",
        "--as",
        "Ada",
        cwd=tmp_path,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await console.communicate("/paper find “Straße”\n".encode() + b"\xff\n/help\n")
    assert b"? What I can do" in said, said
    assert b"Traceback" not in said


async def test_a_database_newer_than_the_program_is_left_alone(tmp_path: Path) -> None:
    async with started(tmp_path, "migrate") as program:
        assert await program.ends() == 0, program.text
    with closing(sqlite3.connect(tmp_path / "data" / "journalclub.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    async with started(tmp_path, "console", stdin="/help\n") as program:
        assert await program.ends() == 2
        assert "newer than this program" in program.text
