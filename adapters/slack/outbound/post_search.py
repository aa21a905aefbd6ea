"""Finds posted messages again by their delivery metadata."""

from __future__ import annotations

from typing import Any

from adapters.slack.outbound.posting import SlackPosts
from adapters.slack.render.delivery_metadata import key_in
from bot.chat.gateway import Location

Json = dict[str, Any]

PAGE_SIZE = 100
"""Messages asked for in one request for a channel's history."""

MAX_PAGES = 20
"""Requests for a channel's history in one search."""


async def find_copies(posts: SlackPosts, where: Location, key: str, since: float) -> list[str]:
    """The `ts` of each message that carries the delivery's key, the oldest first, posted after `since` (Unix time).

    Needs the optional history scopes. Raises NotSent, Refused or OutcomeUnknown.
    """
    team = await posts.teams.get(where.workspace)
    found: list[str] = []
    cursor = ""
    for _ in range(MAX_PAGES):
        page = await _history_page(posts, where, since, cursor)
        found += [str(m["ts"]) for m in page["messages"] if m.get("user") == team.bot_user and key_in(m) == key]
        cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            break
    return sorted(found, key=float)


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
