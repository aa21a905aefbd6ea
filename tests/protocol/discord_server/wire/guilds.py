"""Guilds, as the API writes them."""

from __future__ import annotations

from .. import permissions
from ..clock import stamp
from ..state import Guild, Json
from ..world import ServerState
from .people import member, role
from .rooms import channel, thread


def guild_create(world: ServerState, one: Guild, *, with_members: bool) -> Json:
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


def guild(world: ServerState, one: Guild) -> Json:
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
        "system_channel_id": str(one.system_channel_id) if one.system_channel_id else None,
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


def partial_guild(world: ServerState, one: Guild) -> Json:
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
