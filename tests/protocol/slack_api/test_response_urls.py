"""Answers to interactions of the local Slack: response URLs, and triggers that open a view."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.protocol.slack_api.client import Listener, posted, refused
from tests.protocol.slack_echo import FORM, QUIETLY, card, plain
from tests.protocol.slack_server import SlackServer


async def answer(url: str, **body: Any) -> tuple[int, str]:
    """Post to a response_url."""
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as response:
        return response.status, await response.text()


async def test_a_response_url_works_five_times(slack: SlackServer, listener: Listener) -> None:
    ada = slack.user("Ada")
    await ada.command("/paper", "help")
    url = listener.last["response_url"]
    for n in range(5):
        assert await answer(url, text=f"answer {n}") == (200, "ok")
    status, text = await answer(url, text="answer 5")
    assert (status, json.loads(text)["error"]) == (404, "used_url")
    assert len(slack.ephemerals(ada)) == 5
    assert "used_url" in slack.violations[0].problem


async def test_a_response_url_lives_thirty_minutes(slack: SlackServer, listener: Listener) -> None:
    await slack.user("Ada").command("/paper", "help")
    url = listener.last["response_url"]
    slack.world.clock.advance(29 * 60 + 50)
    assert (await answer(url, text="in time"))[0] == 200
    slack.world.clock.advance(11)
    status, text = await answer(url, text="too late")
    assert (status, json.loads(text)["error"]) == (404, "expired_url")


async def test_what_a_response_url_can_do(slack: SlackServer, listener: Listener, client: AsyncWebClient) -> None:
    ada = slack.user("Ada")
    await posted(client, blocks=card(0))
    message = slack.messages("C1")[0]
    await ada.click(message, "Vote")
    url = listener.last["response_url"]
    assert listener.last["actions"][0]["value"] == "paper-1"
    assert listener.last["message"]["ts"] == message.ts
    await ada.click(message, "Cite", value="forged")
    assert listener.last["actions"][0]["selected_option"]["value"] == "forged"
    assert message.controls[1].option == {"text": plain("Cite"), "value": "cite"}
    await ada.click(message, "Vote", value="forged")
    assert listener.last["actions"][0]["value"] == "forged"
    await answer(url, text="x", blocks=card(1), replace_original=True)
    assert "1 votes" in message.words
    await answer(url, text="public", response_type="in_channel", **QUIETLY)
    await answer(url, text="private")
    assert [m.text for m in slack.messages("C1")] == ["x", "public"]
    assert [m.text for m in slack.ephemerals(ada)] == ["private"]
    await answer(url, delete_original=True)
    assert [m.text for m in slack.messages("C1")] == ["public"]
    assert slack.violations == []
    assert (await answer(url, text="x", response_type="loud"))[0] == 500
    assert (await answer(slack.base_url + "/response/T1/none", text="x"))[0] == 404


async def test_a_button_of_an_ephemeral_message_replaces_it(slack: SlackServer, listener: Listener) -> None:
    ada, bob = slack.user("Ada"), slack.user("Bob")
    await ada.command("/paper")
    await answer(listener.last["response_url"], text="x", blocks=card(0))
    message = slack.ephemerals(ada)[0]
    with pytest.raises(AssertionError, match="does not see"):
        await bob.click(message, "Vote")
    await ada.click(message, "Vote")
    assert "message" not in listener.last
    assert listener.last["container"]["is_ephemeral"] is True
    await answer(listener.last["response_url"], text="done", replace_original=True)
    assert [m.words for m in slack.ephemerals(ada)] == ["done"]


async def test_a_trigger_opens_one_view_within_three_seconds(
    slack: SlackServer, listener: Listener, client: AsyncWebClient
) -> None:
    ada = slack.user("Ada")
    await ada.command("/paper")
    trigger = listener.last["trigger_id"]
    slack.world.clock.advance(2.5)
    view = (await client.views_open(trigger_id=trigger, view=FORM))["view"]
    assert (view["root_view_id"], view["previous_view_id"]) == (view["id"], None)
    assert view["state"]["values"]["link"]["word"] == {"type": "plain_text_input", "value": None}
    assert (await refused(client, "views.open", trigger_id=trigger, view=FORM))["error"] == "exchanged_trigger_id"
    await ada.command("/paper")
    slack.world.clock.advance(3)
    late = listener.last["trigger_id"]
    assert (await refused(client, "views.open", trigger_id=late, view=FORM))["error"] == "expired_trigger_id"
    assert (await refused(client, "views.open", trigger_id="1.2.3", view=FORM))["error"] == "invalid_trigger_id"
