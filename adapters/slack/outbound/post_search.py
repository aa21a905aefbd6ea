"""Finds posted messages again by their delivery metadata."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from typing import Any

from adapters.slack.outbound.posting import SlackPosts
from adapters.slack.render.delivery_metadata import key_in
from bot.chat.gateway import Location, OwnPosts, Refused
from bot.locale.current import _

Json = dict[str, Any]

PAGE_SIZE = 100
"""Messages asked for in one request for a channel's history."""

MAX_PAGES = 20
"""Requests for a channel's history in one search."""


async def find_copies(posts: SlackPosts, where: Location, key: str, since: float) -> list[str]:
    """The `ts` of each message that carries the delivery's key, the oldest first, posted after `since` (Unix time).

    Needs the optional history scopes. Raises NotSent, Refused or OutcomeUnknown.
    """
    found = [str(message["ts"]) async for message in _own_messages(posts, where, since) if key_in(message) == key]
    return sorted(found, key=float)


async def own_posts(posts: SlackPosts, where: Location, keys: Collection[str], since: float) -> OwnPosts:
    """The bot's deliveries in a channel or a thread since then (Unix time); of several copies the first.

    Needs the optional history scopes. Raises Refused also if there are more messages than are searched.
    """
    messages = [message async for message in _own_messages(posts, where, since, complete=True) if key_in(message)]
    found = sorted(((key_in(message), str(message["ts"])) for message in messages), key=lambda post: float(post[1]))
    wanted = {key: ts for key, ts in reversed(found) if key in keys}
    by_key = {key: await posts.posted(where, ts) for key, ts in wanted.items()}
    return OwnPosts(by_key, tuple([await posts.posted(where, ts) for key, ts in found if key not in keys]))


async def _own_messages(
    posts: SlackPosts, where: Location, since: float, *, complete: bool = False
) -> AsyncIterator[Json]:
    """The bot's messages in a channel or a thread since then. With `complete`, raises Refused if there are too many."""
    team = await posts.teams.get(where.workspace)
    cursor = ""
    for _unused in range(MAX_PAGES):
        page = await _history_page(posts, where, since, cursor)
        for message in page["messages"]:
            if message.get("user") == team.bot_user:
                yield message
        cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            return
    if complete:
        raise Refused(_("there are more new messages in the channel than I can search"))


async def _history_page(posts: SlackPosts, where: Location, since: float, cursor: str) -> Any:
    """One page of the messages in a channel or a thread since then."""
    query: Json = {"channel": where.room, "oldest": f"{since:.6f}", "limit": PAGE_SIZE, "cursor": cursor or None}
    if where.thread:
        return await posts.teams.call(
            where.workspace,
            "conversations.replies",
            lambda client: client.conversations_replies(ts=where.thread, include_all_metadata=True, **query),
        )
    return await posts.teams.call(
        where.workspace,
        "conversations.history",
        lambda client: client.conversations_history(include_all_metadata=True, **query),
    )
