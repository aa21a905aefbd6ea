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

from adapters.discord.clicks import CallButton, CallMenu
from adapters.discord.guilds import Guilds
from adapters.discord.listeners import OLD, Listeners, sorry
from adapters.discord.menus import plant_menus
from adapters.discord.options import plant
from adapters.discord.pulse import Allowance, Pulse
from adapters.discord.reply import Answering
from adapters.discord.sending import Traffic
from adapters.discord.shards import Shards
from adapters.discord.sync import sync
from adapters.discord.voice import INTENTS, NOBODY, Voice
from adapters.discord.work import Work
from bot.app import App
from bot.settings import Discord
from bot.store.turns import SharedTurns

log = logging.getLogger(__name__)


def point(rest_url: str, gateway_url: str) -> None:
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
        settings: Discord,
        voice: Voice,
        traffic: Traffic,
        work: Work,
        shards: Shards,
        allowance: Allowance,
    ) -> None:
        super().__init__(
            shard_count=shards.count,
            shard_ids=shards.mine,
            intents=INTENTS,
            allowed_mentions=NOBODY,
            http_trace=traffic.trace(),
            max_ratelimit_timeout=30,
            chunk_guilds_at_startup=False,
            max_messages=None,
        )
        self.app = app
        self.settings = settings
        self.voice = voice
        self.pulse = Pulse(shards.mine)
        self._allowance = allowance
        self._work = work
        self.listeners = Listeners(app, work)
        self.club = Guilds(app, voice)
        self.tree = Tree(self)
        plant(self.tree, app.commands, self.listeners.on_command, self.listeners.suggest)
        plant_menus(self.tree, self.listeners)
        self.add_dynamic_items(CallButton, CallMenu)

    async def close(self) -> None:
        """Close, also where discord.py does so by itself; what was asked before is answered first."""
        await asyncio.sleep(0)  # what came in the same moment begins
        await self._work.done()
        await super().close()

    async def register(self, translator: app_commands.Translator | None) -> None:
        """Register the commands with Discord, if they changed, with their names in other languages."""
        await self.tree.set_translator(translator)
        assert self.application_id is not None, "there is one after the login"
        await sync(self.app, self.tree, self.application_id, self.settings.guild_ids)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait for the shard's turn to identify, which all processes on this database share."""
        shard = shard_id or 0
        with self.pulse.resting(shard):
            gap = self._allowance.take()
            await SharedTurns(self.app.store).wait(f"discord:identify:{shard % self._allowance.at_once}", gap)

    async def on_shard_connect(self, shard_id: int) -> None:
        """A shard has a session."""
        self.pulse.up(shard_id)

    async def on_shard_resumed(self, shard_id: int) -> None:
        """A shard has its session back."""
        self.pulse.up(shard_id)
        self.app.metrics.reconnected("discord")

    async def on_shard_disconnect(self, shard_id: int) -> None:
        """A shard has lost its connection; discord.py tries to come back."""
        self.pulse.down(shard_id)

    async def on_ready(self) -> None:
        """Every shard has heard of its guilds: see which are gone."""
        await self.club.absent({guild.id for guild in self.guilds}, filter(self._sees, await self.club.known()))

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """A guild is there: after a start, or after an outage of its own."""
        await self.club.arrived(guild)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Somebody has let the bot in."""
        await self.club.arrived(guild)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Somebody has thrown the bot out."""
        await self.club.left(guild.id, "somebody removed the bot")

    async def on_guild_unavailable(self, guild: discord.Guild) -> None:
        """Discord cannot reach a guild of its own; it comes back by itself."""
        log.warning("the server %s is unavailable at Discord", guild.name)

    async def on_guild_update(self, before: discord.Guild, after: discord.Guild) -> None:
        """A guild was renamed, perhaps."""
        if before.name != after.name:
            await self.club.arrived(after)

    async def on_guild_channel_create(self, channel: discord.abc.GuildChannel) -> None:
        """A channel appeared, perhaps because we may see it now."""
        await self.club.look_over(channel.guild)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """A channel is gone, perhaps because we may not see it any more."""
        self.voice.forget(channel.id)
        await self.club.look_over(channel.guild)

    async def on_guild_channel_update(self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        """A channel's name, kind or rights changed."""
        self.voice.forget(after.id)
        await self.club.look_over(after.guild)

    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """A role changed, perhaps one of ours."""
        if before.permissions != after.permissions and after in after.guild.me.roles:
            await self.club.look_over(after.guild)

    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """A role is gone, perhaps one of ours."""
        await self.club.look_over(role.guild)

    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        """Of members only the bot itself is told of: its roles changed."""
        if self.user and after.id == self.user.id and before.roles != after.roles:
            await self.club.look_over(after.guild)

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


class Tree(app_commands.CommandTree[Client]):
    """The application commands."""

    async def on_error(self, interaction: discord.Interaction[Client], error: app_commands.AppCommandError, /) -> None:
        """A command that this version does not know is still shown to somebody, or broke."""
        if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
            await Answering(self.client.app, interaction).say(sorry(OLD))
        else:
            log.error("an application command failed", exc_info=error)
