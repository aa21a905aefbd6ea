"""Indexing of new entries by the words that tell them apart, so that similar ones are found."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from bot.app import App
from bot.recommender.similar import distinctive, profile

INDEXED_TOGETHER, MOST_BATCHES = 200, 50
"""Entries that are indexed in one transaction, and transactions in a row: ten thousand entries a minute."""


async def index_new_entries(app: App) -> None:
    """Index what is not indexed yet: what was just read, or in parts what an earlier release has stored."""
    for _unused in range(MOST_BATCHES):
        async with app.store.read_admin_session() as admin:
            waiting = await admin.stream_words.waiting(INDEXED_TOGETHER)
        if not waiting:
            return
        words = await asyncio.to_thread(words_of_entries, waiting)
        async with app.store.admin_session() as admin:
            await admin.stream_words.add(words)


def words_of_entries(entries: Iterable[tuple[int, str, str]]) -> dict[int, list[str]]:
    """Words that tell an entry apart, by its id, of entries given as id, title and abstract."""
    return {id: list(distinctive(profile(title, abstract))) for id, title, abstract in entries}
