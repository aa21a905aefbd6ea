"""The connection to Discord: discord.py's client, taught to pass everything on to the club."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.discord.inbound.application_commands import add_commands
from adapters.discord.inbound.interactions import ClubCommandTree, Interactions
from adapters.discord.inbound.message_menus import add_message_menus
from adapters.discord.inbound.persistent_components import CallButton, CallMenu
from adapters.discord.setup.command_registration import register_commands
from adapters.discord.setup.workspace_lifecycle import WorkspaceLifecycle
from adapters.discord.transport.requests import RequestTracker
from adapters.discord.transport.rest_client import INTENTS, NO_MENTIONS, RestClient
from adapters.discord.transport.shard_leases import ShardLeases
from adapters.discord.transport.shard_watchdog import SessionStartLimit, ShardWatchdog
from adapters.discord.transport.task_group import TaskGroup
from bot.app import App
from bot.settings import DiscordSettings
from bot.store.rate_gate import SharedRateGate

log = logging.getLogger(__name__)


def set_api_urls(rest_url: str, gateway_url: str) -> None:
    """Say where Discord is. discord.py keeps both addresses on its classes, so this is for the whole process and
    must be done before a client starts."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nobody speaks here, so nothing is missing
    Route.BASE = rest_url
    if gateway_url:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)


class Client(discord.AutoShardedClient):
    """One life of the connection. When it is beyond help a new one is made."""

    def __init__(
        self,
        app: App,
        settings: DiscordSettings,
        rest_client: RestClient,
        traffic: RequestTracker,
        work: TaskGroup,
        shards: ShardLeases,
        allowance: SessionStartLimit,
    ) -> None:
        super().__init__(
            shard_count=shards.count,
            shard_ids=shards.mine,
            intents=INTENTS,
            allowed_mentions=NO_MENTIONS,
            http_trace=traffic.trace(),
            max_ratelimit_timeout=30,
            chunk_guilds_at_startup=False,
            max_messages=None,
        )
        self.app = app
        self.settings = settings
        self.rest_client = rest_client
        self.shard_watchdog = ShardWatchdog(shards.mine)
        self._allowance = allowance
        self._work = work
        self.listeners = Interactions(app, work)
        self.club = WorkspaceLifecycle(app, rest_client)
        self.tree = ClubCommandTree(self)
        add_commands(self.tree, app.commands, self.listeners.on_command, self.listeners.suggest)
        add_message_menus(self.tree, self.listeners)
        self.add_dynamic_items(CallButton, CallMenu)

    async def close(self) -> None:
        """Close, also where discord.py does so by itself; what was asked before is answered first."""
        await asyncio.sleep(0)  # what came in the same moment begins
        await self._work.wait_idle()
        await super().close()

    async def register_commands(self, translator: app_commands.Translator | None) -> None:
        """Register the commands with Discord, if they changed, with their names in other languages."""
        await self.tree.set_translator(translator)
        assert self.application_id is not None, "there is one after the login"
        await register_commands(self.app, self.tree, self.application_id, self.settings.guild_ids)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait for the shard's turn to identify, which all processes on this database share."""
        shard = shard_id or 0
        with self.shard_watchdog.waiting(shard):
            gap = self._allowance.take()
            await SharedRateGate(self.app.store).wait(f"discord:identify:{shard % self._allowance.at_once}", gap)

    async def on_shard_connect(self, shard_id: int) -> None:
        """A shard has a session."""
        self.shard_watchdog.up(shard_id)

    async def on_shard_resumed(self, shard_id: int) -> None:
        """A shard has its session back."""
        self.shard_watchdog.up(shard_id)
        self.app.metrics.reconnected("discord")

    async def on_shard_disconnect(self, shard_id: int) -> None:
        """A shard has lost its connection; discord.py tries to come back."""
        self.shard_watchdog.down(shard_id)

    async def on_ready(self) -> None:
        """Every shard has heard of its guilds: see which are gone."""
        await self.club.absent({guild.id for guild in self.guilds}, filter(self._sees, await self.club.known()))

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """A guild is there: after a start, or after an outage of its own."""
        await self.club.on_installed(guild)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Somebody has let the bot in."""
        await self.club.on_installed(guild)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Somebody has thrown the bot out."""
        await self.club.on_removed(guild.id, "somebody removed the bot")

    async def on_guild_unavailable(self, guild: discord.Guild) -> None:
        """Discord cannot reach a guild of its own; it comes back by itself."""
        log.warning("the server %s is unavailable at Discord", guild.name)

    async def on_guild_update(self, before: discord.Guild, after: discord.Guild) -> None:
        """A guild was renamed, perhaps."""
        if before.name != after.name:
            await self.club.on_installed(after)

    async def on_guild_channel_create(self, channel: discord.abc.GuildChannel) -> None:
        """A channel appeared, perhaps because we may see it now."""
        await self.club.check_rooms(channel.guild)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """A channel is gone, perhaps because we may not see it any more."""
        self.rest_client.forget(channel.id)
        await self.club.check_rooms(channel.guild)

    async def on_guild_channel_update(self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        """A channel's name, kind or rights changed."""
        self.rest_client.forget(after.id)
        await self.club.check_rooms(after.guild)

    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """A role changed, perhaps one of ours."""
        if before.permissions != after.permissions and after in after.guild.me.roles:
            await self.club.check_rooms(after.guild)

    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """A role is gone, perhaps one of ours."""
        await self.club.check_rooms(role.guild)

    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        """Of members only the bot itself is told of: its roles changed."""
        if self.user and after.id == self.user.id and before.roles != after.roles:
            await self.club.check_rooms(after.guild)

    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """A thread is gone."""
        await self.club.thread_deleted(payload.guild_id, payload.thread_id)

    def _sees(self, guild_id: int) -> bool:
        """Whether a guild belongs to one of this client's shards (Discord, "Sharding")."""
        return (guild_id >> 22) % (self.shard_count or 1) in (self.shard_ids or ())

    async def on_socket_event_type(self, event_type: str) -> None:
        """Discord said something."""
        self.app.metrics.heard("discord")

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Forms are read here, off the interaction: discord.py would want the modal that opened them, and forgets
        it when the program restarts."""
        if interaction.type is discord.InteractionType.modal_submit:
            await self.listeners.on_form(interaction)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """What a listener did not foresee is written down; the others go on."""
        log.exception("%s failed", event_method)
