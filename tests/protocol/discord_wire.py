"""The local Discord's HTTP API without a library in between, and the pieces of requests to it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.protocol.discord_server import Channel, DiscordServer
from tests.protocol.discord_server.interaction import Interaction

Body = dict[str, Any]
V2 = 1 << 15
MUTE: Body = {"allowed_mentions": {"parse": []}}


@dataclass
class Wire:
    """The API without a library in between."""

    discord: DiscordServer
    session: aiohttp.ClientSession

    async def ask(self, method: str, path: str, body: Any = None, token: str | None = None) -> tuple[int, Any]:
        """Status and JSON of one request."""
        headers = {"Authorization": f"Bot {token or self.discord.token}"}
        async with self.session.request(method, self.discord.api + path, json=body, headers=headers) as answer:
            text = await answer.text()
            if text:
                assert answer.headers["Content-Type"] == "application/json"
            return answer.status, json.loads(text) if text else None

    async def post(self, channel: Channel, **body: Any) -> tuple[int, int]:
        """Post a message with mentions off; status and error code (0: none)."""
        status, answer = await self.ask("POST", f"/channels/{channel.id}/messages", {**MUTE, **body})
        return status, answer.get("code", 0)

    async def answer(self, one: Interaction, body: Body) -> tuple[int, Any]:
        """Answer an interaction for the first time; status and JSON."""
        return await self.ask("POST", f"/interactions/{one.id}/{one.token}/callback", body)

    async def register(self, *commands: Body) -> None:
        """Overwrite the global commands."""
        await self.ask("PUT", f"/applications/{self.discord.world.application_id}/commands", list(commands))


def words(text: str) -> Body:
    return {"type": 10, "content": text}


def button(custom_id: str, label: str = "Vote") -> Body:
    return {"type": 2, "style": 1, "label": label, "custom_id": custom_id}


def row(*parts: Body) -> Body:
    return {"type": 1, "components": list(parts)}


def v2(*parts: Body) -> Body:
    return {"components": list(parts), "flags": V2}


def command(**parts: Any) -> Body:
    return {"name": "paper", "description": "Papers.", **parts}


def option(name: str, kind: int = 3, **parts: Any) -> Body:
    return {"type": kind, "name": name, "description": "d", **parts}
