"""Learning of the words that tell subjects apart, from the papers of all sources, once a week."""

from __future__ import annotations

from datetime import timedelta

from bot.app import App

LEARNED_FROM = timedelta(days=90)
MOST_PAPERS = 16_000
"""Papers that are learned from; they take some seven seconds of a processor."""


async def learn_subjects(app: App) -> None:
    """Learn again when it is due; editions group their papers by it."""
    now = app.now()
    if app.subject_learner is None or not app.subject_learner.is_due(now):
        return
    async with app.store.read_admin_session() as admin:
        papers = await admin.stream.texts(now - LEARNED_FROM, limit=MOST_PAPERS)
    await app.subject_learner.learn(papers, now)
