"""Users, roles and members, as the API writes them."""

from __future__ import annotations

from ..clock import stamp
from ..state import Json, Member, Role, User


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
