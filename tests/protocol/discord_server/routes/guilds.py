"""Guilds as the bot may look at them: rooms, roles, members."""

from __future__ import annotations

from .. import permissions, wire
from ..errors import ApiError, Problem
from ..routing import Answer, Call, route
from ..state import ChannelType, Overwrite, Role


@route("GET /guilds/{guild_id}")
def get_guild(call: Call) -> Answer:
    guild = call.world.guild(call.id("guild_id"))
    body = wire.guild(call.world, guild)
    if call.query.get("with_counts", "").lower() in ("1", "true"):
        body |= {"approximate_member_count": len(guild.members), "approximate_presence_count": 1}
    return Answer(body)


@route("GET /guilds/{guild_id}/channels")
def get_channels(call: Call) -> Answer:
    guild = call.world.guild(call.id("guild_id"))
    return Answer([wire.channel(call.world, channel) for channel in guild.channels.values()])


@route("POST /guilds/{guild_id}/channels")
def create_channel(call: Call) -> Answer:
    guild = call.world.guild(call.id("guild_id"))
    if not permissions.granted(guild, call.world.bot.id) & permissions.MANAGE_CHANNELS:
        raise ApiError(50013)
    body = call.payload()
    try:
        kind = ChannelType(body.get("type") or 0)
    except ValueError:
        raise ApiError(50035, [Problem("type", "this server models text, news and forum channels")]) from None
    tags = [tag["name"] for tag in body.get("available_tags") or ()]
    channel = call.world.new_channel(guild, kind, body["name"], tags)
    channel.topic = body.get("topic")
    channel.parent_id = int(body["parent_id"]) if body.get("parent_id") else None
    channel.auto_archive = body.get("default_auto_archive_duration")
    for given in body.get("permission_overwrites") or ():
        overwrite = Overwrite(
            int(given["id"]), int(given.get("type") or 0), int(given.get("allow") or 0), int(given.get("deny") or 0)
        )
        channel.overwrites[overwrite.id] = overwrite
    call.events.channel("CHANNEL_CREATE", channel)
    return Answer(wire.channel(call.world, channel), 201)


@route("GET /guilds/{guild_id}/roles")
def get_roles(call: Call) -> Answer:
    guild = call.world.guild(call.id("guild_id"))
    return Answer([wire.role(role) for role in guild.roles.values()])


@route("POST /guilds/{guild_id}/roles")
def create_role(call: Call) -> Answer:
    guild = call.world.guild(call.id("guild_id"))
    if not permissions.granted(guild, call.world.bot.id) & permissions.MANAGE_ROLES:
        raise ApiError(50013)
    body = call.payload()
    role = Role(call.world.ids.next(), body.get("name") or "new role", int(body.get("permissions") or 0))
    guild.roles[role.id] = role
    call.events.role("GUILD_ROLE_CREATE", guild, role.id)
    return Answer(wire.role(role))


@route("GET /guilds/{guild_id}/members/{user_id}")
def get_member(call: Call) -> Answer:
    guild = call.world.guild(call.id("guild_id"))
    member = guild.members.get(call.id("user_id"))
    if member is None:
        raise ApiError(10007)
    return Answer(wire.member(member))


@route("GET /guilds/{guild_id}/threads/active")
def get_active_threads(call: Call) -> Answer:
    guild = call.world.guild(call.id("guild_id"))
    threads = [
        thread
        for thread in guild.threads.values()
        if not thread.archived and call.world.may(thread, permissions.VIEW_CHANNEL)
    ]
    threads.sort(key=lambda thread: thread.id, reverse=True)
    return Answer(wire.threads(call.world, threads, has_more=False))
