"""The bot's own account: who it is, where the gateway is, whom it talks to in private."""

from __future__ import annotations

from .. import wire
from ..errors import ApiError
from ..routing import Answer, Call, route


@route("GET /users/@me")
def get_me(call: Call) -> Answer:
    return Answer(wire.me(call.world.bot))


@route("GET /users/{user_id}")
def get_user(call: Call) -> Answer:
    found = call.world.users.get(call.id("user_id"))
    if found is None:
        raise ApiError(10013)
    return Answer(wire.user(found))


@route("GET /oauth2/applications/@me")
def get_oauth_application(call: Call) -> Answer:
    return Answer(wire.application(call.world))


@route("GET /applications/@me")
def get_application(call: Call) -> Answer:
    return Answer(wire.application(call.world))


@route("GET /gateway")
def get_gateway(call: Call) -> Answer:
    return Answer({"url": call.events.gateway.url})


@route("GET /gateway/bot")
def get_gateway_bot(call: Call) -> Answer:
    gateway = call.events.gateway
    limit = {
        "total": 1000,
        "remaining": gateway.identifies_left,
        "reset_after": 24 * 60 * 60 * 1000,
        "max_concurrency": gateway.max_concurrency,
    }
    return Answer({"url": gateway.url, "shards": gateway.shards, "session_start_limit": limit})


@route("GET /users/@me/guilds")
def get_my_guilds(call: Call) -> Answer:
    guilds = (guild for guild in call.world.guilds.values() if guild.joined_at is not None)
    return Answer([wire.partial_guild(call.world, guild) for guild in guilds])


@route("DELETE /users/@me/guilds/{guild_id}")
def leave_guild(call: Call) -> Answer:
    guild = call.world.guild(call.id("guild_id"))
    call.events.guild_delete(guild, unavailable=False)
    guild.joined_at = None
    guild.members.pop(call.world.bot.id, None)
    return Answer()


@route("POST /users/@me/channels")
def open_private_channel(call: Call) -> Answer:
    user = call.world.users.get(int(call.payload().get("recipient_id") or 0))
    if user is None:
        raise ApiError(10013)
    return Answer(wire.channel(call.world, call.world.private_with(user)))
