"""A vote on Discord with its HTTP edge cut off: by discord.py alone, and by the club behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import Any, cast
from unittest.mock import patch

import discord
from discord.webhook.async_ import AsyncWebhookAdapter

from adapters.discord.inbound.application_commands import add_commands
from adapters.discord.inbound.interactions import InteractionHandler
from benchmarks.ballots import GUILD, Club, Edge, Vote, ballot
from benchmarks.ledger import ledger
from bot.features.registry import all_commands

CHANNEL = "2000"


@asynccontextmanager
async def on_discord(club: Club) -> AsyncIterator[tuple[Vote, Vote]]:
    """A vote by discord.py alone, which defers, commits and echoes; and by the club behind discord.py."""
    plain, tree = _client()
    ours, grown = _client()
    listeners = InteractionHandler(club.app)
    add_commands(grown, all_commands, listeners.on_command, listeners.suggest)
    group = discord.app_commands.Group(name="paper", description="Papers")
    with ledger() as write, edge_of_discord() as edge:

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
    state: Any = client._connection  # the state that the gateway's READY and GUILD_CREATE would provide
    state.user = discord.ClientUser(state=state, data=cast("Any", USER))
    state._add_guild_from_data(_guild())
    return client, discord.app_commands.CommandTree(client)


@contextmanager
def edge_of_discord() -> Iterator[Edge]:
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
