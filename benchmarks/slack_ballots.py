"""A vote on Slack with its HTTP edge cut off: by slack-bolt alone, and by the club behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from json import dumps, loads
from typing import Any, Self
from unittest.mock import patch

from aiohttp import ClientSession
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.gateway import SlackGateway
from benchmarks.ballots import Club, Edge, Vote, ballot
from benchmarks.ledger import ledger
from bot.settings import SlackSettings

TOKEN = "xoxb-made-up"  # noqa: S105 # nobody checks it


@asynccontextmanager
async def on_slack(club: Club) -> AsyncIterator[tuple[Vote, Vote]]:
    """A vote by slack-bolt alone, which acknowledges, commits and echoes; and by the club behind slack-bolt."""
    plain = AsyncApp(client=AsyncWebClient(token=TOKEN, retry_handlers=[]), signing_secret=TOKEN)
    ours = SlackGateway(club.app, SlackSettings.model_validate({"bot_token": TOKEN, "app_token": "xapp-made-up"}))

    async def heard(body: dict[str, Any]) -> object:
        return await plain.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))

    with ledger() as write, edge_of_slack() as edge:

        @plain.command("/paper")
        async def echo(ack: AsyncAck, command: dict[str, Any], respond: AsyncRespond) -> None:
            await ack()
            write(command["text"])
            await respond(f"You said: {command['text']}", response_type="ephemeral")

        yield partial(_slack_vote, heard, edge), partial(_slack_vote, ours.handle_payload, edge)
        await ours._teams.close()


async def _slack_vote(hear: Callable[[dict[str, Any]], Awaitable[object]], edge: Edge, number: int) -> None:
    member, paper = ballot(number)
    body = {
        "token": "t",
        "team_id": "T1",
        "team_domain": "readers",
        "channel_id": "C1",
        "channel_name": "papers",
        "user_id": f"U{member}",
        "user_name": "member",
        "command": "/paper",
        "text": f"vote {paper}",
        "api_app_id": "A1",
        "is_enterprise_install": "false",
        "response_url": "https://hooks.slack.com/commands/T1/1/1",
        "trigger_id": f"{number}.1",
    }
    await edge.after(lambda: hear(body))


@contextmanager
def edge_of_slack() -> Iterator[Edge]:
    """Slack's HTTP, cut off where aiohttp would open a connection: both clients do all that they do before that."""
    edge = Edge()

    async def request(_: ClientSession, method: str, url: str, *, json: Any = None, **__: Any) -> _SlackSays:
        if json is not None:
            dumps(json)  # aiohttp would write it into the request
        if "/api/" not in url:
            edge.take()
            return _SlackSays("ok", "text/plain")
        return _SlackSays(dumps(_ANSWERS[url.rpartition("/")[2]]))

    with patch.object(ClientSession, "_request", request):
        yield edge


_ANSWERS = {
    "auth.test": {"ok": True, "user_id": "U1", "bot_id": "B1", "team_id": "T1", "url": "", "team": "", "user": ""},
    "users.info": {"ok": True, "user": {"name": "member", "profile": {"display_name": "Member"}}},
    "usergroups.list": {"ok": True, "usergroups": []},
}
"""Responses to rare API calls: the bot's identity, members, and user groups."""


@dataclass(frozen=True, slots=True)
class _SlackSays:
    """The part of an aiohttp response that the clients use."""

    body: str
    content_type: str = "application/json"
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"x-oauth-scopes": "commands"})

    async def text(self) -> str:
        return self.body

    async def json(self) -> Any:
        return loads(self.body)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """There is no connection to give back."""
