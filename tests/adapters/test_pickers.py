"""What is picked from a platform's list of people, roles or channels means the same to every command."""

from __future__ import annotations

from datetime import date
from typing import Any
from unittest.mock import MagicMock

import discord
import pytest
from discord import app_commands

from adapters.discord.inbound import application_commands
from adapters.discord.inbound.forms import read_form
from adapters.slack.inbound import forms as slack_forms
from adapters.slack.inbound.mrkdwn_input import parse_command_text
from adapters.slack.transport.interaction import Origin
from bot.chat.calls import Call
from bot.chat.command import Command
from bot.chat.mentions import Mention, parse_channel, parse_mention, people_by_name
from bot.chat.named_mentions import with_names
from bot.chat.parameters import Parameter
from bot.domain.past_day_input import TypedDays
from bot.features.registry import all_commands

ID = 123456789012345678
ROLES = all_commands["clubadmin roles"]
CHANNELS = all_commands["clubadmin channels"]


def discord_choice(kind: type, name: str) -> str:
    """A choice from the list of an option of a slash command."""
    choice = MagicMock(spec=kind, id=ID)
    choice.name = choice.display_name = name
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


# -- every option of every command -------------------------------------------------------------------------
PARAMETERS = [(command, param) for command in all_commands.values() for param in command.params]
PEOPLE_OF_DISCORD = [discord_choice(discord.Member, "Ada"), discord_choice(discord.Role, "Leads")]
PEOPLE_OF_SLACK = ["<@U0123ABCD>", slack_typed("<!subteam^S0123ABCD|@leads>")]
CHANNELS_PICKED = [discord_choice(app_commands.AppCommandChannel, "papers"), "<#C0123ABCD>"]


def slack_option(command: Command, param: Parameter, value: str) -> str:
    """A value as it comes back from the field that Slack's form has for a parameter."""
    [field] = [
        block["element"]
        for block in slack_forms.form(command, {}, Origin())["blocks"]
        if block.get("block_id") == param.name
    ]
    kind = field["type"]
    if kind == "checkboxes":
        state: dict[str, Any] = {"selected_options": field["options"] if value == "yes" else []}
    elif kind in ("static_select", "external_select"):
        assert kind == "external_select" or value in [option["value"] for option in field["options"]]
        state = {"selected_option": {"value": value}}
    else:
        key = {
            "conversations_select": "selected_conversation",
            "users_select": "selected_user",
            "datepicker": "selected_date",
        }
        state = {key.get(kind, "value"): value}
    view = {"state": {"values": {param.name: {"f": {"type": kind, **state}}}}}
    return dict(slack_forms.read_form(command, view).named).get(param.name, "")


@pytest.mark.parametrize(
    ("command", "param"),
    [pytest.param(*both, id=f"{both[0].name} {both[1].name}") for both in PARAMETERS if both[1].values],
)
def test_every_option_of_a_menu_is_read_as_what_it_says(command: Command, param: Parameter) -> None:
    labels = [param.option(value) for value in param.values]
    assert len(set(labels)) == len(labels), "two options look the same"
    for value in param.values:
        read = param.read(value)
        assert (read is (value == "yes")) if param.type is bool else (str(getattr(read, "value", read)) == value)
        if param.hint.in_forms and not param.hint.varies:
            back = slack_option(command, param, value)
            assert back == ("" if param.type is bool and value == "no" and param.default is False else value)


@pytest.mark.parametrize(
    ("command", "param"),
    [
        pytest.param(*both, id=f"{both[0].name} {both[1].name}")
        for both in PARAMETERS
        if both[1].hint.parse in (parse_mention, parse_channel) or both[1].hint.people or both[1].type is date
    ],
)
def test_every_picker_of_people_channels_and_days_is_understood(command: Command, param: Parameter) -> None:
    if param.type is date:
        read = param.read(slack_option(command, param, "2026-11-23"))
        assert (read.first(date.min) if isinstance(read, TypedDays) else read) == date(2026, 11, 23)
    elif param.hint.parse is parse_channel:
        for picked in (*CHANNELS_PICKED, slack_option(command, param, "C0123ABCD")):
            assert param.read(picked).id in (str(ID), "C0123ABCD")
    elif param.hint.parse is parse_mention:
        for picked in (*PEOPLE_OF_DISCORD, *PEOPLE_OF_SLACK, slack_option(command, param, "U0123ABCD")):
            assert param.read(picked).id in (str(ID), "U0123ABCD", "S0123ABCD")
    else:
        for picked in (PEOPLE_OF_DISCORD[0], PEOPLE_OF_SLACK[0], slack_typed("<@U0123ABCD>")):
            mention = param.read(picked)
            assert parse_mention(mention).id in (str(ID), "U0123ABCD"), "the mention arrives whole"
            assert people_by_name(mention) in ("Ada", "ada", "U0123ABCD"), "and is shown as a name"


@pytest.mark.parametrize(
    ("line", "who", "words"),
    [
        ("curate member who=<@U0123ABCD|zoe> pause days=2 reason=too many", "<@U0123ABCD|zoe>", ("pause",)),
        ("curate member who=<@123456789012345678> resume", "<@123456789012345678>", ("resume",)),
        ("curate member who=Zoe Smith", "Zoe Smith", ()),
        ("clubadmin roles who=<!subteam^S0123ABCD|@leads> moderator", "<!subteam^S0123ABCD|@leads>", ("moderator",)),
    ],
)
def test_a_picked_person_ends_where_the_mention_ends(line: str, who: str, words: tuple[str, ...]) -> None:
    _command, call = all_commands.find(line)
    assert (dict(call.named)["who"], call.words) == (who, words)
