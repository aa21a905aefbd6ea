"""Entries in a message's menu (Apps →): submit, quote or curate from where people talk."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from adapters.discord.inbound.application_commands import DEFAULT_PERMISSIONS, GUILDS_ONLY
from adapters.discord.inbound.interactions import InteractionHandler
from bot.chat.command import Audience

SUBMIT = "Submit this paper"
QUOTE = "Quote me in the digest"
CURATE = "Curate this"
MENUS = (SUBMIT, QUOTE, CURATE)
"""Names of at most 32 characters; a message's menu may have 15 such entries (Discord, "Application Commands")."""


def add_message_menus(tree: app_commands.CommandTree[Any], listeners: InteractionHandler) -> None:
    """Add the entries of a message's menu to the tree."""

    async def submit(interaction: discord.Interaction, message: discord.Message) -> None:
        await listeners.on_submit_message(interaction, message)

    async def quote(interaction: discord.Interaction, message: discord.Message) -> None:
        await listeners.on_quote_message(interaction, message)

    async def curate(interaction: discord.Interaction, message: discord.Message) -> None:
        await listeners.on_curate_message(interaction, message)

    entries = (
        (SUBMIT, submit, Audience.MEMBER),
        (QUOTE, quote, Audience.MEMBER),
        (CURATE, curate, Audience.MODERATOR),
    )
    for name, callback, audience in entries:
        menu = app_commands.ContextMenu(name=name, callback=callback)
        menu.allowed_contexts = GUILDS_ONLY
        menu.default_permissions = DEFAULT_PERMISSIONS[audience]
        tree.add_command(menu)
