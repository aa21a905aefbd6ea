"""Command `clubadmin channels`: which channel serves which purpose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from bot.app import Context
from bot.chat import mentions
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Part, Points, Tone, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.gateway import Location
from bot.chat.gateway_capabilities import ChecksChannels
from bot.chat.mentions import NO_MENTION, Mention
from bot.chat.parameters import ParameterHint
from bot.chat.phrases import phrase
from bot.chat.platform_error_texts import reason_text
from bot.chat.rich_text import Bold, parse_backticks
from bot.chat.text import truncate
from bot.domain.club_settings import PURPOSES, Purpose
from bot.domain.models import Room
from bot.errors import UserError
from bot.features.shared.audit.entries import record_action
from bot.features.shared.channel_links import link_channels_in
from bot.features.shared.delivery.channel_recovery import take_over
from bot.features.shared.papers.older_papers import introduce_papers
from bot.features.shared.platform_texts import CHANNEL_DELETED, PURPOSE_LABELS
from bot.locale.current import _, _n, mark_text
from bot.store import UnitOfWork

commands = Commands()

PURPOSE_TEXT: dict[Purpose, str] = {
    "papers": mark_text("where each paper’s card is posted and discussed"),
    "digest": mark_text("where editions are posted"),
    "moderators": mark_text("where moderators see drafts, reports and the log"),
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
    remove: Annotated[bool, ParameterHint("stop using it for that")] = False,
) -> Card:
    """Show or change the club’s channels. Each purpose can have several channels.

    `remove=yes` stops using a channel; earlier posts stay there. For a deleted channel, give its name or id. Posts that
    could not be sent to a channel go to the channel that replaces it.
    """
    assert isinstance(channel, Mention)
    if purpose and not remove and (why := await unsuitable(ctx, purpose, channel)):
        raise UserError(why, field="channel")
    async with ctx.begin() as db:
        if purpose is None and remove and channel.id:
            purpose = next(
                (r.purpose for r in await db.rooms.all() if _is_named(r, channel) and r.purpose in PURPOSES), None
            )
        if purpose is None:
            return _list(await db.rooms.all())
        if remove:
            return await _remove(ctx, db, purpose, channel)
        return await _add(ctx, db, purpose, channel)


def here_label(purpose: str) -> str:
    """Label of the button that uses this channel for a purpose."""
    return _("{purpose} here", purpose=_(PURPOSE_LABELS[purpose]))


def _list(rooms: Sequence[Room]) -> Card:
    lines = []
    for purpose, means in PURPOSE_TEXT.items():
        used = parse_backticks(", ".join(described(room) for room in rooms if room.purpose == purpose))
        lines.append((Bold(f"{_(PURPOSE_LABELS[purpose])}: "), *(used or (_("no channel yet"),)), f" — {_(means)}"))
    row = [Button(here_label(p), Call.of("clubadmin channels", p, "here")) for p in PURPOSES]
    row += [_remove_button(room) for room in rooms if room.trouble and room.purpose in PURPOSE_TEXT]
    return link_channels_in(Card(_("The club’s channels"), (Points(tuple(lines)), Buttons(tuple(row)))), rooms)


def described(room: Room) -> str:
    """Name of a channel as people know it, with its current trouble, if any."""
    trouble = _(" (cannot post: {trouble})", trouble=reason_text(room.trouble)) if room.trouble else ""
    return f"{channel_name(room)}{trouble}"


def channel_name(room: Room) -> str:
    """Name of a channel as people know it: "Slack #papers"."""
    return f"{room.workspace.platform.title()} #{room.name or room.external_id}"


async def _add(ctx: Context, db: UnitOfWork, purpose: Purpose, channel: Mention) -> Card:
    room, added = await assign_room(ctx, db, purpose, channel)
    if not added:
        card = Card(
            _("Nothing to change"),
            (
                text(
                    _(
                        "{described} is already used for “{purpose}”.",
                        described=described(room),
                        purpose=_(PURPOSE_LABELS[purpose]),
                    )
                ),
            ),
        )
        return link_channels_in(card, [room])
    earlier = [other for other in await db.rooms.with_purpose(purpose) if other.id != room.id]
    for other in earlier:
        if other.trouble == CHANNEL_DELETED and other.workspace_id == room.workspace_id:
            await db.rooms.deactivate(other)  # this one replaces it
    used = await db.rooms.with_purpose(purpose)
    others = [channel_name(other) for other in used if other.id != room.id]
    await record_action(
        ctx,
        db,
        "channels",
        before={purpose: ", ".join(map(channel_name, earlier))},
        after={purpose: ", ".join([*others, channel_name(room)])},
    )
    parts = await _consequences(ctx, db, purpose, room, others)
    lost = [other for other in used if other.trouble and other.id != room.id]
    row = [Button(_("Post a test"), Call.of("clubadmin test", purpose)), *map(_remove_button, lost)]
    return link_channels_in(Card(_("Channel set"), (*parts, Buttons(tuple(row))), Tone.GOOD), [room, *used])


async def _consequences(
    ctx: Context, db: UnitOfWork, purpose: Purpose, room: Room, others: Sequence[str]
) -> Sequence[Part]:
    """Have a new channel take over what waits, and say what will appear in it; `others` are still used as well."""
    parts: list[Part] = [
        text(
            *phrase(
                "{described} is now {purpose_text}.",
                described=Bold(channel_name(room)),
                purpose_text=_(PURPOSE_TEXT[purpose]),
            )
        )
    ]
    if others:
        parts.append(text(_("Also still used for this: {channels}.", channels=", ".join(others))))
    if missed := await take_over(db, room, ctx.now):
        parts.append(
            text(
                _(
                    "{posts} that could not be posted elsewhere will appear there, oldest first.",
                    posts=_n("{n} post", "{n} posts", missed),
                )
            )
        )
    if purpose == "papers" and (older := await introduce_papers(db, room, ctx.now)):
        cards = _n(
            "The card of {n} paper on the list will appear there soon.",
            "The cards of {n} papers on the list will appear there, one after another.",
            older,
        )
        parts.append(text(cards))
    return parts


def _remove_button(room: Room) -> Button:
    """Button that stops using a channel."""
    name = truncate(room.name or room.external_id, 30)
    call = Call.of("clubadmin channels", room.purpose, room.external_id, remove="yes")
    return Button(_("Stop using #{name} for “{purpose}”", name=name, purpose=_(PURPOSE_LABELS[room.purpose])), call)


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


async def unsuitable(ctx: Context, purpose: Purpose, channel: Mention) -> str:
    """Reason why a channel cannot serve a purpose because of its kind, as a sentence; empty if it can."""
    gateway: object = ctx.app.gateways.get(ctx.where.platform)
    if not isinstance(gateway, ChecksChannels):
        return ""
    room, name = resolve_channel(ctx, channel)
    why = await gateway.unsuitable(Location(ctx.where.platform, ctx.where.workspace, room), purpose)
    label = _(PURPOSE_LABELS[purpose])
    return why and _("#{name} cannot be used for “{purpose}” ({why}).", name=name or room, purpose=label, why=why)


def _is_named(room: Room, channel: Mention) -> bool:
    """True if a room is the channel that was mentioned. A deleted one cannot be chosen, so its name counts too."""
    return channel.id in (room.external_id, room.name)


async def _remove(ctx: Context, db: UnitOfWork, purpose: Purpose, channel: Mention) -> Card:
    used = await db.rooms.with_purpose(purpose)
    if channel.id:
        found = [room for room in used if _is_named(room, channel)]
    else:
        here = [room for room in used if (room.workspace_id, room.external_id) == (ctx.workspace_id, ctx.where.room)]
        lost = [room for room in used if room.trouble]
        found = here or (lost if len(lost) == 1 else [])
    room = next(iter(sorted(found, key=lambda room: room.workspace_id != ctx.workspace_id)), None)
    if room is None:
        return Card(
            _("Nothing to change"),
            (text(_("That channel is not used for “{purpose}”.", purpose=_(PURPOSE_LABELS[purpose]))),),
        )
    await db.rooms.deactivate(room)
    others = [channel_name(other) for other in used if other.id != room.id]
    await record_action(
        ctx,
        db,
        "channels",
        before={purpose: ", ".join([*others, channel_name(room)])},
        after={purpose: ", ".join(others)},
    )
    card = Card(
        _("No longer used"),
        (
            text(
                *phrase(
                    "{described} is no longer {purpose_text}.",
                    described=Bold(channel_name(room)),
                    purpose_text=_(PURPOSE_TEXT[purpose]),
                )
            ),
        ),
        Tone.GOOD,
    )
    return link_channels_in(card, used)
