"""The connection to Discord: discord.py's client, taught to pass everything on to the club."""

from __future__ import annotations

import logging
from typing import Any

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.discord.clicks import CallButton, CallMenu
from adapters.discord.listeners import OLD, Listeners, sorry
from adapters.discord.options import plant
from adapters.discord.reply import Answering
from adapters.discord.sending import Traffic
from bot.app import App
from bot.settings import Discord

log = logging.getLogger(__name__)

INTENTS = discord.Intents(guilds=True)
"""No privileged intent, and no messages: people come by commands, buttons, menus and forms."""


def point(rest_url: str, gateway_url: str) -> None:
    """Say where Discord is. discord.py keeps both addresses on its classes, so this is for the whole process and
    must be done before a client starts."""
    Route.BASE = rest_url
    if gateway_url:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)


class Client(discord.AutoShardedClient):
    """One life of the connection. When it is beyond help a new one is built."""

    def __init__(self, app: App, settings: Discord, traffic: Traffic) -> None:
        super().__init__(
            intents=INTENTS,
            allowed_mentions=discord.AllowedMentions.none(),
            http_trace=traffic.trace(),
            max_ratelimit_timeout=30,
            chunk_guilds_at_startup=False,
            max_messages=None,
        )
        self.app = app
        self.settings = settings
        self.listeners = Listeners(app)
        self.tree = Tree(self)
        plant(self.tree, app.commands, self.listeners.on_command, self.listeners.suggest)
        self.add_dynamic_items(CallButton, CallMenu)

    async def find_gateway(self) -> None:
        """Ask where the gateway is and how many shards Discord advises; call it between login and connect."""
        self.shard_count, url, _ = await self.http.get_bot_gateway()
        if not self.settings.gateway_url:
            point(self.settings.rest_url, url)

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
