"""Posts, edits and deletes messages in text, announcement and forum channels and in threads."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from io import BytesIO
from typing import Final, Literal, TypeVar

import discord
from discord import ui
from discord.utils import MISSING

from adapters.discord.render.components import MAX_ALT_TEXT, MAX_COMPONENTS, MAX_TEXT
from adapters.discord.render.discord_markdown import label
from adapters.discord.transport.requests import FIXABLE_ERRORS, NO_MESSAGE, ask, code_of, send
from adapters.discord.transport.rest_client import NO_MENTIONS, RestClient
from bot.chat.cards import Card, Facts
from bot.chat.gateway import Location, MessageGone, NotSent, OutcomeUnknown, Posted, Refused
from bot.chat.gateway_capabilities import ThreadState
from bot.editions.render.attachments import Attachment
from bot.locale.current import _

log = logging.getLogger(__name__)


T = TypeVar("T")


MAX_THREAD_NAME = 100
"""Maximum characters of a thread's name (Discord, "Channel Resource")."""


MAX_TAGS = 5
"""Maximum number of tags of one post in a forum."""


ARCHIVE_AFTER_MINUTES: Final = 10080
"""Minutes after which Discord archives a silent thread; the longest time that it offers."""


THREAD_EXISTS, THREAD_ARCHIVED, TOO_MANY_THREADS, UNKNOWN_CHANNEL = 160004, 50083, 160006, 10003
"""Error codes: the message has a thread already; the thread is archived; the server has too many open threads; there is
no such channel."""


async def post(
    rest_client: RestClient,
    where: Location,
    card: Card,
    view: ui.LayoutView,
    key: str,
    attachments: Sequence[Attachment] = (),
) -> Posted:
    """Post to a channel of any kind, with the pictures that the view shows.

    The nonce `key` makes Discord drop a second copy for some minutes, except in forums, which take no nonce.
    """
    if where.thread:
        return await _send(rest_client, where, int(where.thread), view, key, attachments)
    allowed = add_ping(view, card.ping)
    channel = await rest_client.channel(int(where.room))
    if isinstance(channel, discord.ForumChannel):
        return await _post_in_forum(rest_client, where, channel, card, view, attachments, allowed)
    posted = await _send(rest_client, where, channel.id, view, key, attachments, allowed)
    if channel.type is discord.ChannelType.news:
        await _publish(rest_client, channel.id, int(posted.message))
    return posted


async def edit(
    rest_client: RestClient, where: Location, view: ui.LayoutView, attachments: Sequence[Attachment] = ()
) -> None:
    """Update a message, also one in an archived thread, which is opened for that and archived again."""

    async def update() -> None:
        new = files(attachments) if attachments else MISSING
        await send(message.edit(view=view, attachments=new, allowed_mentions=NO_MENTIONS))

    channel = int(where.thread or where.room)
    message = rest_client.client.get_partial_messageable(channel).get_partial_message(int(where.message))
    try:
        await update()
    except Refused as error:
        if code_of(error) == UNKNOWN_CHANNEL and where.thread:  # of a post in a forum the thread is all there was
            raise MessageGone(FIXABLE_ERRORS[NO_MESSAGE]) from error
        if code_of(error) != THREAD_ARCHIVED:
            raise
        thread = await rest_client.channel(channel, refresh=True)
        if not isinstance(thread, discord.Thread) or thread.locked:
            raise
        await send(thread.edit(archived=False))
        await update()
        await send(thread.edit(archived=True))


async def open_thread(rest_client: RestClient, where: Location, title: str) -> Posted:
    """Open the thread of a message; returns the existing thread if there is one, such as that of a forum post."""
    if where.thread:
        return Posted(where.message, where.thread, message_url(where.workspace, where.thread), is_forum_post=True)
    url = message_url(where.workspace, where.message)

    async def create() -> None:
        await rest_client.client.http.start_thread_with_message(
            int(where.room),
            int(where.message),
            name=label(title, MAX_THREAD_NAME),
            auto_archive_duration=ARCHIVE_AFTER_MINUTES,
        )

    try:
        await _create_thread(rest_client, where, create, once=False)
    except Refused as error:
        if code_of(error) != THREAD_EXISTS:  # also where our own first try took effect unnoticed
            raise
        return await _existing_or_new_thread(rest_client, where, title)
    # The thread of a message has the message's id.
    return Posted(where.message, where.message, url)


async def _existing_or_new_thread(rest_client: RestClient, where: Location, title: str) -> Posted:
    """The thread that a message has; if it was deleted, a new thread in the channel, since a message can have
    only one.
    """
    try:
        there = await rest_client.channel(int(where.message), refresh=True)
        return Posted(where.message, str(there.id), message_url(where.workspace, there.id))
    except Refused as error:
        if code_of(error) != UNKNOWN_CHANNEL:
            raise
    room = await rest_client.channel(int(where.room))
    thread_type: Literal[10, 11] = (
        10 if room.type is discord.ChannelType.news else 11
    )  # an announcement's, or a public thread

    async def create() -> int:
        created = await rest_client.client.http.start_thread_without_message(
            room.id, name=label(title, MAX_THREAD_NAME), auto_archive_duration=ARCHIVE_AFTER_MINUTES, type=thread_type
        )
        return int(created["id"])

    thread = await _create_thread(rest_client, where, create, once=True)
    return Posted(where.message, str(thread), message_url(where.workspace, thread))


async def rename_thread(rest_client: RestClient, where: Location, title: str) -> None:
    """Give a thread or a forum post another title, unless it has it."""
    thread = await rest_client.channel(int(where.thread), refresh=True)
    name = label(title, MAX_THREAD_NAME)
    if isinstance(thread, discord.Thread) and thread.name != name:
        await send(thread.edit(name=name))


async def thread_state(rest_client: RestClient, where: Location) -> ThreadState:
    """State of a thread; open too if it cannot be looked at now. An archived one is open: whoever writes opens it."""
    try:
        thread = await rest_client.channel(int(where.thread), refresh=True)
    except Refused as error:
        return ThreadState.GONE if code_of(error) == UNKNOWN_CHANNEL else ThreadState.OPEN
    except (NotSent, OutcomeUnknown):
        return ThreadState.OPEN
    return ThreadState.LOCKED if isinstance(thread, discord.Thread) and thread.locked else ThreadState.OPEN


async def locate(rest_client: RestClient, where: Location) -> Posted:
    """The location and URL of one of the bot's messages. Raises Refused if it does not exist."""
    channel = await rest_client.channel(int(where.room))
    if isinstance(channel, discord.ForumChannel):
        thread = await rest_client.channel(int(where.message))
        return Posted(str(thread.id), str(thread.id), message_url(where.workspace, thread.id))
    channel_id = int(where.thread or where.room)
    message = await ask(rest_client.client.get_partial_messageable(channel_id).fetch_message(int(where.message)))
    if message.author.id != rest_client.me:
        raise Refused(_("that message is not mine"))
    return Posted(str(message.id), where.thread, message_url(where.workspace, channel_id, message.id))


async def remove(rest_client: RestClient, where: Location) -> None:
    """Delete one of the bot's messages or forum posts. A message that is already deleted is no error."""
    channel = await rest_client.channel(int(where.room))
    try:
        if isinstance(channel, discord.ForumChannel):
            thread = await rest_client.channel(int(where.message), refresh=True)
            if isinstance(thread, discord.Thread):
                await send(thread.delete())
            return
        channel_id = rest_client.client.get_partial_messageable(int(where.thread or where.room))
        await send(channel_id.get_partial_message(int(where.message)).delete())
    except Refused as error:
        if code_of(error) not in (UNKNOWN_CHANNEL, NO_MESSAGE):
            raise


def message_url(*ids: object) -> str:
    """The URL of a channel or message, from the ids of guild, channel and message."""
    return "https://discord.com/channels/" + "/".join(map(str, ids))


def add_ping(view: ui.LayoutView, role: str) -> discord.AllowedMentions:
    """Mention a role at the end of a message, if it has room. Returns the mentions that Discord may then carry out."""
    words = f"<@&{role}>"
    fits = view.total_children_count < MAX_COMPONENTS and view.content_length() + len(words) <= MAX_TEXT
    if not role.isdecimal() or not fits:
        return NO_MENTIONS
    view.add_item(ui.TextDisplay(words))
    return discord.AllowedMentions(everyone=False, users=False, roles=[discord.Object(int(role))], replied_user=False)


async def _send(
    rest_client: RestClient,
    where: Location,
    channel: int,
    view: ui.LayoutView,
    key: str,
    attachments: Sequence[Attachment],
    allowed: discord.AllowedMentions = NO_MENTIONS,
) -> Posted:
    room = rest_client.client.get_partial_messageable(channel)
    message = await send(room.send(view=view, files=files(attachments), nonce=key, allowed_mentions=allowed))
    thread = where.thread if where.thread else ""
    return Posted(str(message.id), thread, message_url(where.workspace, channel, message.id))


async def _post_in_forum(
    rest_client: RestClient,
    where: Location,
    forum: discord.ForumChannel,
    card: Card,
    view: ui.LayoutView,
    attachments: Sequence[Attachment],
    allowed: discord.AllowedMentions,
) -> Posted:
    """Post in a forum. Discord takes no nonce there, so a post of unknown outcome is searched for, not sent again."""

    async def create() -> discord.Thread:
        created = await forum.create_thread(
            name=label(card.title, MAX_THREAD_NAME),
            view=view,
            files=files(attachments),
            applied_tags=tags(forum, card),
            auto_archive_duration=ARCHIVE_AFTER_MINUTES,
            allowed_mentions=allowed,
        )
        return created.thread

    try:
        thread = await _create_thread(rest_client, where, create, once=True)
    except Refused:
        rest_client.forget(forum.id)  # the forum's tags may have changed
        raise
    # The first message of a forum post has the id of its thread.
    return Posted(str(thread.id), str(thread.id), message_url(where.workspace, thread.id))


def files(attachments: Sequence[Attachment]) -> list[discord.File]:
    """Files that can be sent once."""
    return [
        discord.File(BytesIO(file.content), file.name, description=file.alt[:MAX_ALT_TEXT] or None)
        for file in attachments
    ]


def tags(forum: discord.ForumChannel, card: Card) -> list[discord.ForumTag]:
    """The forum's tags that have the name of one of the card's facts, such as its topic or its state."""
    facts = {value.casefold() for part in card.parts if isinstance(part, Facts) for _unused, value in part.pairs}
    return [tag for tag in forum.available_tags if tag.name.casefold() in facts and not tag.moderated][:MAX_TAGS]


async def _publish(rest_client: RestClient, channel: int, message: int) -> None:
    """Publish an announcement to the servers that follow the channel. Discord allows ten an hour; if it refuses, the
    announcement stays posted in its own channel.
    """
    try:
        await send(rest_client.client.get_partial_messageable(channel).get_partial_message(message).publish())
    except (NotSent, Refused, OutcomeUnknown) as error:
        log.info("an announcement was posted but not published: %s", error)


async def _create_thread(
    rest_client: RestClient, where: Location, create: Callable[[], Awaitable[T]], *, once: bool
) -> T:
    """Open a thread; where the guild has too many, archive one first."""
    try:
        return await send(create(), once=once)
    except Refused as error:
        if code_of(error) != TOO_MANY_THREADS or not await _archive_oldest_thread(rest_client, int(where.workspace)):
            raise
    return await send(create(), once=once)


async def _archive_oldest_thread(rest_client: RestClient, guild: int) -> bool:
    """Archive the bot's thread that has been silent for longest. False if there is none, or if that failed."""
    try:
        candidates = [
            t for t in await active_threads(rest_client, guild) if t.owner_id == rest_client.me and not t.locked
        ]
        if not candidates:
            return False
        await send(min(candidates, key=lambda t: t.last_message_id or t.id).edit(archived=True))
    except (NotSent, Refused, OutcomeUnknown) as error:
        log.info("no thread could be archived: %s", error)
        return False
    return True


async def active_threads(rest_client: RestClient, guild: int) -> list[discord.Thread]:
    """The active threads of a guild."""
    return list(await ask((await ask(rest_client.client.fetch_guild(guild, with_counts=False))).active_threads()))
