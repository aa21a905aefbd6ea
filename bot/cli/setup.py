"""Subcommand `setup`: ask for the tokens of Slack and Discord, test them there, and save them in `.env`."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from asyncio import CancelledError
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from getpass import getpass
from pathlib import Path
from tempfile import TemporaryDirectory

from dotenv import dotenv_values
from pydantic import SecretStr

from bot.cli.env_file import prepare_folder, save_values
from bot.cli.parser import configure_logs
from bot.errors import UserError
from bot.runtime.composition import open_app, platforms
from bot.settings import Settings, SettingsError, load

SLACK_BOT, SLACK_APP, DISCORD = (
    "JOURNALCLUB_SLACK__BOT_TOKEN",
    "JOURNALCLUB_SLACK__APP_TOKEN",
    "JOURNALCLUB_DISCORD__TOKEN",
)

ASKED_TWICE = 3
"""Attempts at the tokens of a platform before they are left out."""


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform, the way to its tokens, and the names of the tokens with a label and their beginning."""

    name: str
    way: str
    tokens: tuple[tuple[str, str, str], ...]


PLATFORMS = (
    Platform(
        "Slack",
        "  1. `journalclub manifest slack` prints the app. At api.slack.com/apps choose Create New App → From a\n"
        "     manifest, your workspace, and paste it as JSON.\n"
        "  2. Basic Information → App-Level Tokens → Generate, with the scope connections:write: an xapp- token.\n"
        "  3. Install App → Install to Workspace: an xoxb- token.",
        ((SLACK_APP, "App-level token", "xapp-"), (SLACK_BOT, "Bot token", "xoxb-")),
    ),
    Platform(
        "Discord",
        "  1. At discord.com/developers/applications choose New Application.\n"
        "  2. Bot → Reset Token shows the token once. No privileged intent is needed.",
        ((DISCORD, "Bot token", ""),),
    ),
)


@contextmanager
def _stopped_at_once() -> Iterator[None]:
    """Let Ctrl-C end a question. asyncio's own handler only cancels the task, which a question does not notice."""
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)


def _ask_line(question: str) -> str:
    with _stopped_at_once():
        return input(question)


def _ask_secret(question: str) -> str:
    with _stopped_at_once():
        return getpass(question)


@dataclass(frozen=True, slots=True)
class Prompts:
    """Functions that ask for input: a line that is shown while it is typed, and a secret that is not."""

    line: Callable[[str], str] = _ask_line
    secret: Callable[[str], str] = _ask_secret


async def run_setup(given: argparse.Namespace) -> int:
    """Ask for tokens, test them and save them. Returns the exit code: 1 if there are none then."""
    if not sys.stdin.isatty():
        raise UserError("`journalclub setup` asks questions, so it needs a terminal. docs/settings.md has the names.")
    try:
        configure_logs(Settings(), "error")
        return await connect_platforms(given.env_file, Prompts())
    except (EOFError, KeyboardInterrupt, CancelledError):  # the last: Ctrl-C while a platform is asked
        print("\nStopped. What was tested and found right before is saved.")
        return 1


async def connect_platforms(env_file: Path, prompts: Prompts) -> int:
    """Ask for the tokens of each platform that is wanted. Returns the exit code."""
    prepare_folder(env_file)
    print("This connects Journal Club to Slack, to Discord, or to both. Nothing is posted.\n")
    saved = kept = 0
    for platform in PLATFORMS:
        has_tokens = any(name in _written(env_file) for name, _label, _start in platform.tokens)
        question = f"{platform.name} has tokens already. Replace them?" if has_tokens else f"Connect {platform.name}?"
        if _agrees(prompts, question):
            saved += await _connect(platform, env_file, prompts, has_tokens=has_tokens)
        kept += has_tokens
        print()
    if not saved and not kept:
        print("Nothing was changed. `journalclub demo` shows a club without any account.")
        return 1
    if not saved:
        print("Nothing was changed: the tokens that were there stay. `journalclub doctor --online` tests them.\n")
    _say_what_is_next(load(_written(env_file), None))
    return 0


async def _connect(platform: Platform, env_file: Path, prompts: Prompts, *, has_tokens: bool) -> bool:
    """Ask for a platform's tokens until they work, and save them. False if they were given up."""
    print(f"\n{platform.way}\n")
    for _attempt in range(ASKED_TWICE):
        values = {name: _token(prompts, label, start) for name, label, start in platform.tokens}
        if not all(values.values()):
            break
        print(f"Testing with {platform.name} …", flush=True)
        problems = await _problems(platform, env_file, values)
        print("\n".join(f"  fix  {problem}" for problem in problems) or "It works.")
        if not problems or _agrees(prompts, "Save it all the same?"):
            save_values(env_file, values)
            print(f"Saved in {env_file}, which only you can read.")
            return True
    print(f"{platform.name} stays as it was." if has_tokens else f"{platform.name} is left out.")
    return False


async def _problems(platform: Platform, env_file: Path, values: Mapping[str, str]) -> Sequence[str]:
    """Problems with these tokens; empty if the platform accepts them. Asked with a database of its own."""
    others = tuple(f"JOURNALCLUB_{other.name.upper()}__" for other in PLATFORMS if other is not platform)
    given = {name: value for name, value in _written(env_file).items() if not name.startswith(others)}
    try:
        settings = load({**given, **values}, None)
    except SettingsError as error:
        return error.complaints
    with TemporaryDirectory() as folder:
        apart = settings.model_copy(update={"data_dir": Path(folder), "database_url": SecretStr("")})
        async with open_app(apart, platforms(apart)) as app:
            findings = [found for gateway in app.gateways.values() for found in await gateway.doctor("", [])]
    return [f"{finding.subject}: {finding.say}" for finding in findings if not finding.ok]


def _written(env_file: Path) -> dict[str, str]:
    """Values that are set in the file and in the environment, which wins."""
    in_file = {name: value for name, value in dotenv_values(env_file).items() if value}
    return {**in_file, **os.environ}


def _token(prompts: Prompts, label: str, start: str) -> str:
    """A token as it was pasted; empty to give up."""
    while True:
        typed = prompts.secret(f"{label}{f' ({start}…)' if start else ''}, or nothing to leave it out: ").strip()
        if not typed or typed.startswith(start):
            return typed
        print(f"  It should begin with {start}")


def _agrees(prompts: Prompts, question: str) -> bool:
    """True for yes, False for no or an empty answer; anything else is asked again."""
    while True:
        answer = prompts.line(f"{question} [y/N] ").strip().lower()
        if answer in ("y", "yes"):
            return True
        if answer in ("", "n", "no"):
            return False
        print("  Please answer y or n.")


def _say_what_is_next(settings: Settings) -> None:
    steps = (
        *(["`journalclub invite discord` prints the link that invites the bot."] if settings.discord.on else []),
        "`journalclub run` starts it.",
        *(["Invite the app to a channel on Slack: /invite @Journal Club."] if settings.slack.on else []),
        "Run /clubadmin setup in a channel there.",
    )
    print("What next?")
    print("\n".join(f"  {number}. {step}" for number, step in enumerate(steps, 1)))
