"""How much is said in the threads: Discord's own count of their messages, asked for now and then.

What is said there is never read; that would need an intent that we do not ask for.
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
"""Seconds between two counts: one or two requests a server each."""
OWN_MESSAGES = 1
"""Messages of ours that Discord counts in the thread of a card: the first words. In a forum the card itself is the
first message, which Discord leaves out."""


async def poll_thread_counts(app: App, rest_client: RestClient) -> None:
    """Count every half hour, until cancelled."""
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
    """Write down how many messages the open threads of a server have, and have the cards drawn anew that show it.

    Threads that were put away have not changed since. Raises NotSent and Refused.
    """
    counts = {
        str(t.id): await _reply_count(rest_client, t) for t in await active_threads(rest_client, int(workspace.external_id))
    }
    async with app.store.begin(workspace.club_id) as db:
        for submission_id in await db.discussions.set_reply_counts(workspace.id, counts):
            await db.deliveries.mark_stale(submission_id)
    app.wake_up.set()


async def _reply_count(rest_client: RestClient, thread: discord.Thread) -> int:
    in_forum = isinstance(await rest_client.channel(thread.parent_id), discord.ForumChannel)
    return max(thread.message_count - (0 if in_forum else OWN_MESSAGES), 0)
