"""What stands in the menu of a message (Apps →): a paper is brought, or curated, from where people speak."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from adapters.discord.listeners import Listeners
from adapters.discord.options import RIGHTS
from bot.chat.commands import Audience

SUBMIT = "Submit this paper"
CURATE = "Curate this"


def plant_menus(tree: app_commands.CommandTree[Any], listeners: Listeners) -> None:
    """Give the tree the entries of a message's menu."""

    async def submit(interaction: discord.Interaction, message: discord.Message) -> None:
        await listeners.on_submit_message(interaction, message)

    async def curate(interaction: discord.Interaction, message: discord.Message) -> None:
        await listeners.on_curate_message(interaction, message)

    for name, callback, audience in ((SUBMIT, submit, Audience.MEMBER), (CURATE, curate, Audience.MODERATOR)):
        menu = app_commands.ContextMenu(name=name, callback=callback)
        menu.allowed_contexts = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)
        menu.default_permissions = RIGHTS[audience]
        tree.add_command(menu)
