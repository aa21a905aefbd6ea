"""Names in other languages: read from a file, and only those that Discord takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import app_commands

from adapters.discord.inbound.application_commands import add_commands
from adapters.discord.inbound.localization import load_translations
from adapters.discord.inbound.message_menus import add_message_menus
from bot.errors import UserError
from bot.features.registry import all_commands

GERMAN = {
    "paper": "papier",
    "submit": "einreichen",
    "link": "verweis",
    "Submit this paper": "Dieses Paper einreichen",
    "Curate this": "x" * 33,
    "vote": "stimme",
    "Vote for a paper": "y" * 101,
}


def written(folder: Path, lists: object) -> str:
    path = folder / "names.json"
    path.write_text(lists if isinstance(lists, str) else json.dumps(lists), "utf-8")
    return str(path)


async def told(path: str) -> list[dict[str, Any]]:
    """What Discord would be told of the commands."""
    client = discord.Client(intents=discord.Intents.none())
    tree: app_commands.CommandTree[Any] = app_commands.CommandTree(client)
    listeners: Any = None
    add_commands(tree, all_commands, listeners, listeners)
    add_message_menus(tree, listeners)
    tongues = load_translations(path)
    kinds = (discord.AppCommandType.chat_input, discord.AppCommandType.message)
    return [
        await command.get_translated_payload(tree, tongues)
        for kind in kinds
        for command in tree.get_commands(type=kind)
    ]


async def test_people_see_names_in_their_language(tmp_path: Path) -> None:
    payloads = {payload["name"]: payload for payload in await told(written(tmp_path, {"de": GERMAN}))}
    assert payloads["paper"]["name_localizations"] == {"de": "papier"}
    submit = next(option for option in payloads["paper"]["options"] if option["name"] == "submit")
    assert submit["name_localizations"] == {"de": "einreichen"}
    link = next(option for option in submit["options"] if option["name"] == "link")
    assert link["name_localizations"] == {"de": "verweis"}
    assert payloads["Submit this paper"]["name_localizations"] == {"de": "Dieses Paper einreichen"}
    assert not payloads["Curate this"]["name_localizations"], "too long for Discord, so it stays English"
    assert not payloads["my"]["name_localizations"]


@pytest.mark.parametrize(
    ("lists", "say"),
    [
        ("{", "cannot be read"),
        ([], "a list for each language"),
        ({"de": []}, "a list for each language"),
        ({"xx": {}}, "knows no language xx"),
        ({"de": {"paper": ""}}, "has no name"),
        ({"de": {"paper": "ein Papier"}}, "cannot be a command's name"),
        ({"de": {"paper": "Papier"}}, "cannot be a command's name"),
    ],
)
def test_what_is_wrong_in_the_file_is_said(tmp_path: Path, lists: object, say: str) -> None:
    with pytest.raises(UserError, match=say):
        load_translations(written(tmp_path, lists))


async def test_hints_and_options_are_german_without_a_file() -> None:
    payloads = {payload["name"]: payload for payload in await told("")}
    submit = next(option for option in payloads["paper"]["options"] if option["name"] == "submit")
    assert submit["description_localizations"] == {"de": "Ein Paper beim Club einreichen."}
    assert not submit["name_localizations"], "commands are typed as the documentation names them"
    find = next(option for option in payloads["paper"]["options"] if option["name"] == "find")
    scope = next(option for option in find["options"] if option["name"] == "scope")
    club = next(choice for choice in scope["choices"] if choice["value"] == "club")
    assert (club["name"], club["name_localizations"]) == ("The club’s list", {"de": "Liste des Clubs"})
