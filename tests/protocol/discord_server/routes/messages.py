"""Messages of a channel: posting, changing, reading, pinning, publishing."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import unquote

from .. import permissions, posting, wire
from ..clock import stamp
from ..errors import ApiError
from ..routing import Answer, Call, route
from ..state import Channel, ChannelType, Flag, Message, Thread

NONCE_WINDOW = timedelta(minutes=5)
"""How long enforce_nonce remembers: Discord says "the past few minutes"."""


@route("POST /channels/{channel_id}/messages")
def create_message(call: Call) -> Answer:
    channel = call.world.channel(call.id("channel_id"))
    body = call.payload()
    posting.check_rights(call, channel, body)
    nonce = str(body.get("nonce"))
    if body.get("enforce_nonce") and (before := call.world.nonces.get(nonce)) and _recent(call, before):
        return Answer(wire.message(call.world, before))
    message = posting.create(call, channel, body)
    posting.wake(call, channel)
    if body.get("nonce") is not None:
        call.world.nonces[nonce] = message
    return Answer(wire.message(call.world, message))


@route("GET /channels/{channel_id}/messages")
def get_messages(call: Call) -> Answer:
    channel = call.world.channel(call.id("channel_id"))
    limit = int(call.query.get("limit", 50))
    if not call.world.may(channel, permissions.READ_MESSAGE_HISTORY):
        return Answer([])
    posts = channel.messages
    if "after" in call.query:
        found = [post for post in posts if post.id > int(call.query["after"])][:limit]
    elif "around" in call.query:
        center = int(call.query["around"])
        earlier = [post for post in posts if post.id < center]
        earlier = earlier[max(len(earlier) - limit // 2, 0) :]
        found = earlier + [post for post in posts if post.id >= center][: limit - len(earlier)]
    else:
        before = int(call.query.get("before", 1 << 63))
        found = [post for post in posts if post.id < before][-limit:]
    return Answer([wire.message(call.world, post) for post in reversed(found)])


@route("GET /channels/{channel_id}/messages/{message_id}")
def get_message(call: Call) -> Answer:
    channel = call.world.channel(call.id("channel_id"), permissions.READ_MESSAGE_HISTORY)
    return Answer(wire.message(call.world, call.world.message(channel, call.id("message_id"))))


@route("GET /channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}")
def get_reactions(call: Call) -> Answer:
    channel = call.world.channel(call.id("channel_id"), permissions.READ_MESSAGE_HISTORY)
    message = call.world.message(channel, call.id("message_id"))
    after, limit = int(call.query.get("after", 0)), int(call.query.get("limit", 25))
    users = message.reactions.get(unquote(call.parameters["emoji_name"]), [])
    found = sorted((user for user in users if user.id > after), key=lambda user: user.id)
    return Answer([wire.user(user) for user in found[:limit]])


@route("PATCH /channels/{channel_id}/messages/{message_id}")
def edit_message(call: Call) -> Answer:
    channel, message = _own(call)
    _open(channel)
    posting.edit(call, channel, message, call.payload())
    return Answer(wire.message(call.world, message))


@route("DELETE /channels/{channel_id}/messages/{message_id}")
def delete_message(call: Call) -> Answer:
    channel = call.world.channel(call.id("channel_id"))
    message = call.world.message(channel, call.id("message_id"))
    _open(channel)
    if message.author is not call.world.bot and not call.world.may(channel, permissions.MANAGE_MESSAGES):
        raise ApiError(50013)
    posting.delete(call, message)
    return Answer()


@route("POST /channels/{channel_id}/messages/{message_id}/crosspost")
def crosspost_message(call: Call) -> Answer:
    channel = call.world.channel(call.id("channel_id"), permissions.SEND_MESSAGES)
    message = call.world.message(channel, call.id("message_id"))
    if channel.type is not ChannelType.NEWS:
        raise ApiError(50024)
    if message.author is not call.world.bot and not call.world.may(channel, permissions.MANAGE_MESSAGES):
        raise ApiError(50013)
    if message.flags & Flag.CROSSPOSTED:
        raise ApiError(40033)
    message.flags |= Flag.CROSSPOSTED
    call.events.message("MESSAGE_UPDATE", message)
    return Answer(wire.message(call.world, message))


@route("PUT /channels/{channel_id}/messages/pins/{message_id}")
@route("PUT /channels/{channel_id}/pins/{message_id}")
def pin_message(call: Call) -> Answer:
    channel = call.world.channel(call.id("channel_id"), permissions.PIN_MESSAGES)
    message = call.world.message(channel, call.id("message_id"))
    message.pinned_at = message.pinned_at or call.world.clock.now()
    return Answer()


@route("DELETE /channels/{channel_id}/messages/pins/{message_id}")
@route("DELETE /channels/{channel_id}/pins/{message_id}")
def unpin_message(call: Call) -> Answer:
    channel = call.world.channel(call.id("channel_id"), permissions.PIN_MESSAGES)
    call.world.message(channel, call.id("message_id")).pinned_at = None
    return Answer()


@route("GET /channels/{channel_id}/messages/pins")
def get_pins(call: Call) -> Answer:
    channel = call.world.channel(call.id("channel_id"))
    pinned = [post for post in channel.messages if post.pinned_at is not None]
    items = [
        {"pinned_at": stamp(post.pinned_at), "message": wire.message(call.world, post)}
        for post in reversed(pinned)
        if post.pinned_at is not None
    ]
    return Answer({"items": items, "has_more": False})


def _recent(call: Call, message: Message) -> bool:
    """Whether a message still stands for its nonce."""
    return not message.gone and call.world.clock.now() - message.sent_at <= NONCE_WINDOW


def _own(call: Call) -> tuple[Channel, Message]:
    channel = call.world.channel(call.id("channel_id"))
    message = call.world.message(channel, call.id("message_id"))
    if message.author is not call.world.bot:
        raise ApiError(50005)
    return channel, message


def _open(channel: Channel) -> None:
    """Messages of an archived thread cannot be changed."""
    if isinstance(channel, Thread) and channel.archived:
        raise ApiError(50083)
