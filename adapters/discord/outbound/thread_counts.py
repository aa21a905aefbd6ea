"""Reply counts of discussion threads: Discord's own count of messages, fetched at intervals.

The messages themselves are never read; that would need an intent that the bot does not request.
"""

from __future__ import annotations

import asyncio
import logging

import discord

from adapters.discord.outbound.posting import active_threads
from adapters.discord.transport.rest_client import RestClient
from bot.app import App
from bot.chat.gateway import NotSent, Refused
from bot.domain.models import Workspace

log = logging.getLogger(__name__)

COUNT_INTERVAL = 1800.0
"""Seconds between two counts; each takes one or two requests a server."""
OWN_MESSAGES = 1
"""Messages of the bot's own that Discord counts in a card's thread: the first message. In a forum the card itself is
the first message, which Discord does not count.
"""


async def poll_thread_counts(app: App, rest_client: RestClient) -> None:
    """Count every half hour until cancelled."""
    while True:
        await asyncio.sleep(COUNT_INTERVAL)
        async with app.store.read_admin_session() as admin:
            workspaces = await admin.directory.active_workspaces("discord")
        for workspace in workspaces:
            try:
                await count_replies(app, rest_client, workspace)
            except (NotSent, Refused) as error:
                log.info("the replies in %s could not be counted: %s", workspace.name, error)
            except Exception:
                log.exception("counting the replies in %s failed", workspace.name)


async def count_replies(app: App, rest_client: RestClient, workspace: Workspace) -> None:
    """Store the message counts of a server's active threads, and have the cards that show them updated.

    Archived threads have not changed since they were counted. Raises NotSent and Refused.
    """
    counts = {
        str(t.id): await _reply_count(rest_client, t)
        for t in await active_threads(rest_client, int(workspace.external_id))
    }
    async with app.store.begin(workspace.club_id) as db:
        for submission_id in await db.discussions.set_reply_counts(workspace.id, counts):
            await db.deliveries.mark_stale(submission_id)
    app.wake_up.set()


async def _reply_count(rest_client: RestClient, thread: discord.Thread) -> int:
    in_forum = isinstance(await rest_client.channel(thread.parent_id), discord.ForumChannel)
    return max(thread.message_count - (0 if in_forum else OWN_MESSAGES), 0)
