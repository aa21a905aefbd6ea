"""Command `clubadmin channels`: which channel serves which purpose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from bot.app import Context
from bot.chat import mentions
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Points, Tone, text
from bot.chat.commands import Audience, Commands
from bot.chat.mentions import NO_MENTION, Mention
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Bold
from bot.domain.club_settings import PURPOSES, Purpose
from bot.domain.models import Room
from bot.features.shared.audit import record_action
from bot.store import UnitOfWork

commands = Commands()

PURPOSE_TEXT: dict[Purpose, str] = {
    "papers": "where each paper's card is posted and discussed",
    "digest": "where editions are posted",
    "moderators": "where drafts, reports and what moderators do are shown",
}
"""Description of each purpose of a channel."""


@commands(
    "clubadmin channels",
    audience=Audience.ADMIN,
    chooses_channels=True,
    examples=("/clubadmin channels", "/clubadmin channels papers here", "/clubadmin channels digest remove=yes"),
)
async def channels(
    ctx: Context,
    purpose: Annotated[Purpose | None, ParameterHint("what the channel is for")] = None,
    channel: Annotated[
        object, ParameterHint("the channel; here if empty", most=200, parse=mentions.parse_channel)
    ] = NO_MENTION,
    remove: Annotated[bool, ParameterHint("yes to use it for that no longer")] = False,
) -> Card:
    """Which channels the club uses, and for what. A purpose may have several.

    `remove=yes` stops using a channel; what was posted in it stays.
    """
    assert isinstance(channel, Mention)
    async with ctx.begin() as db:
        if purpose is None:
            return _list(await db.rooms.all())
        if remove:
            return await _remove(ctx, db, purpose, channel)
        return await _add(ctx, db, purpose, channel)


def _list(rooms: Sequence[Room]) -> Card:
    lines = []
    for purpose, means in PURPOSE_TEXT.items():
        used = ", ".join(described(room) for room in rooms if room.purpose == purpose) or "no channel yet"
        lines.append((Bold(f"{purpose.capitalize()}: "), used, f" — {means}"))
    row = (Button(f"{p.capitalize()} here", Call.of("clubadmin channels", p, "here")) for p in PURPOSES)
    return Card("The club's channels", (Points(tuple(lines)), Buttons(tuple(row))))


def described(room: Room) -> str:
    """Name of a channel as people know it, with its current trouble, if any."""
    trouble = f" (cannot post: {room.trouble})" if room.trouble else ""
    return f"{room.workspace.platform.title()} #{room.name or room.external_id}{trouble}"


async def _add(ctx: Context, db: UnitOfWork, purpose: Purpose, channel: Mention) -> Card:
    room, added = await assign_room(ctx, db, purpose, channel)
    if not added:
        return Card("It is so already", (text(f"{described(room)} is used for {purpose} already."),))
    await record_action(ctx, db, "channels", before={purpose: ""}, after={purpose: described(room)})
    row = Buttons((Button("Post a test there", Call.of("clubadmin test", purpose)),))
    return Card("Channel set", (text(Bold(described(room)), f" is {PURPOSE_TEXT[purpose]} now."), row), Tone.GOOD)


async def assign_room(ctx: Context, db: UnitOfWork, purpose: Purpose, channel: Mention) -> tuple[Room, bool]:
    """Assign a channel of the requester's workspace to a purpose. Returns it, and True if the assignment is new."""
    id, name = resolve_channel(ctx, channel)
    existing = [room for room in await db.rooms.by_channel(ctx.workspace_id, id) if room.purpose == purpose]
    return (existing[0], False) if existing else (await db.rooms.assign(ctx.workspace_id, id, purpose, name), True)


def resolve_channel(ctx: Context, channel: Mention) -> tuple[str, str]:
    """ID and name of the mentioned channel; of the channel that the request came from if none was mentioned."""
    id = channel.id or ctx.where.room
    mentions.check_room(ctx.where.platform, id)
    return id, channel.name or (ctx.where.room_name if id == ctx.where.room else "")


async def _remove(ctx: Context, db: UnitOfWork, purpose: Purpose, channel: Mention) -> Card:
    id, _ = resolve_channel(ctx, channel)
    room = next((room for room in await db.rooms.by_channel(ctx.workspace_id, id) if room.purpose == purpose), None)
    if room is None:
        return Card("It is so already", (text(f"That channel is not used for {purpose}."),))
    await db.rooms.deactivate(room)
    await record_action(ctx, db, "channels", before={purpose: described(room)}, after={purpose: ""})
    return Card("No longer used", (text(Bold(described(room)), f" is no longer {PURPOSE_TEXT[purpose]}."),), Tone.GOOD)
