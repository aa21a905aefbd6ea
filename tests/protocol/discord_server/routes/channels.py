"""Channels: looking at them, changing them, saying that one is typing."""

from __future__ import annotations

from .. import permissions, wire
from ..errors import ApiError, Problem
from ..routing import Answer, Call, route
from ..state import Channel, Json, Thread


@route("GET /channels/{channel_id}")
def get_channel(call: Call) -> Answer:
    return Answer(wire.channel(call.world, call.world.channel(call.id("channel_id"))))


@route("PATCH /channels/{channel_id}")
def change_channel(call: Call) -> Answer:
    channel = call.world.channel(call.id("channel_id"))
    call.hold_to("UpdateThreadRequestPartial" if isinstance(channel, Thread) else "UpdateGuildChannelRequestPartial")
    if isinstance(channel, Thread):
        _change_thread(call, channel, call.payload())
        call.events.thread("THREAD_UPDATE", channel)
    else:
        if not call.world.may(channel, permissions.MANAGE_CHANNELS):
            raise ApiError(50013)
        _change(call, channel, call.payload())
        call.events.channel("CHANNEL_UPDATE", channel)
    return Answer(wire.channel(call.world, channel))


@route("DELETE /channels/{channel_id}")
def delete_channel(call: Call) -> Answer:
    channel = call.world.channel(call.id("channel_id"))
    body = wire.channel(call.world, channel)
    if channel.guild_id is None:
        return Answer(body)
    in_thread = isinstance(channel, Thread)
    if not call.world.may(channel, permissions.MANAGE_THREADS if in_thread else permissions.MANAGE_CHANNELS):
        raise ApiError(50013)
    call.events.removed(channel)
    call.world.remove(channel)
    return Answer(body)


@route("POST /channels/{channel_id}/typing")
def type_in_channel(call: Call) -> Answer:
    channel = call.world.channel(call.id("channel_id"))
    in_thread = isinstance(channel, Thread)
    need = permissions.SEND_MESSAGES_IN_THREADS if in_thread else permissions.SEND_MESSAGES
    if not call.world.may(channel, need):
        raise ApiError(50013)
    return Answer()


def _change(call: Call, channel: Channel, body: Json) -> None:
    channel.name = body.get("name") or channel.name
    channel.topic = body.get("topic", channel.topic)
    channel.auto_archive = body.get("default_auto_archive_duration", channel.auto_archive)
    if body.get("available_tags") is not None:
        channel.tags = {int(tag.get("id") or call.world.ids.next()): tag["name"] for tag in body["available_tags"]}


def _change_thread(call: Call, thread: Thread, body: Json) -> None:
    """Rights as Discord asks for them: everybody may wake an unlocked thread, its owner may rename and archive."""
    manages = call.world.may(thread, permissions.MANAGE_THREADS)
    speaks = call.world.may(thread, permissions.SEND_MESSAGES_IN_THREADS)
    owns = thread.owner_id == call.world.bot.id
    wakes = body.get("archived") is False
    named = {key for key, value in body.items() if value is not None}
    if thread.archived and not wakes and named - {"archived", "locked"}:
        raise ApiError(50083)
    owner_may = {"name", "archived", "auto_archive_duration", "rate_limit_per_user", "invitable", "applied_tags"}
    anyone_may = {"archived"} if wakes and speaks else set()
    if not manages and (named - (owner_may if owns else anyone_may) or thread.locked):
        raise ApiError(50013)
    if body.get("applied_tags") is not None:
        thread.applied_tags = known_tags(call, thread, body["applied_tags"])
    thread.name = body.get("name") or thread.name
    thread.auto_archive = body.get("auto_archive_duration") or thread.auto_archive
    if body.get("locked") is not None:
        thread.locked = bool(body["locked"])
    if body.get("archived") is not None and bool(body["archived"]) != thread.archived:
        thread.archived, thread.archived_at = bool(body["archived"]), call.world.clock.now()


def known_tags(call: Call, home: Channel, tags: list[str | int]) -> list[int]:
    """The tags given, if the forum has them."""
    guild = call.world.guild(home.guild_id or 0)
    forum = guild.channels[home.parent_id] if isinstance(home, Thread) and home.parent_id else home
    wanted = [int(tag) for tag in tags]
    unknown = [tag for tag in wanted if tag not in forum.tags]
    call.refuse_if([Problem("applied_tags", f"the forum has no tag {tag}") for tag in unknown])
    return wanted
