"""Names of the people, channels and roles that somebody picked while typing a text: Discord sends their ids alone."""

from __future__ import annotations

import asyncio
import logging

import discord

from adapters.discord.inbound.interaction_context import Interaction, guild_of
from bot.chat.calls import Call
from bot.chat.command import Command
from bot.chat.mentions import without_marks
from bot.chat.named_mentions import UnnamedIds, plain_text, unnamed_ids, unnamed_ids_of, with_names

log = logging.getLogger(__name__)

NAME_TIMEOUT = 2.0
"""Seconds for asking Discord for a name; without an answer the id stays."""

MOST_FETCHED = 10
"""People whose names Discord is asked for, in one text."""


async def call_with_names(interaction: Interaction, command: Command, call: Call) -> Call:
    """The call with names in place of the ids in its texts."""
    call = Call(
        call.command,
        tuple(map(without_marks, call.words)),
        tuple((name, without_marks(value)) for name, value in call.named),
    )
    return with_names(command, call, await _names(interaction, unnamed_ids_of(call)))


async def text_with_names(interaction: Interaction, text: str) -> str:
    """A message's text with names in place of ids."""
    return plain_text(text, await _names(interaction, unnamed_ids(text)))


async def _names(interaction: Interaction, unnamed: UnnamedIds) -> dict[str, str]:
    """Names by id, as far as Discord gives them."""
    guild: discord.Guild | None = interaction.client.get_guild(int(guild_of(interaction) or 0)) if unnamed else None
    if guild is None:
        return {}
    others = [int(id) for id in (*unnamed.channels, *unnamed.groups) if id.isdigit()]
    things = [guild.get_channel_or_thread(id) or guild.get_role(id) for id in others]
    found = {str(thing.id): thing.name.removeprefix("@") for thing in things if thing}
    for person in [id for id in unnamed.people if id.isdigit()][:MOST_FETCHED]:
        try:
            async with asyncio.timeout(NAME_TIMEOUT):
                member = guild.get_member(int(person)) or await guild.fetch_member(int(person))
                found[person] = member.display_name
        except (discord.HTTPException, OSError) as error:  # a timeout is an OSError
            log.info("the name of a member of %s is missing: %r", guild.name, error)
    return found
