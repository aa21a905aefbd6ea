"""discord.py client: events are passed to injected handlers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.discord.transport.rate_limiter import limit_sleep
from adapters.discord.transport.requests import RequestTracker
from adapters.discord.transport.rest_client import INTENTS, NO_MENTIONS, WITH_REACTIONS, RestClient
from adapters.discord.transport.shard_leases import ShardLeases
from adapters.discord.transport.shard_watchdog import SessionStartLimit, ShardWatchdog
from adapters.discord.transport.task_group import TaskGroup
from bot.app import App
from bot.store.rate_gate import SharedRateGate

log = logging.getLogger(__name__)


def set_api_urls(rest_url: str, gateway_url: str) -> None:
    """Set Discord's base URLs for the whole process, before a client starts: discord.py keeps both on its classes."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = (
        False  # the bot uses no voice, so the missing voice libraries do not matter
    )
    Route.BASE = rest_url
    if gateway_url:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)


class GuildEvents(Protocol):
    """Handler of changes of servers: installed, removed, channels and permissions changed."""

    async def known_guilds(self) -> list[int]:
        """Ids of the servers that belong to a club."""

    async def on_all_available(self, present: set[int], ours: Iterable[int]) -> None:
        """Every server was heard of; those of `ours` that are not `present` have removed the bot."""

    async def on_installed(self, guild: discord.Guild) -> None:
        """The bot is in this server: just added, back, or found there at a start."""

    async def on_removed(self, guild_id: int, why: str) -> None:
        """The bot is no longer in this server."""

    async def check_rooms(self, guild: discord.Guild) -> None:
        """Channels, roles or permissions of this server changed."""

    async def on_thread_deleted(self, guild_id: int, thread_id: int) -> None:
        """A thread of this server was deleted."""


class ReactionEvents(Protocol):
    """Handler of reactions to messages."""

    async def on_changed(self, event: discord.RawReactionActionEvent, *, present: bool) -> None:
        """Somebody added a reaction to a message, or took it away."""

    async def on_cleared(
        self, guild_id: int | None, channel_id: int, message_id: int, emoji: str | None = None
    ) -> None:
        """A moderator removed all reactions from a message, or all of one emoji."""


@dataclass(frozen=True, slots=True)
class ClientHandlers:
    """Handlers of a client's events: clicks, forms, reactions, and changes of servers."""

    on_click: Callable[[discord.Interaction[Any], str, str], Coroutine[Any, Any, None]]
    """Takes the interaction, the custom id and the label of the component that was pressed."""
    on_form: Callable[[discord.Interaction[Any]], Coroutine[Any, Any, None]]
    guilds: GuildEvents
    reactions: ReactionEvents | None = None
    """None if the program does not hear of reactions."""


class Client(discord.AutoShardedClient):
    """One run of the connection. It is replaced by a new client when it cannot recover."""

    def __init__(
        self,
        app: App,
        rest_client: RestClient,
        tracker: RequestTracker,
        tasks: TaskGroup,
        shards: ShardLeases,
        session_limit: SessionStartLimit,
        handlers: ClientHandlers,
    ) -> None:
        super().__init__(
            shard_count=shards.count,
            shard_ids=shards.mine,
            intents=WITH_REACTIONS if handlers.reactions else INTENTS,
            allowed_mentions=NO_MENTIONS,
            http_trace=tracker.trace_config(),
            chunk_guilds_at_startup=False,
            max_messages=None,
        )
        limit_sleep(self)
        self.app = app
        self.handlers = handlers
        self.rest_client = rest_client
        self.shard_watchdog = ShardWatchdog(shards.mine)
        self._session_limit = session_limit
        self._tasks = tasks

    async def close(self) -> None:
        """Close, also where discord.py does so by itself; what was asked before is answered first."""
        await asyncio.sleep(0)  # what came in the same moment begins
        await self._tasks.wait_idle()
        await super().close()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait for the shard's turn to identify, shared by all processes on this database."""
        shard = shard_id or 0
        with self.shard_watchdog.waiting_for_turn(shard):
            gap = self._session_limit.take()
            await SharedRateGate(self.app.store).wait(
                f"discord:identify:{shard % self._session_limit.max_concurrency}", gap
            )

    async def on_shard_connect(self, shard_id: int) -> None:
        """A shard has a session."""
        self.shard_watchdog.mark_up(shard_id)

    async def on_shard_resumed(self, shard_id: int) -> None:
        """A shard has its session back."""
        self.shard_watchdog.mark_up(shard_id)
        self.app.metrics.reconnected("discord")

    async def on_shard_disconnect(self, shard_id: int) -> None:
        """A shard has lost its connection; discord.py tries to come back."""
        self.shard_watchdog.mark_down(shard_id)

    async def on_ready(self) -> None:
        """Every shard has heard of its guilds: see which are gone."""
        await self.handlers.guilds.on_all_available(
            {guild.id for guild in self.guilds}, filter(self._owns_guild, await self.handlers.guilds.known_guilds())
        )

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """A guild is available: after a start, or after an outage of Discord."""
        await self.handlers.guilds.on_installed(guild)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Somebody added the bot to a guild."""
        await self.handlers.guilds.on_installed(guild)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Somebody removed the bot from a guild."""
        await self.handlers.guilds.on_removed(guild.id, "somebody removed the bot")

    async def on_guild_unavailable(self, guild: discord.Guild) -> None:
        """Discord cannot reach a guild of its own; the guild returns by itself."""
        log.warning("the server %s is unavailable at Discord", guild.name)

    async def on_guild_update(self, before: discord.Guild, after: discord.Guild) -> None:
        """A guild changed, perhaps its name."""
        if before.name != after.name:
            await self.handlers.guilds.on_installed(after)

    async def on_guild_channel_create(self, channel: discord.abc.GuildChannel) -> None:
        """A channel appeared, perhaps because the bot may see it now."""
        await self.handlers.guilds.check_rooms(channel.guild)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """A channel disappeared, perhaps because the bot may not see it any more."""
        self.rest_client.forget(channel.id)
        await self.handlers.guilds.check_rooms(channel.guild)

    async def on_guild_channel_update(self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        """A channel's name, kind or permissions changed."""
        self.rest_client.forget(after.id)
        await self.handlers.guilds.check_rooms(after.guild)

    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """A role changed, perhaps one of the bot's."""
        if before.permissions != after.permissions and after in after.guild.me.roles:
            await self.handlers.guilds.check_rooms(after.guild)

    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """A role was deleted, perhaps one of the bot's."""
        await self.handlers.guilds.check_rooms(role.guild)

    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        """The bot's own roles changed; without the members intent Discord sends this event for no other member."""
        if self.user and after.id == self.user.id and before.roles != after.roles:
            await self.handlers.guilds.check_rooms(after.guild)

    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """A thread was deleted."""
        await self.handlers.guilds.on_thread_deleted(payload.guild_id, payload.thread_id)

    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        """Somebody added a reaction to a message."""
        if self.handlers.reactions:
            await self.handlers.reactions.on_changed(payload, present=True)

    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        """Somebody took a reaction away from a message."""
        if self.handlers.reactions:
            await self.handlers.reactions.on_changed(payload, present=False)

    async def on_raw_reaction_clear(self, payload: discord.RawReactionClearEvent) -> None:
        """A moderator removed all reactions from a message."""
        if self.handlers.reactions:
            await self.handlers.reactions.on_cleared(payload.guild_id, payload.channel_id, payload.message_id)

    async def on_raw_reaction_clear_emoji(self, payload: discord.RawReactionClearEmojiEvent) -> None:
        """A moderator removed all reactions of one emoji from a message."""
        if self.handlers.reactions:
            emoji = str(payload.emoji)
            await self.handlers.reactions.on_cleared(payload.guild_id, payload.channel_id, payload.message_id, emoji)

    def _owns_guild(self, guild_id: int) -> bool:
        """True if a guild belongs to one of this client's shards (Discord, "Sharding")."""
        return (guild_id >> 22) % (self.shard_count or 1) in (self.shard_ids or ())

    async def on_socket_event_type(self, event_type: str) -> None:
        """Discord sent an event."""
        self.app.metrics.heard("discord")

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Handle a form from the interaction alone. discord.py would need the modal that opened it, which it loses at a
        restart.
        """
        if interaction.type is discord.InteractionType.modal_submit:
            await self.handlers.on_form(interaction)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Log an unexpected error of a listener; the other listeners go on."""
        log.exception("%s failed", event_method)
