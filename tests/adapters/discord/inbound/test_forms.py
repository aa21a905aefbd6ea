"""Commands as modals: what is asked, what is kept, and what comes back."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from discord import ui

from adapters.discord.inbound.forms import form, hidden_values, read_form, shown_parameters
from adapters.discord.render.custom_ids import ComponentAction, CustomIdSigner
from bot.app import Context
from bot.chat import mentions
from bot.chat.calls import Call
from bot.chat.cards import Card
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.features.registry import all_commands as every
from tests.protocol.discord_server.component_rules import check_modal

SEALS = CustomIdSigner(b"s" * 32, "7")
commands = Commands()


@commands("report")
async def report(
    ctx: Context,
    paper: Annotated[str, ParameterHint("which paper", here=True)],
    what: Annotated[Literal["summary", "quote", "link"], ParameterHint("what is wrong")],
    first: Annotated[str, ParameterHint("a", most=40)] = "",
    count: Annotated[int, ParameterHint("b")] = 1,
    third: Annotated[bool, ParameterHint("c")] = False,
    note: Annotated[str, ParameterHint("in your words", long=True)] = "",
    page: Annotated[int, ParameterHint("which page")] = 1,
) -> Card:
    """Say what is wrong."""
    return Card("")


@commands("place")
async def place(
    ctx: Context,
    channel: Annotated[object, ParameterHint("a channel", parse=mentions.parse_channel)] = None,
    who: Annotated[object, ParameterHint("a person", parse=mentions.parse_mention)] = None,
    often: Annotated[Literal["a", "b", "c", "d", "e", "f"], ParameterHint("how")] = "a",
) -> Card:
    """Say where."""
    return Card("")


def inputs(modal: ui.Modal) -> dict[str, Any]:
    return {child.component.custom_id: child.component for child in modal.children if isinstance(child, ui.Label)}  # type: ignore[attr-defined] # every input of ours has an id


def opened(name: str, here: bool = False, **given: str) -> ui.Modal:
    command = commands[name]
    return form(command, given, hidden_values(command, given, here=here), SEALS, here=here)


async def test_of_more_than_five_the_needed_and_the_long_ones_are_asked_in_their_order() -> None:
    assert list(inputs(opened("report"))) == ["paper", "what", "first", "count", "note"]
    assert list(inputs(opened("report", here=True))) == ["what", "first", "count", "third", "note"]


async def test_what_is_wrong_as_it_stands_is_asked_too() -> None:
    names = [param.name for param in shown_parameters(commands["report"], {"third": "perhaps"}, here=False)]
    assert names == ["paper", "what", "first", "third", "note"]


async def test_what_is_known_and_not_shown_is_carried() -> None:
    modal = opened("report", paper="12", third="yes")
    assert inputs(modal)["paper"].default == "12"
    assert SEALS.verify(modal.custom_id) == ("report third=yes", ComponentAction.FORM)


async def test_inputs_fit_what_they_ask_for() -> None:
    told = inputs(opened("report"))
    assert isinstance(told["what"], ui.RadioGroup)
    assert told["what"].required
    assert told["first"].max_length == 40
    assert told["note"].style.name == "paragraph"
    told = inputs(opened("place", channel="<#123456789012345678|papers>"))
    assert isinstance(told["channel"], ui.ChannelSelect)
    assert [value.id for value in told["channel"].default_values] == [123456789012345678]
    assert isinstance(told["who"], ui.MentionableSelect)
    assert isinstance(told["often"], ui.Select)


def test_fields_and_what_was_carried_become_one_call() -> None:
    data = {
        "components": [
            {"type": 18, "component": {"type": 4, "custom_id": "paper", "value": " 12 "}},
            {"type": 18, "component": {"type": 21, "custom_id": "what", "value": "quote"}},
            {"type": 18, "component": {"type": 23, "custom_id": "third", "value": False}},
            {"type": 18, "component": {"type": 4, "custom_id": "note", "value": ""}},
        ]
    }
    base = Call("report", (), (("count", "3"), ("paper", "9")))
    assert read_form(base, data) == Call(
        "report", (), (("count", "3"), ("paper", "12"), ("what", "quote"), ("third", "no"))
    )


def test_what_is_picked_becomes_a_mention() -> None:
    data = {
        "components": [
            {"type": 18, "component": {"type": 8, "custom_id": "channel", "values": ["12"]}},
            {"type": 18, "component": {"type": 7, "custom_id": "who", "values": ["13"]}},
        ],
        "resolved": {"channels": {"12": {"name": "pap>ers"}}, "roles": {"13": {"name": "readers"}}},
    }
    assert read_form(Call("place"), data).named == (("channel", "<#12|papers>"), ("who", "<@&13|readers>"))


@pytest.mark.parametrize("name", sorted(every))
async def test_the_form_of_every_command_is_taken_by_discord(name: str) -> None:
    command = every[name]
    if not command.params:
        return
    given = {param.name: "word " * 2000 for param in command.params}
    for typed in ({}, given):
        carries = Call("kept", ("17",)) if typed else hidden_values(command, typed, here=False)
        modal = form(command, typed, carries, SEALS, here=False)
        payload: Any = modal.to_dict()
        assert [str(problem) for problem in check_modal(payload)] == []
        assert len(modal.custom_id) <= 100
