"""What is picked from a platform's list of people, roles or channels means the same to every command."""

from __future__ import annotations

from unittest.mock import MagicMock

import discord
import pytest
from discord import app_commands

from adapters.discord.inbound import application_commands
from adapters.discord.inbound.forms import read_form
from adapters.slack.inbound import forms as slack_forms
from adapters.slack.inbound.mrkdwn_input import parse_command_text, with_names
from bot.chat.calls import Call
from bot.chat.mentions import Mention, parse_channel, parse_mention
from bot.features.registry import all_commands

ID = 123456789012345678
ROLES = all_commands["clubadmin roles"]
CHANNELS = all_commands["clubadmin channels"]


def discord_choice(kind: type, name: str) -> str:
    """A choice from the list of an option of a slash command."""
    choice = MagicMock(spec=kind, id=ID)
    choice.name = name
    return application_commands.mention(choice)


def discord_form_choice(kind: str, name: str) -> str:
    """A choice from a menu of a form."""
    data = {
        "components": [{"component": {"custom_id": "who", "values": [str(ID)]}}],
        "resolved": {kind: {str(ID): {"name": name}}},
    }
    return dict(read_form(Call("clubadmin roles"), data).named)["who"]


def slack_form_choice(command: str, param: str, state: dict[str, str]) -> str:
    view = {"state": {"values": {param: {"f": state}}}}
    return dict(slack_forms.read_form(all_commands[command], view).named)[param]


def slack_typed(text: str) -> str:
    """A choice from the list that @ opens, in the text of a slash command."""
    call = Call("clubadmin roles", (), (("who", parse_command_text(text)),))
    return dict(with_names(ROLES, call, {"U0123ABCD": "ada"}).named)["who"]


PERSON, ROLE = Mention(str(ID), "Ada"), Mention(str(ID), "Reading leads", group=True)


@pytest.mark.parametrize(
    ("picked", "meant"),
    [
        (discord_choice(discord.Member, "Ada"), PERSON),
        (discord_choice(discord.User, "Ada"), PERSON),
        (discord_choice(discord.Role, "Reading leads"), ROLE),
        (discord_choice(discord.Role, "<Reading| leads>"), ROLE),
        (discord_choice(discord.Role, "@everyone"), Mention(str(ID), "everyone", group=True)),
        (discord_form_choice("users", "Ada"), PERSON),
        (discord_form_choice("roles", "Reading leads"), ROLE),
        (
            slack_form_choice("clubadmin roles", "who", {"type": "users_select", "selected_user": "U0123ABCD"}),
            Mention("U0123ABCD"),
        ),
        (slack_typed("<@U0123ABCD>"), Mention("U0123ABCD", "ada")),
        (slack_typed("<@U0123ABCD|ada.l>"), Mention("U0123ABCD", "ada.l")),
        (slack_typed("<!subteam^S0123ABCD|@leads>"), Mention("S0123ABCD", "leads", group=True)),
    ],
)
def test_people_and_roles_of_every_list_are_understood(picked: str, meant: Mention) -> None:
    assert parse_mention(picked) == meant
    read = ROLES.read(Call("clubadmin roles", (), (("role", "moderator"), ("who", picked))), here=False)
    assert read["who"] == meant


@pytest.mark.parametrize(
    ("picked", "meant"),
    [
        (discord_choice(app_commands.AppCommandChannel, "papers"), Mention(str(ID), "papers")),
        (discord_choice(app_commands.AppCommandThread, "papers"), Mention(str(ID), "papers")),
        (discord_form_choice("channels", "papers"), Mention(str(ID), "papers")),
        (
            slack_form_choice(
                "clubadmin channels",
                "channel",
                {"type": "conversations_select", "selected_conversation": "C0123ABCD"},
            ),
            Mention("C0123ABCD"),
        ),
        (parse_command_text("<#C0123ABCD|papers>"), Mention("C0123ABCD", "papers")),
        (parse_command_text("<#C0123ABCD>"), Mention("C0123ABCD")),
    ],
)
def test_channels_of_every_list_are_understood(picked: str, meant: Mention) -> None:
    assert parse_channel(picked) == meant
    read = CHANNELS.read(Call("clubadmin channels", (), (("purpose", "papers"), ("channel", picked))), here=False)
    assert read["channel"] == meant
