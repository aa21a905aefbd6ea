"""The two platforms with their HTTP edge cut off, and a vote on each: by the club, and by a bare framework's echo."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from json import dumps, loads
from pathlib import Path
from typing import Any, Self, cast
from unittest.mock import patch

import discord
from aiohttp import ClientSession
from discord.webhook.async_ import AsyncWebhookAdapter
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from adapters.discord.listeners import Listeners as DiscordListeners
from adapters.discord.options import plant
from adapters.slack.gateway import SlackGateway
from benchmarks.databases import sqlite
from bot.app import App
from bot.dispatch import welcome
from bot.domain.models import Member, Submission
from bot.editions.writing.writer import ExtractiveWriter
from bot.features import commands
from bot.settings import Slack
from bot.sources.recorded import records
from bot.store import Store
from tests.stand_ins import Shelf

PAPERS, MEMBERS = 100, 20
"""Each vote is another member's or for another paper, so that each one is written."""

Vote = Callable[[int], Awaitable[None]]
GUILD, CHANNEL = "1000", "2000"
TOKEN = "xoxb-made-up"  # noqa: S105 # nobody checks it


@dataclass(slots=True)
class Club:
    """A club with some papers, known on both platforms."""

    app: App
    id: int

    async def counted(self) -> int:
        """How many votes there are."""
        async with self.app.store.read(self.id) as db:
            return len(await db.votes.log())


@asynccontextmanager
async def club_on() -> AsyncIterator[Club]:
    """Found such a club on SQLite."""
    with sqlite() as url:
        store = Store.open(url)
        app = App(commands=commands, store=store, library=Shelf(), writer=ExtractiveWriter())
        club = await welcome(app, "slack", "T1", "Readers")
        async with store.house() as house:
            await house.join(club, "discord", GUILD, "Readers")
        async with store.begin(club.id) as db:
            bringer: Member = await db.members.arrive("slack", "U999", "Bringer", "T1", app.now())
            for record in records()[:PAPERS]:
                paper = await db.papers.learn(record, now=app.now())
                await db.submissions.add(
                    Submission(paper_id=paper.id, member_id=bringer.id, submitted_at=app.now(), link=record.url)
                )
        try:
            yield Club(app, club.id)
        finally:
            await store.close()


def ballot(number: int) -> tuple[int, int]:
    """Who votes and for which paper, the n-th time."""
    return number // PAPERS % MEMBERS, number % PAPERS + 1


@contextmanager
def ledger() -> Iterator[Callable[[str], None]]:
    """One raw SQLite transaction, on the disk when it returns: what the bare frameworks do instead of a club."""
    with (
        tempfile.TemporaryDirectory(prefix="journalclub-") as folder,
        closing(sqlite3.connect(Path(folder, "votes.db"), isolation_level=None)) as connection,
    ):
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE vote (id INTEGER PRIMARY KEY, said TEXT)")

        def write(said: str) -> None:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO vote (said) VALUES (?)", (said,))
            connection.execute("COMMIT")

        yield write


@dataclass(slots=True)
class Edge:
    """Where answers would leave for the platform."""

    reached: asyncio.Event = field(default_factory=asyncio.Event)
    answers: int = 0

    async def after(self, act: Callable[[], Awaitable[object]]) -> None:
        """Do something, and wait until its answer has come here."""
        self.reached.clear()
        async with asyncio.timeout(10):
            await act()
            await self.reached.wait()

    def take(self) -> None:
        """An answer has come."""
        self.answers += 1
        self.reached.set()


# Slack


@asynccontextmanager
async def slack(club: Club) -> AsyncIterator[tuple[Vote, Vote]]:
    """A vote by slack-bolt alone, which acknowledges, commits and echoes; and by the club behind slack-bolt."""
    plain = AsyncApp(client=AsyncWebClient(token=TOKEN, retry_handlers=[]), signing_secret=TOKEN)
    ours = SlackGateway(club.app, Slack.model_validate({"bot_token": TOKEN, "app_token": "xapp-made-up"}))

    async def heard(body: dict[str, Any]) -> object:
        return await plain.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))

    with ledger() as write, slack_edge() as edge:

        @plain.command("/paper")
        async def echo(ack: AsyncAck, command: dict[str, Any], respond: AsyncRespond) -> None:
            await ack()
            write(command["text"])
            await respond(f"You said: {command['text']}", response_type="ephemeral")

        yield partial(_slack_vote, heard, edge), partial(_slack_vote, ours.hear, edge)
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
def slack_edge() -> Iterator[Edge]:
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
"""What is asked once in a while: who the bot is, who somebody is, who is in which group."""


@dataclass(frozen=True, slots=True)
class _SlackSays:
    """As much of an aiohttp response as the clients look at."""

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


# Discord


@asynccontextmanager
async def on_discord(club: Club) -> AsyncIterator[tuple[Vote, Vote]]:
    """A vote by discord.py alone, which defers, commits and echoes; and by the club behind discord.py."""
    plain, tree = _client()
    ours, grown = _client()
    listeners = DiscordListeners(club.app)
    plant(grown, commands, listeners.on_command, listeners.suggest)
    group = discord.app_commands.Group(name="paper", description="Papers")
    with ledger() as write, discord_edge() as edge:

        @group.command(name="vote", description="Vote for a paper")
        async def vote(interaction: discord.Interaction[Any], paper: str) -> None:
            await interaction.response.defer(ephemeral=True, thinking=True)
            write(paper)
            await interaction.edit_original_response(content=f"You said: {paper}")

        tree.add_command(group)
        async with plain, ours:
            yield partial(_discord_vote, plain, edge), partial(_discord_vote, ours, edge)


async def _discord_vote(client: discord.Client, edge: Edge, number: int) -> None:
    member, paper = ballot(number)

    async def arrive() -> None:
        client._connection.parse_interaction_create(cast("Any", _interaction(number, member, paper)))

    await edge.after(arrive)


def _client() -> tuple[discord.Client, discord.app_commands.CommandTree[Any]]:
    client = discord.Client(intents=discord.Intents(guilds=True), application_id=1)
    state: Any = client._connection  # what the gateway's READY and GUILD_CREATE would have told
    state.user = discord.ClientUser(state=state, data=cast("Any", USER))
    state._add_guild_from_data(_guild())
    return client, discord.app_commands.CommandTree(client)


@contextmanager
def discord_edge() -> Iterator[Edge]:
    """Discord's HTTP, cut off: requests end here."""
    edge = Edge()

    async def request(adapter: Any, route: Any, *_: Any, **__: Any) -> Any:
        if route.method != "PATCH":
            return CALLBACK
        edge.take()
        return MESSAGE

    with patch.object(AsyncWebhookAdapter, "request", request):
        yield edge


CALLBACK = {"interaction": {"id": "1", "type": 2, "response_message_loading": True, "response_message_ephemeral": True}}
USER = {"id": "1", "username": "bot", "discriminator": "0", "global_name": "Bot", "avatar": None, "bot": True}
MESSAGE = {
    "id": "3000", "type": 20, "channel_id": CHANNEL, "content": "", "author": USER,
    "timestamp": "2025-12-01T09:00:00+00:00",
    "edited_timestamp": None, "tts": False, "mention_everyone": False, "mentions": [], "mention_roles": [],
    "attachments": [], "embeds": [], "pinned": False, "components": [], "flags": 64,
}  # fmt: skip


def _guild() -> dict[str, Any]:
    everyone = {
        "id": GUILD, "name": "@everyone", "color": 0, "colors": {"primary_color": 0}, "hoist": False, "position": 0,
        "permissions": "2147483648", "managed": False, "mentionable": False, "flags": 0,
    }  # fmt: skip
    channel = {"id": CHANNEL, "type": 0, "name": "papers", "position": 0, "permission_overwrites": []}
    return {
        "id": GUILD, "name": "Readers", "owner_id": "9", "roles": [everyone], "channels": [channel], "members": [],
        "member_count": 3, "emojis": [], "stickers": [], "features": [], "premium_tier": 0, "nsfw_level": 0,
        "verification_level": 0, "default_message_notifications": 0, "explicit_content_filter": 0, "mfa_level": 0,
        "system_channel_flags": 0, "preferred_locale": "en-US", "threads": [], "presences": [], "voice_states": [],
    }  # fmt: skip


def _interaction(number: int, member: int, paper: int) -> dict[str, Any]:
    option = {"name": "paper", "type": 3, "value": str(paper)}
    return {
        "id": str(10_000 + number),
        "application_id": "1",
        "type": 2,
        "token": f"token-{number}",
        "version": 1,
        "guild_id": GUILD,
        "channel_id": CHANNEL,
        "channel": {"id": CHANNEL, "type": 0, "name": "papers", "permissions": "2147483648"},
        "member": {
            "user": {"id": str(100 + member), "username": f"member{member}", "discriminator": "0", "avatar": None},
            "roles": [],
            "joined_at": "2024-01-01T00:00:00+00:00",
            "premium_since": None,
            "deaf": False,
            "mute": False,
            "flags": 0,
            "permissions": "2147483648",
        },
        "data": {
            "id": "5",
            "name": "paper",
            "type": 1,
            "options": [{"name": "vote", "type": 1, "options": [option]}],
        },
        "locale": "en-US",
        "guild_locale": "en-US",
        "app_permissions": "2147483648",
        "entitlements": [],
        "authorizing_integration_owners": {"0": GUILD},
        "context": 0,
        "attachment_size_limit": 10_000_000,
    }
