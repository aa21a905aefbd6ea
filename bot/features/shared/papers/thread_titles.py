"""Titles of discussion threads, which follow the paper when a discussion moves to another one."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from bot.app import App
from bot.chat.gateway import Location, NotSent, OutcomeUnknown, Refused
from bot.chat.gateway_capabilities import RenamesThreads
from bot.features.shared.papers.paper_cards import title_of

log = logging.getLogger(__name__)


async def retitle_threads(app: App, club_id: int, submissions: Iterable[int]) -> None:
    """Give the threads of some papers, by id, the papers' titles. Best effort; must not be called in a transaction."""
    async with app.store.read(club_id) as db:
        papers = [paper for id in submissions if (paper := await db.submissions.get(id))]
        threads = [(each, title_of(paper)) for paper in papers for each in await db.discussions.by_submission(paper.id)]
    for thread, title in threads:
        gateway: object = app.gateways.get(thread.workspace.platform)
        if not thread.thread or not isinstance(gateway, RenamesThreads):
            continue
        where = Location(thread.workspace.platform, thread.workspace.external_id, thread.room, thread.thread)
        try:
            await gateway.rename_thread(where, title)
        except (NotSent, Refused, OutcomeUnknown) as error:
            log.info("a thread keeps its title: %s", error)
