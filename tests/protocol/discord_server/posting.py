"""Making and changing messages: the one way, whether they come by channel, interaction or webhook."""

from __future__ import annotations

import re

from . import permissions
from .errors import ApiError, Problem
from .keeping import kept_components, kept_embeds
from .message_rules import check_message, is_empty
from .routing import Call
from .state import Attachment, Channel, ChannelType, Flag, Json, Message, Thread, User
from .world import ServerState


def create(
    call: Call,
    channel: Channel,
    body: Json,
    *,
    message_id: int | None = None,
    only_for: User | None = None,
    interaction: Json | None = None,
    ephemeral_allowed: bool = False,
    announced: bool = True,
) -> Message:
    """Check a new message and post it; not `announced`: the caller sends MESSAGE_CREATE itself."""
    world = call.world
    call.refuse_if(check_message(body, ephemeral_allowed=ephemeral_allowed))
    message = Message(
        message_id or world.ids.next(),
        channel.id,
        channel.guild_id,
        world.bot,
        world.clock.now(),
        flags=body.get("flags") or 0,
        nonce=None if body.get("nonce") is None else str(body["nonce"]),
        only_for=only_for.id if only_for else None,
        interaction=interaction,
        reference=_reference(channel, body),
    )
    _fill(call, channel, message, body)
    _refuse_if_empty(call, message)
    message.history.clear()
    message.keep()
    add(world, channel, message)
    if announced:
        call.events.message("MESSAGE_CREATE", message)
    return message


def edit(call: Call, channel: Channel, message: Message, body: Json) -> None:
    """Check an edit and apply it: what is not named stays."""
    call.refuse_if(check_message(body, before=message))
    before = (message.content, message.embeds, message.components, message.attachments, message.flags)
    if body.get("flags") is not None:
        kept = message.flags & (Flag.COMPONENTS_V2 | Flag.EPHEMERAL | Flag.HAS_THREAD | Flag.CROSSPOSTED)
        message.flags = body["flags"] | kept
    try:
        _fill(call, channel, message, body)
        _refuse_if_empty(call, message)
    except ApiError:
        message.content, message.embeds, message.components, message.attachments, message.flags = before
        raise
    message.flags &= ~Flag.LOADING
    message.edited_at = call.world.clock.now()
    message.keep()
    call.events.message("MESSAGE_UPDATE", message)


def delete(call: Call, message: Message) -> None:
    """Take a message away. It stays in the channel's `posts`, marked."""
    message.deleted_at = call.world.clock.now()
    call.events.message_delete(message)


def add(world: ServerState, channel: Channel, message: Message) -> None:
    """Put a message into its channel and count it."""
    channel.posts[message.id] = message
    if isinstance(channel, Thread) and not message.ephemeral:
        channel.members.setdefault(message.author.id, world.clock.now())
        channel.sent += message.id != channel.id


def check_rights(call: Call, channel: Channel, body: Json) -> None:
    """Refuse a message the bot may not send here (50013), or into a closed thread (50083, 160005)."""
    if channel.type in (ChannelType.CATEGORY, ChannelType.FORUM):
        raise ApiError(50008)
    if channel.recipient is not None and channel.recipient.private_closed:
        raise ApiError(50007)
    world = call.world
    in_thread = isinstance(channel, Thread)
    needed = [permissions.SEND_MESSAGES_IN_THREADS if in_thread else permissions.SEND_MESSAGES]
    needed += [permissions.EMBED_LINKS] * bool(body.get("embeds"))
    needed += [permissions.ATTACH_FILES] * bool(call.uploads)
    needed += [permissions.READ_MESSAGE_HISTORY] * bool(body.get("message_reference"))
    if any(not world.may(channel, right) for right in needed):
        raise ApiError(50013)
    if isinstance(channel, Thread) and channel.locked:
        if channel.archived:
            raise ApiError(50083)
        if not world.may(channel, permissions.MANAGE_THREADS):
            raise ApiError(160005)


def wake(call: Call, channel: Channel) -> None:
    """A message brings an archived thread back."""
    if isinstance(channel, Thread) and channel.archived:
        channel.archived, channel.archived_at = False, call.world.clock.now()
        call.events.thread("THREAD_UPDATE", channel)


def _reference(channel: Channel, body: Json) -> Json | None:
    given = body.get("message_reference")
    if not given:
        return None
    found = channel.posts.get(int(given["message_id"]))
    if (found is None or found.gone) and given.get("fail_if_not_exists", True):
        raise ApiError(50035, [Problem("message_reference", "Unknown message")])
    return {"type": 0, "message_id": str(given["message_id"]), "channel_id": str(channel.id)}


def _refuse_if_empty(call: Call, message: Message) -> None:
    if is_empty(message):
        call.breach([Problem("", "there is nothing in the message")], 50006)


def _fill(call: Call, channel: Channel, message: Message, body: Json) -> None:
    message.attachments = _attachments(call, channel, message, body)
    if "content" in body:
        message.content = body["content"] or ""
    if "embeds" in body:
        message.embeds = kept_embeds(body["embeds"] or [])
    if "components" in body:
        message.components = kept_components(call, body["components"] or [], message.attachments)


def _attachments(call: Call, channel: Channel, message: Message, body: Json) -> list[Attachment]:
    """The files of the message afterwards: those kept by name, and those uploaded."""
    uploads = {_number(upload.field): upload for upload in call.uploads}
    listed: list[Json] | None = body.get("attachments") if "attachments" in body else None
    if listed is None and "attachments" in body:
        listed = []
    kept = {file.id: file for file in message.attachments}
    files = list(kept.values()) if listed is None else []
    descriptions: dict[int, str | None] = {}
    for index, entry in enumerate(listed or ()):
        number = int(entry["id"])
        if number in kept:
            files.append(kept[number])
        elif number in uploads:
            descriptions[number] = entry.get("description")
        else:
            call.breach([Problem(f"attachments.{index}.id", f"there is no file {number}")], 50035)
    for number, upload in uploads.items():
        files.append(call.world.attach(channel, upload.filename, upload.content, descriptions.get(number)))
    return files


def _number(field: str) -> int:
    match = re.fullmatch(r"files\[(\d+)\]", field)
    return int(match[1]) if match else -1
