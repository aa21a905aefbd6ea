"""Declared commands as application commands: what Discord is told of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

import discord
import pytest
from discord import app_commands

from adapters.discord.inbound.application_commands import add_commands
from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Card
from bot.chat.command import Audience, Command, Reply
from bot.chat.commands import Commands
from bot.chat.parameters import Parameter, ParameterHint
from bot.features.registry import all_commands as every
from tests.protocol.discord_server.command_rules import check_command, check_scope

commands = Commands(about={"paper": "Papers."})


class Mood(StrEnum):
    GOOD = "good"
    BAD = "bad"


async def titles(ctx: Any, typed: str) -> Sequence[tuple[str, str]]:
    return [(f"{typed} and more", "1")]


@commands("paper bring", reply=Reply.PUBLIC)
async def bring(
    ctx: Context,
    why: Annotated[str, ParameterHint("why", long=True)] = "",
    link: Annotated[str, ParameterHint("a link", most=2000)] = "",
    mood: Annotated[Mood, ParameterHint("how it reads")] = Mood.GOOD,
    day: Annotated[date | None, ParameterHint("when")] = None,
    often: Annotated[int, ParameterHint("how often")] = 1,
    here: Annotated[bool, ParameterHint("whether here")] = False,
) -> Card:
    """Bring a paper, with a summary that is longer than the hundred characters that Discord has room for, by far."""
    return Card(link)


@commands("paper open")
async def open_(
    ctx: Context, paper: Annotated[str, ParameterHint("which", suggest=titles)], how: Literal["wide", "narrow"] = "wide"
) -> Card:
    """Open a paper."""
    return Card(paper)


@commands("curate edition draft", audience=Audience.MODERATOR)
async def draft(ctx: Context) -> Card:
    """Draft an edition."""
    return Card("")


@commands("admin", audience=Audience.ADMIN)
async def open_harness(ctx: Context) -> Card:
    """Look after the club."""
    return Card("")


class Heard:
    """Stands where the listeners do."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    async def said(self, interaction: discord.Interaction[Any], command: Command, call: Call) -> None:
        self.calls.append(call)

    async def suggest(
        self, interaction: discord.Interaction[Any], param: Parameter, typed: str
    ) -> Sequence[tuple[str, str]]:
        return [(f"{param.name}: {typed}" + "x" * 200, "1"), ("too long a word", "y" * 101), ("empty", "")] * 20


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
async def tree(heard: Heard) -> app_commands.CommandTree[discord.Client]:
    tree = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))
    add_commands(tree, commands, heard.said, heard.suggest)
    return tree


def payload(tree: app_commands.CommandTree[discord.Client]) -> dict[str, Any]:
    return {command.name: command.to_dict(tree) for command in tree.get_commands()}


def options(of: dict[str, Any], *path: str) -> dict[str, Any]:
    for name in path:
        of = next(option for option in of["options"] if option["name"] == name)
    return {option["name"]: option for option in of.get("options", ())}


async def test_roots_groups_and_subcommands(tree: app_commands.CommandTree[discord.Client]) -> None:
    told = payload(tree)
    assert list(told) == ["paper", "curate", "admin"]
    assert told["paper"]["description"] == "Papers."
    assert list(options(told["paper"])) == ["bring", "open"]
    assert list(options(told["curate"], "edition")) == ["draft"]
    assert all(command["contexts"] == [0, 1] for command in told.values()), "in servers and in direct messages"


async def test_roots_are_hidden_from_whom_they_are_not_for(tree: app_commands.CommandTree[discord.Client]) -> None:
    told = payload(tree)
    assert told["paper"]["default_member_permissions"] is None
    assert told["curate"]["default_member_permissions"] == discord.Permissions(manage_messages=True).value
    assert told["admin"]["default_member_permissions"] == discord.Permissions(manage_guild=True).value


async def test_members_see_the_roots_that_are_for_them(heard: Heard) -> None:
    tree: app_commands.CommandTree[discord.Client] = app_commands.CommandTree(
        discord.Client(intents=discord.Intents.none())
    )
    add_commands(tree, every, heard.said, heard.suggest)
    shown_to = {name: root["default_member_permissions"] for name, root in payload(tree).items()}
    moderators, admins = (discord.Permissions(**{right: True}).value for right in ("manage_messages", "manage_guild"))
    assert {name for name, right in shown_to.items() if right is None} == {"paper", "my", "club", "digest", "help"}
    assert {name for name, right in shown_to.items() if right == moderators} == {"curate", "edition"}
    assert {name for name, right in shown_to.items() if right == admins} == {"clubadmin"}


async def test_options_have_types_hints_choices_and_bounds(tree: app_commands.CommandTree[discord.Client]) -> None:
    told = options(payload(tree)["paper"], "bring")
    kinds = {name: option["type"] for name, option in told.items()}
    assert kinds == {"why": 3, "link": 3, "mood": 3, "day": 3, "often": 4, "here": 5}
    assert [choice["value"] for choice in told["mood"]["choices"]] == ["good", "bad"]
    assert told["link"]["max_length"] == 2000
    assert told["day"]["description"] == "when"
    assert len(options(payload(tree)["paper"])["bring"]["description"]) == 100


async def test_required_options_come_first(tree: app_commands.CommandTree[discord.Client]) -> None:
    told = options(payload(tree)["paper"], "open")
    assert [(name, option.get("required", False)) for name, option in told.items()] == [("paper", True), ("how", False)]
    assert told["paper"]["autocomplete"]


async def test_suggestions_fit_and_are_at_most_25(tree: app_commands.CommandTree[discord.Client]) -> None:
    group = tree.get_command("paper")
    assert isinstance(group, app_commands.Group)
    command = group.get_command("open")
    assert isinstance(command, app_commands.Command)
    interaction: Any = None
    found = await command._params["paper"].autocomplete(interaction, "att")  # type: ignore[misc] # bound or not is not told
    assert len(found) == 20
    assert all(choice.value == "1" and len(choice.name) <= 100 for choice in found)


async def test_what_was_chosen_becomes_the_words_one_would_type(
    tree: app_commands.CommandTree[discord.Client], heard: Heard
) -> None:
    group = tree.get_command("paper")
    assert isinstance(group, app_commands.Group)
    command = group.get_command("bring")
    assert isinstance(command, app_commands.Command)
    await command.callback(None, link="x y", often=3, here=True, why=None)  # type: ignore[call-arg, arg-type] # planted by us
    assert heard.calls == [Call("paper bring", (), (("link", "x y"), ("often", "3"), ("here", "yes")))]


async def test_every_command_of_the_club_is_taken_by_discord(heard: Heard) -> None:
    tree = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))
    add_commands(tree, every, heard.said, heard.suggest)
    told: Any = [command.to_dict(tree) for command in tree.get_commands()]
    assert [str(problem) for problem in [*check_scope(told), *(p for c in told for p in check_command(c))]] == []
