"""Registers the commands with Discord if they changed: Discord limits registrations, and each one replaces all
commands.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import discord
from discord import app_commands

from adapters.discord.transport.requests import send
from bot.app import App
from bot.chat.gateway import NotSent, OutcomeUnknown, Refused

log = logging.getLogger(__name__)


async def register_commands(
    app: App, tree: app_commands.CommandTree[Any], application: int, guilds: Sequence[int]
) -> bool:
    """Register the commands if they differ from the last registration: globally, or in these guilds only.

    False if Discord refuses for now; the next connection tries again.
    """
    payloads = await _payloads(tree)
    wanted = sha256(json.dumps(payloads, sort_keys=True).encode()).hexdigest()
    http = tree.client.http
    for guild in guilds or (None,):
        fact = f"discord:commands:{application}:{guild or 'everywhere'}"
        async with app.store.read_admin_session() as admin:
            if await admin.facts.value(fact) == wanted:
                continue
        if guild:
            tree.copy_global_to(guild=discord.Object(guild))
        try:
            registered = await send(
                http.bulk_upsert_guild_commands(application, guild, payloads)
                if guild
                else http.bulk_upsert_global_commands(application, payloads)
            )
        except (NotSent, Refused, OutcomeUnknown) as error:
            log.warning("Discord refused the commands: %s", error)
            return False
        async with app.store.admin_session() as admin:
            await admin.facts.store(fact, wanted)
        log.info("%s commands registered %s", len(registered), f"in guild {guild}" if guild else "everywhere")
    return True


async def _payloads(tree: app_commands.CommandTree[Any]) -> list[Any]:
    """Everything that is registered with Discord, with the texts in other languages.

    Built once for the comparison and for the registration: that takes longer than all else before the bot is ready.
    """
    translator = tree.translator
    every = [
        tree.get_commands(type=kind) for kind in (discord.AppCommandType.chat_input, discord.AppCommandType.message)
    ]
    return [
        await command.get_translated_payload(tree, translator) if translator else command.to_dict(tree)
        for kind in every
        for command in kind
    ]
