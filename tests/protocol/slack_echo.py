"""A tiny club on plain slack_bolt, with which the local Slack itself is tried in Socket Mode and in HTTP mode."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
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


THEMES = [{"text": plain(name.title()), "value": name} for name in ("vision", "language")]
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

    @app.command("/slow")
    async def slow(ack: AsyncAck) -> None:
        await asyncio.Event().wait()

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

    @app.shortcut("quote")
    async def quote(ack: AsyncAck, shortcut: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        await respond(f"Quoted: {shortcut['message']['text']}")

    @app.shortcut("submit")
    async def submit(ack: AsyncAck, shortcut: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=shortcut["trigger_id"], view=FORM)

    @app.command("/pick")
    async def pick(ack: AsyncAck, client: AsyncWebClient, command: dict[str, Any]) -> None:
        await ack()
        menus = [
            {"type": "static_select", "action_id": "theme", "placeholder": plain("Theme"), "options": THEMES},
            {"type": "external_select", "action_id": "topic", "placeholder": plain("Topic"), "min_query_length": 1},
        ]
        blocks = [section("Pick"), {"type": "actions", "block_id": "menus", "elements": menus}]
        channel, user = command["channel_id"], command["user_id"]
        await client.chat_postEphemeral(channel=channel, user=user, text="Pick", blocks=blocks)

    @app.action("theme")
    @app.action("topic")
    async def picked(ack: AsyncAck, action: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        await respond(text=f"Picked: {action['selected_option']['value']}", replace_original=True)

    @app.command("/later")
    async def later(ack: AsyncAck, respond: AsyncRespond, command: dict[str, Any]) -> None:
        await ack("At work")
        await asyncio.sleep(0.3)
        await respond("Done")

    @app.event("message")
    async def overheard(event: dict[str, Any], client: AsyncWebClient) -> None:
        if "bot_id" not in event and event.get("thread_ts") and "subtype" not in event:
            place = {"channel": event["channel"], "thread_ts": event["thread_ts"]}
            await client.chat_postMessage(**place, text=f"Heard: {event['text']}", **QUIETLY)

    @app.event("app_mention")
    async def mentioned(event: dict[str, Any], client: AsyncWebClient) -> None:
        thread = event.get("thread_ts", event["ts"])
        await client.chat_postMessage(channel=event["channel"], text="Here", thread_ts=thread, **QUIETLY)

    @app.event("app_home_opened")
    async def home(event: dict[str, Any], client: AsyncWebClient) -> None:
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [section("Your ballot")]})

    return app


@asynccontextmanager
async def by_socket(slack: SlackServer, ping_interval: float = 10.0) -> AsyncIterator[Any]:
    """The club, connected as users start it, only with another base URL; gives the handler."""
    app = club(AsyncApp(name="echo", client=AsyncWebClient(token=slack.token(), base_url=slack.api_url)))
    web_client = AsyncWebClient(base_url=slack.api_url)
    handler: Any = AsyncSocketModeHandler(app, slack.app.app_token, web_client=web_client, ping_interval=ping_interval)
    await handler.connect_async()
    await slack.sockets.connected()
    try:
        yield handler
    finally:
        await handler.close_async()


@asynccontextmanager
async def by_http(slack: SlackServer, secret: str | None = None) -> AsyncIterator[str]:
    """The club behind a request URL that checks signatures; gives the URL."""
    client = AsyncWebClient(token=slack.token(), base_url=slack.api_url)
    app = club(AsyncApp(name="echo", client=client, signing_secret=secret or slack.app.signing_secret))

    async def serve(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    server = web.Application()
    server.router.add_post("/slack/events", serve)
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    try:
        yield f"http://127.0.0.1:{port}/slack/events"
    finally:
        await runner.cleanup()
