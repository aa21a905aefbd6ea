"""The demo: what a newcomer sees first, played once from the first line to the last."""

from __future__ import annotations

import argparse
import html
import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest

from adapters.console.screen import Screen
from adapters.console.session import open_club, person, terminal_workspace_id
from bot.chat.gateway import Location
from bot.cli.console import has_own_club, run_console
from bot.cli.demo import demo, has_demo, reopen_demo, run_demo
from bot.cli.demo_script import DUE, SCRIPT
from bot.settings import Settings
from tests.llm_server import LlmServer
from tests.stand_ins import fresh_sqlite, open_harness

SHOWN = (
    ("links of every kind", "https://arxiv.org/abs/", "https://arxiv.org/pdf/", "huggingface.co/papers/", "papers.cool",
     "doi:10.48550", "alphaxiv.org", "ar5iv.labs"),
    ("a duplicate and the jump", "Ada submitted it first. Your reason was added", "Discussion: #papers"),
    ("a slip that is refused", "arXiv has no paper “2510.99999”"),
    ("votes and a discussion", "It now has 3 votes", "The discussion", "Points: 4"),
    ("curation", "on the shortlist", "Picked. Place 1", "theme “Small", "note: Read it next to"),
    ("the edition, step by step", "6 of 6 written", "▰▰▰▰▰▰▰▰▰▰", "Checks", "No. 1 is approved", "References"),
    ("what to type next", "console --demo", "--as Barbara --moderator", "run"),
)  # fmt: skip


async def test_a_week_is_played_up_to_its_edition_and_the_club_can_be_entered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "demo"
    assert await demo(folder) == 0
    shown = capsys.readouterr().out
    for what, *words in SHOWN:
        for word in words:
            assert word in shown, f"{what}: {word}"
    assert [shown.index(day.title) for day in SCRIPT] == sorted(shown.index(day.title) for day in SCRIPT)

    page, prose = html.unescape((folder / "edition-1.html").read_text()), (folder / "edition-1.md").read_text()
    document = json.loads((folder / "edition-1.json").read_text())
    titles = [item["title"] for section in document["sections"] for item in section["items"]]
    assert titles[0].startswith("Less is More")
    assert {section["title"] for section in document["sections"]} >= {"News", "Code", "Small models, long thoughts"}
    for title in titles:
        assert title.split(":")[0] in page
        assert title.split(":")[0] in prose

    assert has_demo(folder)
    async with reopen_demo(folder) as app:
        assert DUE < app.now() < DUE + timedelta(hours=1), "its clock goes on from where the story ended"
        club = await open_club(app)
        lines: list[str] = []
        ada = Screen(
            app, person("Ada", "member"), Location("console", terminal_workspace_id(club), "general"), lines.append
        )
        assert await ada.handle_line("/my home")
        assert "The Markovian Thinker" in "\n".join(lines)
        lines.clear()
        assert await ada.handle_line("/paper top")
        assert "First Try Matters" in "\n".join(lines), "the first command that the demo names shows something"
        assert "2 votes" in "\n".join(lines)


async def test_a_configured_model_writes_the_demo_and_answers_in_its_console(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "demo"
    monkeypatch.chdir(tmp_path)
    async with LlmServer(mode="right") as server:
        for name, value in (("MODEL", "test-1"), ("API_KEY", "sk-1"), ("BASE_URL", server.url)):
            monkeypatch.setenv(f"JOURNALCLUB_LLM__{name}", value)
        assert await run_demo(argparse.Namespace(folder=folder)) == 0
        assert "The summaries are written by test-1" in capsys.readouterr().out
        document = json.loads((folder / "edition-1.json").read_text())
        written = [item["provenance"]["writer"] for section in document["sections"] for item in section["items"]
                   if item.get("provenance")]  # fmt: skip
        assert written
        assert all("test-1" in writer for writer in written)
        asked = len(server.ledger)
        monkeypatch.setattr("sys.stdin", StringIO("/paper summary 9\n"))
        given = argparse.Namespace(name="Ada", demo=folder, role="member", club="")
        assert await run_console(given) == 0
        shown = capsys.readouterr().out
        assert len(server.ledger) > asked, "the console asks the model, too"
        assert "test-1" in shown


async def test_a_database_without_a_club_is_no_club_of_ones_own(tmp_path: Path) -> None:
    """`journalclub run` without tokens leaves one: whoever looks around like that still enters the demo's club."""
    settings = Settings(data_dir=tmp_path)
    assert not has_own_club(settings)
    fresh_sqlite(tmp_path / "journalclub.db")
    assert not has_own_club(settings)
    async with open_harness(tmp_path, url=settings.database) as own:
        await open_club(own.app)
    assert has_own_club(settings)
    (tmp_path / "journalclub.db").write_bytes(b"this is no database, and opening it says so")
    assert has_own_club(settings)
