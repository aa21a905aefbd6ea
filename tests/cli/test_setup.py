"""`journalclub setup`: it asks for tokens, tests them with the platforms, and saves those that work in `.env`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from dotenv import dotenv_values

from adapters.slack.setup.manifest import SCOPES
from bot.cli.env_file import save_values, with_values
from bot.cli.setup import DISCORD, Prompts, connect_platforms
from bot.errors import UserError
from bot.settings import load
from tests.child_processes import killed_on_error, wait_until_it_waits
from tests.protocol.discord_server import DiscordServer
from tests.protocol.slack_server import SlackServer


def answering(lines: list[str], secrets: list[str]) -> Prompts:
    """Somebody who types these lines, and pastes these secrets."""
    typed: Iterator[str] = iter(lines)
    pasted: Iterator[str] = iter(secrets)
    return Prompts(lambda _question: next(typed), lambda _question: next(pasted))


async def test_tokens_are_tested_and_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    env = tmp_path / ".env"
    env.write_text("# ours\nJOURNALCLUB_CLUB__TIMEZONE=Europe/Berlin\n", encoding="utf-8")
    async with SlackServer() as slack, DiscordServer() as discord:
        for name, value in {
            "SLACK__BASE_URL": slack.api_url,
            "DISCORD__REST_URL": discord.api,
            "DISCORD__GATEWAY_URL": discord.gateway.url,
        }.items():
            monkeypatch.setenv(f"JOURNALCLUB_{name}", value)
        slack.install("T1", list(SCOPES))
        app_token, bot_token = slack.app.app_token, slack.token()
        pasted = ["xapp-1-none", "xoxb-1-none", app_token, "wrong", bot_token, discord.token]
        assert await connect_platforms(env, answering(["y", "n", "y"], pasted)) == 0
    shown = capsys.readouterr().out
    assert "fix  Slack: " in shown, "a token that Slack does not know is not saved"
    assert "fix  Slack Socket Mode: " in shown, "both wrong tokens are named at once"
    assert "It should begin with xoxb-" in shown
    assert shown.count("It works.") == 2
    assert "journalclub invite discord" in shown
    saved = load({}, env)
    assert saved.slack.bot_token.get_secret_value() == slack.token()
    assert saved.slack.app_token.get_secret_value() == slack.app.app_token
    assert saved.discord.token.get_secret_value() == discord.token
    assert env.read_text("utf-8").startswith("# ours\nJOURNALCLUB_CLUB__TIMEZONE=Europe/Berlin\n")
    assert env.stat().st_mode & 0o777 == 0o600
    assert discord.token not in shown
    assert slack.token() not in shown


async def test_what_is_not_wanted_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    env = tmp_path / ".env"
    assert await connect_platforms(env, answering(["", "y"], [""])) == 1
    assert not env.exists()
    assert "Nothing was changed" in capsys.readouterr().out


async def test_tokens_that_are_there_stay_if_none_is_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    env = tmp_path / "club" / ".env"
    assert await connect_platforms(env, answering(["", ""], [])) == 1
    save_values(env, {DISCORD: "the-token"})
    assert await connect_platforms(env, answering(["", "y"], [""])) == 0
    assert dotenv_values(env) == {DISCORD: "the-token"}
    shown = capsys.readouterr().out
    assert "Discord stays as it was" in shown
    assert "the tokens that were there stay" in shown


async def test_an_answer_that_is_neither_yes_nor_no_is_asked_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await connect_platforms(tmp_path / ".env", answering(["maybe", "no", "ja", "N"], [])) == 1
    assert capsys.readouterr().out.count("Please answer y or n.") == 2


IN_A_TERMINAL = """
import fcntl, os, termios
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from bot.__main__ import entry
entry(["setup"])
"""


@pytest.mark.parametrize(
    ("dialog", "last"), [([], b"Connect Slack?"), ([(b"Connect Slack?", b"y\n")], b"App-level token")]
)
def test_ctrl_c_ends_a_question_at_once(tmp_path: Path, dialog: list[tuple[bytes, bytes]], last: bytes) -> None:
    terminal, its_end = os.openpty()
    started = subprocess.Popen(
        [sys.executable, "-c", IN_A_TERMINAL], cwd=tmp_path, stdin=its_end, stdout=its_end, stderr=its_end
    )
    with killed_on_error(started) as program:
        os.close(its_end)
        shown, waiting = b"", [*dialog, (last, b"\x03")]
        with suppress(OSError):  # the terminal's end, when the program is over
            while part := os.read(terminal, 4096):
                shown += part
                if waiting and waiting[0][0] in shown:
                    wait_until_it_waits(program.pid)
                    os.write(terminal, waiting.pop(0)[1])
        os.close(terminal)
    assert program.returncode == 1
    assert b"Stopped." in shown


async def test_a_file_that_cannot_be_written_is_named_before_anything_is_asked(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match=r"I cannot write .*x\.env"):
        await connect_platforms(tmp_path / "file" / "x.env", answering([], []))
    with pytest.raises(UserError, match="I cannot write"):
        await connect_platforms(tmp_path, answering([], []))


@pytest.mark.parametrize("value", ["plain", "two words", "it's", "back\\slash", "# no comment", '"quoted"', "a=b"])
def test_every_value_is_read_back_as_it_was_written(tmp_path: Path, value: str) -> None:
    env = tmp_path / ".env"
    save_values(env, {"NAME": value, "OTHER": "x"})
    assert dotenv_values(env) == {"NAME": value, "OTHER": "x"}


def test_a_line_is_replaced_where_it_is_and_once() -> None:
    text = "# a\nexport B=1\nC=2\nB=3\n"
    assert with_values(text, {"B": "9", "D": "4"}) == "# a\nexport B=9\nC=2\nD=4\n"
