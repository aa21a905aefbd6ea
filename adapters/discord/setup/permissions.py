"""What the bot needs to be allowed in a channel, and how to mend what is missing."""

from __future__ import annotations

import discord

PERMISSION_NAMES = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "create_public_threads": "Create Public Threads",
    "read_message_history": "Read Message History",
    "attach_files": "Attach Files",
}
"""What we need, as Discord's settings call it in English; in a forum, where a post is its thread, some are called
something else."""

FORUM_PERMISSION_NAMES = {
    "view_channel": "View Channel",
    "send_messages": "Create Posts",
    "send_messages_in_threads": "Send Messages in Posts",
    "read_message_history": "Read Message History",
    "attach_files": "Attach Files",
}

RoomChannel = discord.abc.GuildChannel | None


def missing_permissions_text(channel: RoomChannel, me: discord.Member) -> str:
    """Why a channel cannot be used in full, and how to mend it; empty where all is well."""
    if channel is None:
        return "the channel was deleted: choose another with `/clubadmin channels`"
    if not isinstance(channel, discord.TextChannel | discord.ForumChannel):
        return f"it is a {channel.type} channel: choose a text, announcement or forum channel"
    missing = missing_permissions(channel, me)
    if not missing:
        return ""
    named = ", ".join(f"“{name}”" for name in missing)
    return f"my role lacks {named} there: Edit Channel → Permissions → add my role → allow {named}"


def missing_permissions(channel: discord.TextChannel | discord.ForumChannel, me: discord.Member) -> list[str]:
    """The permissions that are missing, as Discord's settings call them."""
    granted = channel.permissions_for(me)
    names = FORUM_PERMISSION_NAMES if isinstance(channel, discord.ForumChannel) else PERMISSION_NAMES
    missing = {permission: name for permission, name in names.items() if not getattr(granted, permission)}
    if "send_messages" in missing:
        missing.pop("attach_files", None)  # who may not write may not attach either: it comes back by itself
    return list(missing.values())
