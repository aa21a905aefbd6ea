"""Threads: opened on a message, on their own, or as a forum's post; joined, listed."""

from __future__ import annotations

from datetime import datetime

from .. import permissions, posting, wire
from ..errors import ApiError
from ..routing import Answer, Call, route
from ..state import Channel, ChannelType, Flag, Json, Message, Thread
from .channels import known_tags

HOMES = (ChannelType.TEXT, ChannelType.NEWS)
THREAD_CREATED = 18
"""The message type by which a channel tells of a thread opened without a message."""


@route("POST /channels/{channel_id}/messages/{message_id}/threads")
def open_thread_on_message(call: Call) -> Answer:
    home = call.world.channel(call.id("channel_id"), permissions.CREATE_PUBLIC_THREADS)
    message = call.world.message(home, call.id("message_id"))
    if home.type not in HOMES:
        raise ApiError(50024)
    if message.flags & Flag.HAS_THREAD:
        raise ApiError(160004)
    thread = _open(call, home, call.payload(), thread_id=message.id)
    message.flags |= Flag.HAS_THREAD
    call.events.message("MESSAGE_UPDATE", message)
    return Answer(wire.thread(call.world, thread), 201)


@route("POST /channels/{channel_id}/threads")
def open_thread(call: Call) -> Answer:
    home = call.world.channel(call.id("channel_id"))
    body = call.payload()
    if home.type is ChannelType.FORUM:
        call.hold_to("CreateForumThreadRequest")
        return _open_post(call, home, body)
    call.hold_to("CreateTextThreadWithoutMessageRequest")
    if home.type not in HOMES:
        raise ApiError(50024)
    if not call.world.may(home, permissions.CREATE_PUBLIC_THREADS):
        raise ApiError(50013)
    thread = _open(call, home, body, thread_id=call.world.ids.next())
    notice = Message(
        call.world.ids.next(), home.id, home.guild_id, call.world.bot, call.world.clock.now(), body["name"]
    )
    notice.type = THREAD_CREATED
    notice.reference = {"type": 0, "channel_id": str(thread.id)}
    posting.add(call.world, home, notice)
    call.events.message("MESSAGE_CREATE", notice)
    return Answer(wire.thread(call.world, thread), 201)


@route("PUT /channels/{channel_id}/thread-members/@me")
def join_thread(call: Call) -> Answer:
    thread = call.world.thread(call.id("channel_id"))
    if thread.archived:
        raise ApiError(50083)
    thread.members.setdefault(call.world.bot.id, call.world.clock.now())
    return Answer()


@route("DELETE /channels/{channel_id}/thread-members/@me")
def leave_thread(call: Call) -> Answer:
    thread = call.world.thread(call.id("channel_id"))
    thread.members.pop(call.world.bot.id, None)
    return Answer()


@route("PUT /channels/{channel_id}/thread-members/{user_id}")
def add_to_thread(call: Call) -> Answer:
    thread = call.world.thread(call.id("channel_id"), permissions.SEND_MESSAGES_IN_THREADS)
    if thread.archived:
        raise ApiError(50083)
    user_id = call.id("user_id")
    if user_id not in call.world.guild(thread.guild_id or 0).members:
        raise ApiError(10007)
    thread.members.setdefault(user_id, call.world.clock.now())
    return Answer()


@route("GET /channels/{channel_id}/threads/archived/public")
def get_archived_threads(call: Call) -> Answer:
    home = call.world.channel(call.id("channel_id"), permissions.READ_MESSAGE_HISTORY)
    limit = int(call.query.get("limit", 50))
    threads = [
        thread
        for thread in call.world.guild(home.guild_id or 0).threads.values()
        if thread.parent_id == home.id and thread.archived
    ]
    if before := call.query.get("before"):
        moment = datetime.fromisoformat(before)
        threads = [thread for thread in threads if thread.archived_at and thread.archived_at < moment]
    threads.sort(key=lambda thread: thread.archived_at or call.world.clock.now(), reverse=True)
    return Answer(wire.threads(call.world, threads[:limit], has_more=len(threads) > limit))


def _open_post(call: Call, forum: Channel, body: Json) -> Answer:
    if not call.world.may(forum, permissions.SEND_MESSAGES):
        raise ApiError(50013)
    if body["message"].get("embeds") and not call.world.may(forum, permissions.EMBED_LINKS):
        raise ApiError(50013)
    tags = known_tags(call, forum, body.get("applied_tags") or [])
    if forum.requires_tag and not tags:
        raise ApiError(40067)
    _refuse_if_full(call, forum)
    first_id = call.world.ids.next()
    thread = Thread(first_id, ChannelType.PUBLIC_THREAD, body["name"], forum.guild_id, forum.id)
    message = posting.create(call, thread, body["message"], message_id=first_id, announced=False)
    _settle(call, thread, body)
    thread.applied_tags = tags
    call.events.thread("THREAD_CREATE", thread, fresh=True)
    call.events.message("MESSAGE_CREATE", message)
    return Answer({**wire.thread(call.world, thread), "message": wire.message(call.world, message)}, 201)


def _open(call: Call, home: Channel, body: Json, thread_id: int) -> Thread:
    _refuse_if_full(call, home)
    public = ChannelType.NEWS_THREAD if home.type is ChannelType.NEWS else ChannelType.PUBLIC_THREAD
    kind = ChannelType(body["type"]) if body.get("type") else public
    thread = Thread(thread_id, kind, body["name"], home.guild_id, home.id)
    _settle(call, thread, body)
    call.events.thread("THREAD_CREATE", thread, fresh=True)
    return thread


def _settle(call: Call, thread: Thread, body: Json) -> None:
    now = call.world.clock.now()
    guild = call.world.guild(thread.guild_id or 0)
    home = guild.channels[thread.parent_id or 0]
    thread.owner_id = call.world.bot.id
    thread.created_at = thread.archived_at = now
    thread.auto_archive = body.get("auto_archive_duration") or home.auto_archive or 4320
    thread.members[call.world.bot.id] = now
    guild.threads[thread.id] = thread


def _refuse_if_full(call: Call, home: Channel) -> None:
    guild = call.world.guild(home.guild_id or 0)
    if sum(not thread.archived for thread in guild.threads.values()) >= guild.thread_cap:
        raise ApiError(160006)
