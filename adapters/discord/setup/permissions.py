"""Permissions that the bot needs in a channel, and how to grant missing ones."""

from __future__ import annotations

import discord

from bot.domain.club_settings import Purpose
from bot.features.shared.platform_texts import CHANNEL_DELETED
from bot.locale.current import _

PERMISSION_NAMES = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "create_public_threads": "Create Public Threads",
    "read_message_history": "Read Message History",
    "attach_files": "Attach Files",
}
"""The needed permissions by their English names in Discord's settings; in forums, where a post is a thread, some have
other names.
"""

FORUM_PERMISSION_NAMES = {
    "view_channel": "View Channel",
    "send_messages": "Create Posts",
    "send_messages_in_threads": "Send Messages in Posts",
    "read_message_history": "Read Message History",
    "attach_files": "Attach Files",
}

RoomChannel = discord.abc.GuildChannel | None


def missing_permissions_text(channel: RoomChannel, me: discord.Member) -> str:
    """The reason why a channel cannot be fully used, and how to fix it; empty if it can."""
    if channel is None:
        return _(CHANNEL_DELETED)
    if not isinstance(channel, discord.TextChannel | discord.ForumChannel):
        return _("it is a {type} channel: choose a text, announcement or forum channel", type=channel.type)
    missing = missing_permissions(channel, me)
    if not missing:
        return ""
    named = ", ".join(f"“{name}”" for name in missing)
    return _("my role lacks {named} there: Edit Channel → Permissions → add my role → allow {named}", named=named)


def unsuitable_kind(channel: object, purpose: Purpose) -> str:
    """The reason why a kind of channel cannot serve a purpose; empty if it can. Only papers may be posts of a forum."""
    if isinstance(channel, discord.ForumChannel):
        return "" if purpose == "papers" else _("it is a forum: choose a text or announcement channel")
    if isinstance(channel, discord.TextChannel):
        return ""
    if isinstance(channel, discord.Thread):
        return _("it is a thread: choose a channel")
    return _("it is a {type} channel: choose a text, announcement or forum channel", type=getattr(channel, "type", ""))


def missing_permissions(channel: discord.TextChannel | discord.ForumChannel, me: discord.Member) -> list[str]:
    """The missing permissions by their names in Discord's settings."""
    granted = channel.permissions_for(me)
    if not granted.view_channel:
        return [PERMISSION_NAMES["view_channel"]]  # without it no other permission counts: Discord reports none
    names = FORUM_PERMISSION_NAMES if isinstance(channel, discord.ForumChannel) else PERMISSION_NAMES
    missing = {permission: name for permission, name in names.items() if not getattr(granted, permission)}
    if "send_messages" in missing:
        missing.pop("attach_files", None)  # attaching depends on writing: it returns with that permission
    return list(missing.values())
