"""The person and the location of an interaction, read from each interaction anew."""

from __future__ import annotations

from typing import Any

import discord

from bot.app import Requester
from bot.chat.gateway import Location

Interaction = discord.Interaction[Any]


GUILD, MEMBER = "guild", "member"
"""Keys of an interaction's `extras`: in a direct message, the id of the server it is about, and the person there."""


def guild_of(interaction: Interaction) -> str:
    """Id of the server that an interaction is about; empty for a direct message of which that is not known."""
    return str(interaction.guild_id or interaction.extras.get(GUILD, ""))


def requester(interaction: Interaction) -> Requester:
    """The person behind an interaction, with the rights that Discord reports for them now."""
    return requester_of(interaction.extras.get(MEMBER) or interaction.user)


def requester_of(user: discord.User | discord.Member) -> Requester:
    """A person with the rights that Discord reports for them; without any where it describes only their account."""
    if not isinstance(user, discord.Member):
        return Requester(str(user.id), user.display_name)
    rights = user.guild_permissions
    return Requester(
        id=str(user.id),
        name=user.display_name,
        roles=tuple(str(role.id) for role in user.roles),
        manages=rights.manage_guild,
        moderates=rights.manage_messages,
    )


def location(interaction: Interaction) -> Location:
    """The location of an interaction; a thread belongs to its parent, which is a channel or a forum."""
    channel = interaction.channel
    room, thread = str(interaction.channel_id or "") if interaction.guild_id else "", ""
    if isinstance(channel, discord.Thread):
        room, thread, channel = str(channel.parent_id), str(channel.id), channel.parent
    return Location(
        platform="discord",
        workspace=guild_of(interaction),
        room=room,
        thread=thread,
        message=str(interaction.message.id) if interaction.message else "",
        room_name=getattr(channel, "name", None) or "",
    )
