"""Channels and threads, as the API writes them."""

from __future__ import annotations

from .. import permissions
from ..clock import stamp
from ..state import Channel, ChannelType, Json, Thread, User
from ..world import ServerState
from .people import user


def channel(world: ServerState, one: Channel) -> Json:
    """A channel or thread object."""
    if isinstance(one, Thread):
        return thread(world, one)
    last = max(one.posts, default=None)
    if one.recipient is not None:
        return {
            "id": str(one.id),
            "type": int(ChannelType.DM),
            "flags": 0,
            "recipients": [user(one.recipient)],
            "last_message_id": _id(last),
        }
    body: Json = {
        "id": str(one.id),
        "type": int(one.type),
        "guild_id": str(one.guild_id),
        "name": one.name,
        "position": one.position,
        "topic": one.topic,
        "parent_id": _id(one.parent_id),
        "nsfw": False,
        "flags": 1 << 4 if one.requires_tag else 0,
        "last_message_id": _id(last),
        "rate_limit_per_user": 0,
        "permission_overwrites": [
            {"id": str(o.id), "type": o.type, "allow": str(o.allow), "deny": str(o.deny)}
            for o in one.overwrites.values()
        ],
    }
    if one.auto_archive is not None:
        body["default_auto_archive_duration"] = one.auto_archive
    if one.type is ChannelType.FORUM:
        body["default_reaction_emoji"] = None
        body["default_sort_order"] = None
        body["default_forum_layout"] = 0
        body["available_tags"] = [
            {"id": str(tag), "name": name, "moderated": False, "emoji_id": None, "emoji_name": None}
            for tag, name in one.tags.items()
        ]
    return body


def thread(world: ServerState, one: Thread) -> Json:
    """A thread object, with the bot's membership if it joined."""
    body: Json = {
        "id": str(one.id),
        "type": int(one.type),
        "guild_id": str(one.guild_id),
        "parent_id": _id(one.parent_id),
        "owner_id": str(one.owner_id),
        "name": one.name,
        "flags": 0,
        "last_message_id": _id(max(one.posts, default=None)),
        "rate_limit_per_user": 0,
        "message_count": one.message_count,
        "total_message_sent": one.sent,
        "member_count": min(len(one.members), 50),
        "applied_tags": [str(tag) for tag in one.applied_tags],
        "thread_metadata": {
            "archived": one.archived,
            "locked": one.locked,
            "auto_archive_duration": one.auto_archive or 4320,
            "archive_timestamp": stamp(one.archived_at or world.clock.now()),
            "create_timestamp": stamp(one.created_at or world.clock.now()),
        },
    }
    if world.bot.id in one.members:
        body["member"] = thread_member(one, world.bot.id)
    return body


def thread_member(one: Thread, user_id: int) -> Json:
    """A thread member object."""
    return {
        "id": str(one.id),
        "user_id": str(user_id),
        "join_timestamp": stamp(one.members[user_id]),
        "flags": 0,
    }


def threads(world: ServerState, found: list[Thread], *, has_more: bool) -> Json:
    """A list of threads with the bot's membership in each it joined."""
    mine = [thread_member(one, world.bot.id) for one in found if world.bot.id in one.members]
    return {"threads": [thread(world, one) for one in found], "members": mine, "has_more": has_more}


def rights_in(world: ServerState, one: Channel, someone: User) -> int:
    """What a person may do in a channel, as interactions state it."""
    if one.guild_id is None:
        return permissions.EVERYDAY
    return permissions.granted(world.guilds[one.guild_id], someone.id, one)


def _id(value: int | None) -> str | None:
    return None if value is None else str(value)
