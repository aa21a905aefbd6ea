"""Messages and their files, as the API writes them."""

from __future__ import annotations

import mimetypes

from ..clock import stamp
from ..state import Attachment, Flag, Json, Message, Thread, User
from ..world import ServerState
from .people import user
from .rooms import thread


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


def reaction(world: ServerState, emoji: str, users: list[User]) -> Json:
    """A reaction object."""
    return {
        "emoji": {"id": None, "name": emoji},
        "count": len(users),
        "count_details": {"burst": 0, "normal": len(users)},
        "burst_colors": [],
        "me_burst": False,
        "me": world.bot in users,
    }


def message(world: ServerState, one: Message) -> Json:
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
    if shown := [reaction(world, emoji, users) for emoji, users in one.reactions.items() if users]:
        body["reactions"] = shown
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
