"""Who may do what where: Discord's permission bits and how overwrites combine.

Bits and algorithm: Discord, "Permissions".
"""

from __future__ import annotations

from typing import Final

from .state import Channel, Guild, Thread

ADMINISTRATOR: Final = 1 << 3
MANAGE_CHANNELS: Final = 1 << 4
MANAGE_GUILD: Final = 1 << 5
VIEW_CHANNEL: Final = 1 << 10
SEND_MESSAGES: Final = 1 << 11
MANAGE_MESSAGES: Final = 1 << 13
EMBED_LINKS: Final = 1 << 14
ATTACH_FILES: Final = 1 << 15
READ_MESSAGE_HISTORY: Final = 1 << 16
MENTION_EVERYONE: Final = 1 << 17
MANAGE_ROLES: Final = 1 << 28
USE_APPLICATION_COMMANDS: Final = 1 << 31
MANAGE_THREADS: Final = 1 << 34
CREATE_PUBLIC_THREADS: Final = 1 << 35
SEND_MESSAGES_IN_THREADS: Final = 1 << 38
CREATE_EVENTS: Final = 1 << 44
PIN_MESSAGES: Final = 1 << 51
ALL: Final = (1 << 53) - 1

EVERYDAY: Final = (
    VIEW_CHANNEL
    | SEND_MESSAGES
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | USE_APPLICATION_COMMANDS
    | CREATE_PUBLIC_THREADS
    | SEND_MESSAGES_IN_THREADS
)
"""What @everyone may do in a fresh guild, as far as a reading club touches it."""

INVITED: Final = (
    VIEW_CHANNEL
    | SEND_MESSAGES
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | CREATE_PUBLIC_THREADS
    | SEND_MESSAGES_IN_THREADS
)
"""What the bot's own role is given when a guild invites it."""


def granted(guild: Guild, user_id: int, channel: Channel | None = None) -> int:
    """All a member may do in the guild, or in one of its channels (a thread inherits from its parent)."""
    member = guild.members.get(user_id)
    if member is None:
        return 0
    if user_id == guild.owner_id:
        return ALL
    rights = guild.roles[guild.id].permissions
    for role_id in member.roles:
        rights |= guild.roles[role_id].permissions if role_id in guild.roles else 0
    if rights & ADMINISTRATOR:
        return ALL
    if channel is None:
        return rights
    home = guild.channels[channel.parent_id or 0] if isinstance(channel, Thread) else channel
    return _overwritten(guild, home, user_id, rights)


def _overwritten(guild: Guild, channel: Channel, user_id: int, rights: int) -> int:
    overwrites = channel.overwrites
    if everyone := overwrites.get(guild.id):
        rights = rights & ~everyone.deny | everyone.allow
    allow = deny = 0
    for role_id in guild.members[user_id].roles:
        if role := overwrites.get(role_id):
            allow, deny = allow | role.allow, deny | role.deny
    rights = rights & ~deny | allow
    if own := overwrites.get(user_id):
        rights = rights & ~own.deny | own.allow
    return rights
