"""People on the local Discord: what they type, choose and fill in, written as Discord writes it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.protocol.discord_reader import Reader
from tests.protocol.discord_server import ActionUnavailable, Channel, DiscordServer, FormRefused, LocalGuild, Person
from tests.protocol.discord_server.__main__ import Keyboard
from tests.protocol.discord_server.client import running
from tests.protocol.discord_server.permissions import SEND_MESSAGES, USE_APPLICATION_COMMANDS
from tests.protocol.discord_wire import MUTE, V2, Body, Wire, command, option, row


async def typed(wire: Wire, ada: Person, papers: Channel, given: Body, value: object) -> Any:
    """The option as it is sent."""
    await wire.register(command(options=[option("x", **given)]))
    seen = await ada.command("/paper", papers, wait="nothing", x=value)
    return seen.interaction.data


OPTIONS: dict[str, tuple[Body, object, object]] = {
    "text": ({"kind": 3}, "a", "a"),
    "text at most": ({"kind": 3, "max_length": 2}, "ab", "ab"),
    "choice by name": ({"kind": 3, "choices": [{"name": "A", "value": "a"}]}, "A", "a"),
    "whole number": ({"kind": 4, "min_value": 1}, 1, 1),
    "yes or no": ({"kind": 5}, True, True),
    "number": ({"kind": 10, "max_value": 2}, 1.5, 1.5),
}
REFUSED: dict[str, tuple[Body, object]] = {
    "text too long": ({"kind": 3, "max_length": 2}, "abc"),
    "text beyond 6,000": ({"kind": 3}, "x" * 6001),
    "no such choice": ({"kind": 3, "choices": [{"name": "A", "value": "a"}]}, "B"),
    "number too small": ({"kind": 4, "min_value": 1}, 0),
    "no whole number": ({"kind": 4}, 1.5),
    "yes is no number": ({"kind": 4}, True),
    "no number": ({"kind": 10}, "1"),
    "neither yes nor no": ({"kind": 5}, "yes"),
    "nobody": ({"kind": 6}, "Ada"),
    "no channel": ({"kind": 7}, "papers"),
    "no role": ({"kind": 8}, "readers"),
    "nothing to mention": ({"kind": 9}, "Ada"),
}


@pytest.mark.parametrize("what", OPTIONS)
async def test_an_option_is_sent_as_its_type(wire: Wire, ada: Person, papers: Channel, what: str) -> None:
    given, value, sent = OPTIONS[what]
    data = await typed(wire, ada, papers, given, value)
    assert data["options"] == [{"type": given["kind"], "name": "x", "value": sent}]


@pytest.mark.parametrize("what", REFUSED)
async def test_an_option_takes_only_its_type(wire: Wire, ada: Person, papers: Channel, what: str) -> None:
    given, value = REFUSED[what]
    with pytest.raises(ActionUnavailable):
        await typed(wire, ada, papers, given, value)


async def test_things_are_sent_along_with_their_ids(
    wire: Wire, guild: LocalGuild, ada: Person, papers: Channel
) -> None:
    readers = guild.role("readers")
    paper = ada.file(papers, "paper.pdf", b"pdf")
    for kind, thing, part in ((6, ada, "users"), (7, papers, "channels"), (8, readers, "roles")):
        data = await typed(wire, ada, papers, {"kind": kind}, thing)
        assert data["options"][0]["value"] == str(thing.id)
        assert str(thing.id) in data["resolved"][part]
    assert "members" in (await typed(wire, ada, papers, {"kind": 9}, ada))["resolved"]
    data = await typed(wire, ada, papers, {"kind": 11}, paper)
    assert data["resolved"]["attachments"][str(paper.id)]["filename"] == "paper.pdf"
    async with wire.session.get(paper.url) as answer:
        assert await answer.read() == b"pdf"
    with pytest.raises(ActionUnavailable):
        await typed(wire, ada, papers, {"kind": 7, "channel_types": [15]}, papers)


async def test_a_command_is_shown_to_whom_and_where_it_should(
    wire: Wire, discord: DiscordServer, guild: LocalGuild, ada: Person, papers: Channel
) -> None:
    await wire.register(command(default_member_permissions=0, contexts=[0]))
    with pytest.raises(ActionUnavailable, match="shown only"):
        await ada.command("/paper", papers, wait="nothing")
    admin = guild.member("Root", permissions=1 << 3)
    await admin.command("/paper", papers, wait="nothing")
    with pytest.raises(ActionUnavailable, match="not shown here"):
        await admin.command("/paper", admin.private, wait="nothing")
    guild.state.roles[guild.id].permissions &= ~USE_APPLICATION_COMMANDS
    with pytest.raises(ActionUnavailable, match="switched off"):
        await guild.member("Eve").command("/paper", papers, wait="nothing")
    path = f"/applications/{discord.world.application_id}/guilds/{guild.id}/commands"
    await wire.ask("PUT", path, [command(description="Of this guild.")])
    guild.state.roles[guild.id].permissions |= USE_APPLICATION_COMMANDS
    seen = await ada.command("/paper", papers, wait="nothing")
    assert seen.interaction.data["guild_id"] == str(guild.id), "a guild's own command comes first"


async def test_nobody_writes_where_they_may_not(guild: LocalGuild, ada: Person, papers: Channel) -> None:
    guild.state.roles[guild.id].permissions &= ~SEND_MESSAGES
    with pytest.raises(ActionUnavailable, match="may not write"):
        ada.say(papers, "hello")


async def test_menus_of_people_and_channels(wire: Wire, discord: DiscordServer, ada: Person, papers: Channel) -> None:
    menus = [row({"type": kind, "custom_id": f"m{kind}", "min_values": 0}) for kind in (5, 7, 8)]
    grayed = [
        row(
            {"type": 2, "style": 1, "label": "Off", "custom_id": "off", "disabled": True},
            {"type": 2, "style": 5, "label": "Read", "url": "https://arxiv.org"},
        )
    ]
    path = f"/channels/{papers.id}/messages"
    assert (await wire.ask("POST", path, {"components": menus + grayed, "flags": V2, **MUTE}))[0] == 200
    card = papers.last
    assert card.buttons == ["Off", "Read"]
    seen = await ada.select(card, "m8", [papers], wait="nothing")
    assert seen.interaction.data["resolved"]["channels"][str(papers.id)]["name"] == "papers"
    seen = await ada.select(card, "m5", [], wait="nothing")
    assert (seen.interaction.data["values"], seen.interaction.data["resolved"]) == ([], {})
    for button, why in (("Off", "greyed out"), ("Read", "leads elsewhere"), ("Gone", "no button")):
        with pytest.raises(ActionUnavailable, match=why):
            await ada.click(card, button)
    with pytest.raises(ActionUnavailable, match="no menu"):
        await ada.select(card, "m9", [])


def label(text: str, component: Body) -> Body:
    return {"type": 18, "label": text, "component": component}


def choices(*names: str, **chosen: bool) -> list[Body]:
    return [{"label": name, "value": name.lower(), "default": chosen.get(name, False)} for name in names]


FIELDS: list[Body] = [
    label("Text", {"type": 4, "custom_id": "text", "style": 1, "value": "as it was", "required": False}),
    label("Channel", {"type": 8, "custom_id": "channel", "required": False}),
    label("Topics", {"type": 22, "custom_id": "topics", "options": choices("Theory", "Vision", Vision=True)}),
    label("Mail me", {"type": 23, "custom_id": "mail", "default": True}),
    label("Level", {"type": 21, "custom_id": "level", "options": choices("Easy", "Hard", Hard=True)}),
]


async def opened(wire: Wire, ada: Person, papers: Channel, *components: Body) -> Any:
    """A form in front of Ada."""
    await wire.register(command())
    seen = await ada.command("/paper", papers, wait="nothing")
    form = {"custom_id": "form", "title": "A form", "components": list(components)}
    assert (await wire.answer(seen.interaction, {"type": 9, "data": form}))[0] == 204
    return seen


async def test_a_form_of_all_kinds_is_sent_as_filled_in(wire: Wire, ada: Person, papers: Channel) -> None:
    preset = {"type": 8, "custom_id": "channel", "default_values": [{"id": str(papers.id), "type": "channel"}]}
    seen = await opened(wire, ada, papers, FIELDS[0], label("Channel", preset), *FIELDS[2:])
    assert seen.form.prefilled == {
        "Text": "as it was",
        "Channel": [str(papers.id)],
        "Topics": ["vision"],
        "Mail me": True,
        "Level": "hard",
    }
    sent = await ada.submit_modal(seen, {"Topics": ["Theory", "vision"], "Mail me": False}, wait="nothing")
    parts = [part["component"] for part in sent.interaction.data["components"]]
    answers = {part["custom_id"]: part.get("value", part.get("values")) for part in parts}
    assert answers == {
        "text": "as it was",
        "channel": [str(papers.id)],
        "topics": ["theory", "vision"],
        "mail": False,
        "level": "hard",
    }
    assert sent.interaction.data["resolved"]["channels"].keys() == {str(papers.id)}
    assert sent.interaction.data["custom_id"] == "form"


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"Text": "two\nlines"}, "one line"),
        ({"Topics": []}, "'Topics' is required"),
        ({"Topics": ["Theory", "Vision", "theory"]}, "not 3"),
        ({"Topics": ["Cooking"]}, "no option"),
        ({"Colour": "red"}, "no field"),
    ],
)
async def test_a_form_is_refused_as_discord_refuses_it(
    wire: Wire, ada: Person, papers: Channel, values: Body, why: str
) -> None:
    seen = await opened(wire, ada, papers, *FIELDS)
    with pytest.raises(FormRefused, match=why):
        await ada.submit_modal(seen, values)


async def test_a_file_is_handed_in(wire: Wire, ada: Person, papers: Channel) -> None:
    seen = await opened(wire, ada, papers, label("Paper", {"type": 19, "custom_id": "paper"}))
    sent = await ada.submit_modal(seen, {"Paper": [ada.file(papers, "x.bib", b"@article")]}, wait="nothing")
    (part,) = sent.interaction.data["resolved"]["attachments"].values()
    assert part["filename"] == "x.bib"


async def test_an_old_form_has_its_fields_in_rows(wire: Wire, ada: Person, papers: Channel) -> None:
    field = {"type": 4, "custom_id": "why", "style": 2, "label": "Why", "min_length": 2}
    seen = await opened(wire, ada, papers, {"type": 1, "components": [field]}, {"type": 10, "content": "Hello"})
    with pytest.raises(FormRefused, match="2 to 4000"):
        await ada.submit_modal(seen, {"Why": "x"})
    sent = await ada.submit_modal(seen.form, {"Why": "because"}, wait="nothing")
    row_sent, text_sent = sent.interaction.data["components"]
    assert row_sent["components"][0]["value"] == "because"
    assert text_sent["type"] == 10


async def test_what_did_not_happen_is_not_to_be_seen(wire: Wire, ada: Person, papers: Channel) -> None:
    await wire.register(command())
    seen = await ada.command("/paper", papers, wait="nothing")
    for look in ("message", "form"):
        with pytest.raises(ActionUnavailable):
            getattr(seen, look)
    assert "unanswered" in repr(seen)


async def test_the_keyboard_of_the_lone_server(discord: DiscordServer) -> None:
    keyboard = Keyboard(discord)
    async with running(Reader(), discord):
        assert await keyboard.read("hello") == ""
        assert await keyboard.read("context Quote me") == "(only you) > hello"
        assert await keyboard.read("/paper submit link='a b' stars=2 private=no") == "## a b **\n0 votes\n[Vote]"
        assert await keyboard.read("as Bob") == "you are Bob"
        assert "1 votes" in await keyboard.read("click Vote")
        assert "theory" in await keyboard.read("choose topics Theory")
        assert await keyboard.read("in moderators") == "you are in moderators"
        assert await keyboard.read("/paper form") == "[form 'Why this paper?': Why, Level]"
        assert await keyboard.read("fill Why=because Level=Easy") == "(only you) because / easy"
        assert await keyboard.read("") == ""
    with pytest.raises(KeyError):
        await keyboard.read("as Nobody")
