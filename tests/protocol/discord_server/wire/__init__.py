"""The JSON Discord sends: each thing we remember, written as the API writes it."""

from __future__ import annotations

from .application import application, command
from .guilds import guild, guild_create, partial_guild
from .messages import attachment, message
from .people import me, member, role, user
from .rooms import channel, rights_in, thread, thread_member, threads

__all__ = [
    "application",
    "attachment",
    "channel",
    "command",
    "guild",
    "guild_create",
    "me",
    "member",
    "message",
    "partial_guild",
    "rights_in",
    "role",
    "thread",
    "thread_member",
    "threads",
    "user",
]
