"""What both platforms take of commands: all that is declared leaves room, and whatever leaves none is named."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import discord
import pytest
from discord import app_commands

from adapters.discord.inbound.application_commands import add_commands
from adapters.discord.inbound.command_limits import CommandMeasures
from adapters.discord.inbound.localization import CommandTranslator
from adapters.discord.inbound.message_menus import MENUS
from adapters.slack.inbound.command_limits import measures
from adapters.slack.setup.manifest import SHORTCUTS, Shortcut
from bot.chat.commands import Commands
from bot.chat.limits import LimitUsage
from bot.chat.parameters import ParameterHint
from bot.cli import command_limits
from bot.features.registry import all_commands as every
from tests.protocol.discord_server.command_rules import characters

GERMAN = {"edition": "ausgabe-der-gesamten-gruppe", "Approve the draft": "x", "markdown": "auszeichnung"}


def declare(commands: Commands, name: str, summary: str = "Do so.", **options: Any) -> Commands:
    """Declare a command whose options have the given hints (texts) or choices (tuples of words)."""

    async def handler(ctx: Any) -> None: ...

    handler.__doc__ = summary
    handler.__annotations__ = {
        name: Annotated[Literal[given], ParameterHint("which")]
        if isinstance(given, tuple)
        else Annotated[str, ParameterHint(str(given))]
        for name, given in options.items()
    }
    asked = [inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD) for name in ("ctx", *options)]
    handler.__signature__ = inspect.Signature(asked)  # type: ignore[attr-defined] # a function may have one
    commands(name)(handler)
    return commands


def many(names: Mapping[str, int], **options: Any) -> Commands:
    """Commands by numbered names: `{"paper do{}": 3}`."""
    commands = Commands()
    for name, count in names.items():
        for number in range(count):
            declare(commands, name.format(number), **options)
    return commands


def hints(count: int, text: str = "which") -> dict[str, Any]:
    return {f"o{number}": text for number in range(count)}


def shortcuts(count: int, name: str = "Do", description: str = "Do it") -> tuple[Shortcut, ...]:
    return tuple(Shortcut(f"s{number}", name, "message", description) for number in range(count))


def discord_over(commands: Commands, menus: tuple[str, ...] = (), **names: Mapping[str, str]) -> list[LimitUsage]:
    return [measure for measure in CommandMeasures(commands, menus, names).all() if not measure.fits]


def slack_over(commands: Commands, prefix: str = "", entries: tuple[Shortcut, ...] = ()) -> list[LimitUsage]:
    return [measure for measure in measures(commands, prefix, entries) if not measure.fits]


def one(summary: str = "Do so.", name: str = "paper do", **options: Any) -> Commands:
    return declare(Commands(), name, summary, **options)


def choices(count: int, length: int = 4) -> tuple[str, ...]:
    return tuple(f"{number:0{length}}" for number in range(count))


def long(total: int) -> Commands:
    """A root of so many characters: three commands with many options, some of 90 characters, one that fills up."""
    commands = many({"paper s{}": 3}, **hints(22, "h" * 90))
    options = sum(len(f"o{number}") + 90 for number in range(22))
    left = total - len("paper" + "Commands under /paper.") - 3 * (len("s0" + "Do so.") + options)
    for number in range((left - 5) // 90):
        declare(commands, f"paper z{number:02}", "d" * 87)
    left -= (left - 5) // 90 * 90
    return declare(commands, "paper last", "d" * (left - len("last")))


Over = Callable[[int], list[LimitUsage]]

DISCORD: dict[str, tuple[int, str, Over]] = {
    "commands": (90, "commands", lambda n: discord_over(many({"root{}": n}))),
    "menu": (13, "entries in the menu of a message", lambda n: discord_over(one(), ("Do",) * n)),
    "menu name": (28, "characters of its name", lambda n: discord_over(one(), ("d" * n,))),
    "characters": (7200, "characters", lambda n: discord_over(long(n))),
    "subcommands": (22, "subcommands", lambda n: discord_over(many({"paper do{}": n}))),
    "subcommands of a group": (22, "subcommands", lambda n: discord_over(many({"paper item do{}": n}))),
    "groups count too": (22, "subcommands", lambda n: discord_over(many({"paper do{}": n - 1, "paper item do{}": 2}))),
    "levels": (3, "levels", lambda n: discord_over(one(name=" ".join(["do"] * n)))),
    "options": (22, "options", lambda n: discord_over(one(**hints(n)))),
    "choices": (22, "choices", lambda n: discord_over(one(how=choices(n)))),
    "choice": (90, "characters of its choice", lambda n: discord_over(one(how=choices(2, n)))),
    "name": (28, "characters of its name", lambda n: discord_over(one(name="paper " + "d" * n))),
    "name of a root": (28, "characters of its name", lambda n: discord_over(one(name="d" * n + " do"))),
    "name of an option": (28, "characters of its name", lambda n: discord_over(one(**{"o" * n: "which"}))),
    "description": (90, "characters of its description", lambda n: discord_over(one("d" * n))),
    "description of an option": (90, "characters of its description", lambda n: discord_over(one(how="h" * n))),
    "description of a group": (
        90,
        "characters of its description",
        lambda n: discord_over(Commands(about={"paper": "d" * n}).include(one())),
    ),
    "translated description": (
        90,
        "characters of its description",
        lambda n: discord_over(one(), de={"Do so.": "Tu es."}, fr={"Do so.": "f" * n}),
    ),
}

SLACK: dict[str, tuple[int, str, Over]] = {
    "commands": (45, "slash commands", lambda n: slack_over(many({"r{}": n}))),
    "name": (28, "characters of its name", lambda n: slack_over(one(name="d" * (n - 1) + " do"))),
    "name with its prefix": (28, "characters of its name", lambda n: slack_over(one(), "p" * (n - 6))),
    "description": (
        1800,
        "characters of its description",
        lambda n: slack_over(Commands(about={"paper": "d" * n}).include(one())),
    ),
    "usage hint": (900, "characters of its usage hint", lambda n: slack_over(one(name="paper " + "d" * (n - 2)))),
    "shortcuts": (9, "shortcuts", lambda n: slack_over(one(), "", shortcuts(n))),
    "name of a shortcut": (24, "characters of its name", lambda n: slack_over(one(), "", shortcuts(1, "n" * n))),
    "description of a shortcut": (
        135,
        "characters of its description",
        lambda n: slack_over(one(), "", shortcuts(1, "Do", "d" * n)),
    ),
    "blocks of a form": (90, "blocks", lambda n: slack_over(one(**hints(n - 1)))),
    "label of a field": (1800, "characters of its label", lambda n: slack_over(one(how="h" * n))),
    "options of a field": (90, "options", lambda n: slack_over(one(how=choices(n)))),
    "an option": (67, "characters of an option", lambda n: slack_over(one(how=choices(1, n)))),
}


def test_all_that_is_declared_leaves_a_tenth_free() -> None:
    assert discord_over(every, MENUS) == []
    assert slack_over(every, "", SHORTCUTS) == []


@pytest.mark.parametrize("limit", DISCORD)
def test_what_fills_the_last_tenth_of_a_limit_of_discord_is_named(limit: str) -> None:
    most, unit, over = DISCORD[limit]
    assert over(most) == []
    found = over(most + 1)
    assert found
    assert {measure.used for measure in found} == {most + 1}
    assert all(measure.unit == unit for measure in found), found


@pytest.mark.parametrize("limit", SLACK)
def test_what_fills_the_last_tenth_of_a_limit_of_slack_is_named(limit: str) -> None:
    most, unit, over = SLACK[limit]
    assert over(most) == []
    found = over(most + 1)
    assert found
    assert {measure.used for measure in found} == {most + 1}
    assert all(measure.unit == unit for measure in found), found


@pytest.mark.parametrize("names", [{}, {"de": GERMAN, "fr": {"edition": "e"}}], ids=["English", "translated"])
async def test_characters_are_counted_as_discord_counts_them(names: dict[str, dict[str, str]]) -> None:
    tree: app_commands.CommandTree[Any] = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))
    nobody: Any = None
    add_commands(tree, every, nobody, nobody)
    sent = {
        command.name: characters(await command.get_translated_payload(tree, CommandTranslator(names)))
        for command in tree.get_commands()
    }
    measured = {m.subject: m.used for m in CommandMeasures(every, names=names).all() if m.unit == "characters"}
    assert measured == {f"Discord /{name}": count for name, count in sent.items()}


def test_the_check_lists_the_fullest_of_each_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert command_limits.main([]) == 0
    listed = capsys.readouterr().out
    for unit in ("subcommands", "7,200 at most", "slash commands", "blocks"):
        assert unit in listed


def test_long_names_in_another_language_are_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hints = {param.hint.label for command in every.under("edition") for param in command.params}
    path = tmp_path / "names.json"
    path.write_text(json.dumps({"de": dict.fromkeys(hints, "ü" * 89 + ".")}), "utf-8")
    assert command_limits.main(["--names", str(path)]) == 1
    assert re.search(r"Discord /edition: [\d,]+ of 8,000 characters", capsys.readouterr().err)
    path.write_text("{", "utf-8")
    assert command_limits.main(["--names", str(path)]) == 1
    assert "cannot be read" in capsys.readouterr().err


def test_measures_of_slacks_forms_are_named_after_their_own_parameter() -> None:
    commands = declare(Commands(), "paper do", kind=("one", "two"), other="which")
    subjects = {usage.subject for usage in measures(commands)}
    assert {"Slack's form of /paper do, kind=two", "Slack's form of /paper do, other"} <= subjects
