"""The JSON Discord sends: each thing we remember, written as the API writes it."""

from __future__ import annotations

import mimetypes
from typing import Any

from . import permissions
from .clock import stamp
from .state import (
    Attachment,
    Channel,
    ChannelType,
    Command,
    Flag,
    Guild,
    Json,
    Member,
    Message,
    Role,
    Thread,
    User,
)
from .world import World


def user(someone: User) -> Json:
    """A user object."""
    return {
        "id": str(someone.id),
        "username": someone.name.lower().replace(" ", "_"),
        "global_name": someone.name,
        "discriminator": "0",
        "avatar": None,
        "bot": someone.bot,
        "flags": 0,
        "public_flags": 0,
        "primary_guild": None,
    }


def me(bot: User) -> Json:
    """The bot's own user object."""
    return {**user(bot), "mfa_enabled": True, "locale": "en-US", "verified": True}


def application(world: World) -> Json:
    """The application object of GET /applications/@me."""
    return {
        "id": str(world.application_id),
        "name": world.bot.name,
        "icon": None,
        "description": "",
        "type": None,
        "bot": user(world.bot),
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": 0,
        "flags_new": "0",
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": user(world.bot),
        "approximate_guild_count": sum(guild.joined_at is not None for guild in world.guilds.values()),
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": [],
        "tags": [],
    }


def role(one: Role) -> Json:
    """A role object."""
    return {
        "id": str(one.id),
        "name": one.name,
        "permissions": str(one.permissions),
        "position": one.position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }


def member(one: Member, rights: int | None = None) -> Json:
    """A guild member object, in interactions with the rights it has in the channel."""
    body: Json = {
        "user": user(one.user),
        "roles": [str(role_id) for role_id in one.roles],
        "joined_at": stamp(one.joined_at),
        "nick": None,
        "avatar": None,
        "banner": None,
        "communication_disabled_until": None,
        "premium_since": None,
        "pending": False,
        "flags": 0,
        "mute": False,
        "deaf": False,
    }
    return body if rights is None else {**body, "permissions": str(rights)}


def channel(world: World, one: Channel) -> Json:
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
        "flags": 0,
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


def thread(world: World, one: Thread) -> Json:
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


def attachment(one: Attachment) -> Json:
    """An attachment object."""
    body: Json = {
        "id": str(one.id),
        "filename": one.filename,
        "size": len(one.content),
        "url": one.url,
        "proxy_url": one.url,
        "content_type": mimetypes.guess_type(one.filename)[0] or "application/octet-stream",
    }
    return body if one.description is None else {**body, "description": one.description}


def message(world: World, one: Message) -> Json:
    """A message object."""
    body: Json = {
        "id": str(one.id),
        "channel_id": str(one.channel_id),
        "type": one.type,
        "author": user(one.author),
        "content": one.content,
        "embeds": [{"type": "rich", **embed} for embed in one.embeds],
        "components": one.components,
        "attachments": [attachment(file) for file in one.attachments],
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": False,
        "tts": False,
        "pinned": one.pinned_at is not None,
        "flags": one.flags,
        "timestamp": stamp(one.sent_at),
        "edited_timestamp": stamp(one.edited_at) if one.edited_at else None,
    }
    if one.nonce is not None:
        body["nonce"] = one.nonce
    if one.author.id == world.bot.id:
        body["application_id"] = str(world.application_id)
    if one.interaction is not None:
        body["interaction_metadata"] = one.interaction
        body["webhook_id"] = str(world.application_id)
    if one.reference is not None:
        body["message_reference"] = one.reference
    if one.flags & Flag.HAS_THREAD and isinstance(found := world.find_channel(one.id), Thread):
        body["thread"] = thread(world, found)
    return body


def guild_create(world: World, one: Guild, *, with_members: bool) -> Json:
    """The guild object of GUILD_CREATE. Only the bot itself is listed without the members intent."""
    listed = one.members.values() if with_members else [one.members[world.bot.id]]
    joined = one.joined_at or world.clock.now()
    return {
        **guild(world, one),
        "joined_at": stamp(joined),
        "large": False,
        "unavailable": False,
        "member_count": len(one.members),
        "members": [member(m) for m in listed],
        "channels": [channel(world, c) for c in one.channels.values()],
        "threads": [thread(world, t) for t in one.threads.values() if not t.archived],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def guild(world: World, one: Guild) -> Json:
    """A guild object."""
    return {
        "id": str(one.id),
        "name": one.name,
        "icon": None,
        "description": None,
        "home_header": None,
        "splash": None,
        "discovery_splash": None,
        "features": [],
        "banner": None,
        "owner_id": str(one.owner_id),
        "application_id": None,
        "region": "",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "widget_channel_id": None,
        "verification_level": 0,
        "roles": [role(r) for r in one.roles.values()],
        "default_message_notifications": 1,
        "mfa_level": 0,
        "explicit_content_filter": 0,
        "max_presences": None,
        "max_members": 500000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "vanity_url_code": None,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": "en-US",
        "rules_channel_id": None,
        "safety_alerts_channel_id": None,
        "public_updates_channel_id": None,
        "premium_progress_bar_enabled": False,
        "nsfw": False,
        "nsfw_level": 0,
        "emojis": [],
        "stickers": [],
        "incidents_data": None,
        "inventory_settings": None,
    }


def partial_guild(world: World, one: Guild) -> Json:
    """A guild as listed in GET /users/@me/guilds."""
    return {
        "id": str(one.id),
        "name": one.name,
        "icon": None,
        "banner": None,
        "owner": one.owner_id == world.bot.id,
        "permissions": str(permissions.granted(one, world.bot.id)),
        "features": [],
    }


def threads(world: World, found: list[Thread], *, has_more: bool) -> Json:
    """A list of threads with the bot's membership in each it joined."""
    mine = [thread_member(one, world.bot.id) for one in found if world.bot.id in one.members]
    return {"threads": [thread(world, one) for one in found], "members": mine, "has_more": has_more}


def command(world: World, one: Command) -> Json:
    """An application command object."""
    body: dict[str, Any] = {
        "id": str(one.id),
        "application_id": str(world.application_id),
        "version": str(one.version),
        "type": one.type,
        "description": "",
        "dm_permission": True,
        "nsfw": False,
        **{key: value for key, value in one.body.items() if value is not None},
    }
    rights = one.body.get("default_member_permissions")
    body["default_member_permissions"] = None if rights is None else str(rights)
    return body if one.guild_id is None else {**body, "guild_id": str(one.guild_id)}


def rights_in(world: World, one: Channel, someone: User) -> int:
    """What a person may do in a channel, as interactions state it."""
    if one.guild_id is None:
        return permissions.EVERYDAY
    return permissions.granted(world.guilds[one.guild_id], someone.id, one)


def _id(value: int | None) -> str | None:
    return None if value is None else str(value)
