"""Finds posted messages again by their delivery mark."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from datetime import UTC, datetime

import discord

from adapters.discord.outbound.posting import active_threads, message_url
from adapters.discord.render.custom_ids import LOWEST_MARK, delivery_mark, mark_of
from adapters.discord.transport.requests import ask
from adapters.discord.transport.rest_client import RestClient
from bot.chat.gateway import Location, OwnPosts, Posted, Refused
from bot.locale.current import _

SEARCH_LIMIT = 200
"""Messages, and threads, that are searched for a post of unknown outcome."""

LOOK_THROUGH = 1000
"""Messages of a channel that are read at most to find all posts since a backup."""


async def find_post(rest_client: RestClient, where: Location, key: str, since: float) -> Posted | None:
    """Find a delivery by its mark among the bot's own messages since then (Unix time). Raises NotSent and Refused."""
    after, wanted = datetime.fromtimestamp(since, UTC), delivery_mark(key)
    channel = await rest_client.channel(int(where.thread or where.room))
    if isinstance(channel, discord.ForumChannel):
        return await ask(_find_in_forum(rest_client, where, channel, wanted, after))
    return await ask(_find_in_channel(rest_client, where, channel.id, wanted, after))


async def own_posts(rest_client: RestClient, where: Location, keys: Collection[str], since: float) -> OwnPosts:
    """Our deliveries in a channel, a thread or a forum since then. Raises Refused where there is too much to read."""
    after = datetime.fromtimestamp(since, UTC)
    channel = await rest_client.channel(int(where.thread or where.room))
    if isinstance(channel, discord.ForumChannel):
        return await ask(_sorted(_forum_posts(rest_client, where, channel, after), keys))
    return await ask(_sorted(_messages(rest_client, where, channel.id, after), keys))


async def _sorted(marked: AsyncIterator[tuple[int, Posted]], keys: Collection[str]) -> OwnPosts:
    """Marked posts, oldest first, by the keys that are wanted; of copies the first."""
    wanted = {delivery_mark(key): key for key in keys}
    by_key: dict[str, Posted] = {}
    others = []
    async for mark, posted in marked:
        if mark in wanted:
            by_key.setdefault(wanted[mark], posted)
        else:
            others.append(posted)
    return OwnPosts(by_key, tuple(others))


async def _messages(
    rest_client: RestClient, where: Location, channel: int, after: datetime
) -> AsyncIterator[tuple[int, Posted]]:
    room, seen = rest_client.client.get_partial_messageable(channel), 0
    async for message in room.history(after=after, oldest_first=True, limit=LOOK_THROUGH):
        seen += 1
        if message.author.id == rest_client.me and (mark := mark_of(message)) is not None and mark >= LOWEST_MARK:
            yield mark, Posted(str(message.id), where.thread, message_url(where.workspace, channel, message.id))
    if seen == LOOK_THROUGH:
        raise Refused(_("there are more new messages in the channel than I can search"))


async def _forum_posts(
    rest_client: RestClient, where: Location, forum: discord.ForumChannel, after: datetime
) -> AsyncIterator[tuple[int, Posted]]:
    found = [thread async for thread in _forum_threads(rest_client, int(where.workspace), forum)]
    for thread in sorted(found, key=lambda one: one.id):
        if thread.owner_id != rest_client.me or discord.utils.snowflake_time(thread.id) < after:
            continue
        try:
            mark = mark_of(await thread.fetch_message(thread.id))
        except discord.NotFound:
            continue
        if mark is not None and mark >= LOWEST_MARK:
            yield mark, Posted(str(thread.id), str(thread.id), message_url(where.workspace, thread.id))


async def _find_in_channel(
    rest_client: RestClient, where: Location, channel: int, wanted: int, after: datetime
) -> Posted | None:
    history = rest_client.client.get_partial_messageable(channel).history(
        after=after, oldest_first=True, limit=SEARCH_LIMIT
    )
    async for message in history:
        if message.author.id == rest_client.me and mark_of(message) == wanted:
            return Posted(str(message.id), where.thread, message_url(where.workspace, channel, message.id))
    return None


async def _find_in_forum(
    rest_client: RestClient, where: Location, forum: discord.ForumChannel, wanted: int, after: datetime
) -> Posted | None:
    async for thread in _forum_threads(rest_client, int(where.workspace), forum):
        if thread.owner_id != rest_client.me or discord.utils.snowflake_time(thread.id) < after:
            continue
        try:
            first = await thread.fetch_message(thread.id)
        except discord.NotFound:
            continue
        if mark_of(first) == wanted:
            return Posted(str(thread.id), str(thread.id), message_url(where.workspace, thread.id))
    return None


async def _forum_threads(
    rest_client: RestClient, guild: int, forum: discord.ForumChannel
) -> AsyncIterator[discord.Thread]:
    """The threads of a forum, active and archived."""
    for thread in await active_threads(rest_client, guild):
        if thread.parent_id == forum.id:
            yield thread
    async for thread in forum.archived_threads(limit=SEARCH_LIMIT):
        yield thread
