"""The application and its commands, as the API writes them."""

from __future__ import annotations

from typing import Any

from ..state import Command, Json
from ..world import ServerState
from .people import user


def application(world: ServerState) -> Json:
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


def command(world: ServerState, one: Command) -> Json:
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
