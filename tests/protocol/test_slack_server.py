"""The local Slack itself, tried with the real slack_bolt and slack_sdk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from tests.protocol.slack_server import SlackServer

QUIETLY: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def card(votes: int) -> list[dict[str, Any]]:
    vote = {"type": "button", "action_id": "vote", "text": plain("Vote"), "value": "paper-1"}
    more = {
        "type": "overflow",
        "action_id": "more",
        "options": [{"text": plain("Cite"), "value": "cite"}, {"text": plain("Report"), "value": "report"}],
    }
    return [section(f"*Attention* has {votes} votes"), {"type": "actions", "elements": [vote, more]}]


FORM = {
    "type": "modal",
    "callback_id": "submit-form",
    "title": plain("Submit a paper"),
    "submit": plain("Submit"),
    "blocks": [
        {
            "type": "input",
            "block_id": "link",
            "label": plain("Link"),
            "element": {"type": "plain_text_input", "action_id": "word"},
        },
        {
            "type": "input",
            "block_id": "topic",
            "optional": True,
            "label": plain("Topic"),
            "element": {"type": "external_select", "action_id": "topic", "min_query_length": 1},
        },
    ],
}


def club(app: AsyncApp) -> AsyncApp:
    """A tiny club: echo, a form with an error, a card with buttons."""

    @app.command("/echo")
    async def echo(ack: AsyncAck, command: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        await respond(f"You said: {command['text']}")

    @app.command("/paper")
    async def paper(ack: AsyncAck, command: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        if not command["text"]:
            await client.views_open(trigger_id=command["trigger_id"], view=FORM)
            return
        metadata = {"event_type": "paper", "event_payload": {"id": 1}}
        await client.chat_postMessage(
            channel=command["channel_id"], text="A paper", blocks=card(0), metadata=metadata, **QUIETLY
        )

    @app.action("vote")
    async def vote(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        metadata = {"event_type": "paper", "event_payload": {"id": 1}}
        place = {"channel": body["channel"]["id"], "ts": body["message"]["ts"]}
        await client.chat_update(**place, text="A paper", blocks=card(1), metadata=metadata)

    @app.action("more")
    async def more(ack: AsyncAck, action: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        await respond(text=f"Chosen: {action['selected_option']['value']}", response_type="ephemeral")

    @app.options("topic")
    async def topics(ack: AsyncAck, payload: dict[str, Any]) -> None:
        names = [n for n in ("vision", "language") if n.startswith(payload["value"].lower())]
        await ack(options=[{"text": plain(n.title()), "value": n} for n in names])

    @app.view("submit-form")
    async def submitted(ack: AsyncAck, view: dict[str, Any], body: dict[str, Any], client: AsyncWebClient) -> None:
        link = view["state"]["values"]["link"]["word"]["value"]
        if "arxiv" not in link:
            await ack(response_action="errors", errors={"link": "That is no paper."})
            return
        await ack()
        chosen = view["state"]["values"]["topic"]["topic"]["selected_option"]
        said = f"Taken: {chosen['value'] if chosen else 'no topic'}"
        await client.chat_postEphemeral(channel="C1", user=body["user"]["id"], text=said)

    @app.event("app_mention")
    async def mentioned(event: dict[str, Any], client: AsyncWebClient) -> None:
        thread = event.get("thread_ts", event["ts"])
        await client.chat_postMessage(channel=event["channel"], text="Here", thread_ts=thread, **QUIETLY)

    @app.event("app_home_opened")
    async def home(event: dict[str, Any], client: AsyncWebClient) -> None:
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [section("Your ballot")]})

    return app


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with SlackServer() as server:
        yield server


@pytest.fixture
async def running(slack: SlackServer) -> AsyncIterator[SlackServer]:
    """The tiny club, connected by Socket Mode as users start it, only with another base URL."""
    client = AsyncWebClient(token=slack.token(), base_url=slack.api_url)
    app = club(AsyncApp(client=client))
    handler: Any = AsyncSocketModeHandler(app, slack.app.app_token, web_client=AsyncWebClient(base_url=slack.api_url))
    await handler.connect_async()
    await slack.sockets.connected()
    yield slack
    await handler.close_async()
    assert slack.breaches == []


async def test_a_command_is_answered_by_response_url(running: SlackServer) -> None:
    ada = running.user("Ada")
    seen = await ada.command("/echo", "hello & goodbye")
    assert seen.ack is not None
    assert seen.ack.ok
    assert [m.text for m in seen.ephemerals] == ["You said: hello & goodbye"]


async def test_a_vote_updates_the_card(running: SlackServer) -> None:
    ada = running.user("Ada")
    seen = await ada.command("/paper", "submit 1706.03762")
    message = seen.message("Attention")
    assert message.labels == ["Vote", "Cite", "Report"]
    await ada.click(message, "Vote")
    assert "1 votes" in message.words
    assert len(message.history) == 2
    seen = await ada.click(message, "Report")
    assert seen.ephemerals[0].text == "Chosen: report"


async def test_a_form_keeps_what_was_typed_beside_its_error(running: SlackServer) -> None:
    ada = running.user("Ada")
    seen = await ada.command("/paper")
    view = seen.view
    assert view.title == "Submit a paper"
    seen = await ada.submit_view(view, {"Link": "https://example.org"})
    assert seen.errors == {"link": "That is no paper."}
    assert view.state["link"]["word"]["value"] == "https://example.org"
    seen = await ada.submit_view(view, {"link": "https://arxiv.org/abs/1706.03762", "Topic": "Vision"})
    assert not view.open
    seen = await seen.until(lambda s: s.ephemerals)
    assert seen.ephemerals[-1].text == "Taken: vision"


async def test_mention_and_home(running: SlackServer) -> None:
    ada = running.user("Ada")
    seen = await ada.mention("C1", "help")
    assert seen.posted[0].thread_ts == running.messages("C1")[0].ts
    seen = await ada.open_home()
    assert ada.home is not None
    assert "Your ballot" in ada.home.words
