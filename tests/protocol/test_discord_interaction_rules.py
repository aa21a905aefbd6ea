"""The life of an interaction on the local Discord: once, in time, and of a kind that fits; forms and suggestions."""

from __future__ import annotations

from typing import Any

import pytest

from tests.protocol.discord_server import Channel, DiscordServer, InteractionResult, Person
from tests.protocol.discord_server.interaction import Interaction
from tests.protocol.discord_wire import MUTE, V2, Body, Wire, command, option, v2, words

BREAKS_RULES = True


def form(count: int = 1, **parts: Any) -> Body:
    fields = [
        {"type": 18, "label": "l", "component": {"type": 4, "custom_id": f"f{n}", "style": 1}} for n in range(count)
    ]
    return {"custom_id": "form", "title": "t", "components": fields, **parts}


def radio(count: int) -> Body:
    options = [{"label": f"{n}", "value": f"{n}"} for n in range(count)]
    return {"type": 18, "label": "l", "component": {"type": 21, "custom_id": "r", "options": options}}


def field(**parts: Any) -> Body:
    """A form with one text field."""
    inner = {"type": 4, "custom_id": "f", "style": 1, **parts}
    return form(components=[{"type": 18, "label": "l", "component": inner}])


def old_field(**parts: Any) -> Body:
    """A form with one text field in a row, as forms were until 2025."""
    return form(components=[{"type": 1, "components": [{"type": 4, "custom_id": "f", "style": 1, **parts}]}])


FORMS: dict[str, tuple[Body, Body]] = {
    "one label a field": (field(), field(label="l")),
    "a label in a row": (old_field(label="l"), old_field()),
    "prefilled within bounds": (field(value="xx", max_length=2), field(value="xxx", max_length=2)),
    "shortest within longest": (field(min_length=2, max_length=2), field(min_length=3, max_length=2)),
    "five components": (form(5), form(6)),
    "at least one": (form(1), form(0)),
    "title": (form(title="t" * 45), form(title="t" * 46)),
    "custom id": (form(custom_id="c" * 100), form(custom_id="c" * 101)),
    "custom ids differ": (form(2), form(components=form(1)["components"] * 2)),
    "label": (
        form(components=[{**form()["components"][0], "label": "l" * 45}]),
        form(components=[{**form()["components"][0], "label": "l" * 46}]),
    ),
    "radio options": (form(components=[radio(2)]), form(components=[radio(1)])),
}


@pytest.mark.parametrize("limit", FORMS)
async def test_a_form_at_its_limit_and_beyond(
    wire: Wire, discord: DiscordServer, papers: Channel, ada: Person, limit: str
) -> None:
    good, bad = FORMS[limit]
    await wire.ask("PUT", f"/applications/{discord.world.application_id}/commands", [command()])
    for body, status in ((good, 204), (bad, 400)):
        seen = await ada.command("/paper", papers, wait="nothing")
        assert (await wire.answer(seen.interaction, {"type": 9, "data": body}))[0] == status
    assert len(discord.breaches) == 1


async def begin(wire: Wire, ada: Person, papers: Channel) -> Interaction:
    """A slash command that nobody has answered yet."""
    application = wire.discord.world.application_id
    await wire.ask("PUT", f"/applications/{application}/commands", [command(options=[option("a", autocomplete=True)])])
    return (await ada.command("/paper", papers, wait="nothing")).interaction


async def test_an_interaction_is_answered_once_and_in_time(
    wire: Wire, discord: DiscordServer, papers: Channel, ada: Person
) -> None:
    one = await begin(wire, ada, papers)
    assert (await wire.answer(one, {"type": 5}))[0] == 204
    assert (await wire.answer(one, {"type": 5}))[1]["code"] == 40060
    late = await begin(wire, ada, papers)
    discord.advance(seconds=3.1)
    assert (await wire.answer(late, {"type": 5}))[1]["code"] == 10062
    late.token = "another"
    assert (await wire.answer(late, {"type": 5}))[1]["code"] == 10062
    assert discord.breaches == [], "two processes on one token meet these rightly"


async def test_the_token_lives_for_fifteen_minutes(
    wire: Wire, discord: DiscordServer, papers: Channel, ada: Person
) -> None:
    one = await begin(wire, ada, papers)
    original = f"/webhooks/{discord.world.application_id}/{one.token}/messages/@original"
    assert (await wire.ask("GET", original))[1]["code"] == 10015, "not before the first answer"
    await wire.answer(one, {"type": 5, "data": {"flags": 64}})
    body = {**v2(words("12 of 12")), **MUTE}
    assert (await wire.ask("PATCH", original, body))[0] == 200
    discord.advance(minutes=14, seconds=50)
    assert (await wire.ask("PATCH", original, body))[0] == 200
    discord.advance(minutes=1)
    status, answer = await wire.ask("PATCH", original, body)
    assert (status, answer["code"]) == (401, 50027)


async def test_a_followup_takes_the_place_of_thinking(
    wire: Wire, discord: DiscordServer, papers: Channel, ada: Person
) -> None:
    one = await begin(wire, ada, papers)
    await wire.answer(one, {"type": 5})
    hook = f"/webhooks/{discord.world.application_id}/{one.token}"
    assert (await wire.ask("POST", hook, {"content": "there", "flags": 64, **MUTE}))[0] == 200
    assert one.response is not None
    assert not one.response.ephemeral, "whoever saw it think sees the answer"
    status, second = await wire.ask("POST", hook, {"content": "and this", "flags": 64, **MUTE})
    assert status == 200
    assert [message.text for message in one.followups] == ["and this"]
    followup = f"{hook}/messages/{second['id']}"
    assert (await wire.ask("GET", followup))[1]["content"] == "and this"
    assert (await wire.ask("PATCH", followup, {"content": "and that", **MUTE}))[0] == 200
    assert (await wire.ask("DELETE", followup))[0] == 204
    assert (await wire.ask("GET", followup))[1]["code"] == 10008
    assert (await wire.ask("DELETE", f"{hook}/messages/@original"))[0] == 204
    assert (await wire.ask("GET", f"{hook}/messages/@original"))[1]["code"] == 10008
    assert discord.breaches == []


MISFITS: dict[str, Body] = {
    "an update answers no command": {"type": 7, "data": {"content": "x", **MUTE}},
    "suggestions answer no finished command": {"type": 8, "data": {"choices": []}},
    "a deferred answer carries no text": {"type": 5, "data": {"content": "x", **MUTE}},
    "a deferred answer is not V2": {"type": 5, "data": {"flags": V2}},
    "a form has its limits": {"type": 9, "data": {"custom_id": "x", "title": "x", "components": []}},
    "mentions": {"type": 4, "data": {"content": "x"}},
}


@pytest.mark.parametrize("why", MISFITS)
async def test_an_answer_must_fit(wire: Wire, discord: DiscordServer, papers: Channel, ada: Person, why: str) -> None:
    one = await begin(wire, ada, papers)
    assert (await wire.answer(one, MISFITS[why]))[1]["code"] == 50035
    assert len(discord.breaches) == 1


async def test_suggestions_are_25_at_most_and_cannot_be_put_off(
    wire: Wire, discord: DiscordServer, papers: Channel, ada: Person
) -> None:
    await begin(wire, ada, papers)
    for count, status in ((25, 204), (26, 400)):
        seen = await ada.autocomplete("/paper", papers, a="x", wait="nothing")
        choices = [{"name": f"{n}", "value": f"{n}"} for n in range(count)]
        answer = await wire.answer(seen.interaction, {"type": 8, "data": {"choices": choices}})
        assert answer[0] == status
    seen = await ada.autocomplete("/paper", papers, a="x", wait="nothing")
    assert (await wire.answer(seen.interaction, {"type": 5}))[0] == 400
    assert len(discord.breaches) == 2


async def test_a_form_opens_no_form(wire: Wire, discord: DiscordServer, papers: Channel, ada: Person) -> None:
    one = await begin(wire, ada, papers)
    await wire.answer(one, {"type": 9, "data": form()})
    sent = await ada.submit_modal(InteractionResult(discord, one), {"l": "x"}, wait="nothing")
    assert (await wire.answer(sent.interaction, {"type": 9, "data": form()}))[0] == 400
    assert (await wire.answer(sent.interaction, {"type": 5}))[0] == 204
    assert len(discord.breaches) == 1
