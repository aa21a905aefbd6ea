"""A club's shortlist: its new papers ranked, stored with the reasons, and made again when something has changed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.app import App
from bot.domain.models import ShortlistEntry, ShortlistRun
from bot.features.shared.stream.stream_papers import reason_words
from bot.features.stream.ranking_input import load_ranking_rows, ranking_input
from bot.locale.current import in_language
from bot.recommender.ranking import Ranking
from bot.store import UnitOfWork

LENGTH = 50
"""Papers of a shortlist."""
NOTHING = Ranking((), "")
SHORTEST_PAUSE = timedelta(minutes=10)
"""Time between two rankings of a club: what was pressed meanwhile counts in the next one."""
LONGEST_PAUSE = timedelta(hours=20)
"""Time after which a ranking is made again in any case, since votes and picks change it too."""


async def refresh(app: App, club_id: int, *, at_once: bool = False) -> None:
    """Rank a club's new papers if something has changed since the last time; with `at_once`, in any case."""
    now = app.now()
    async with app.store.read(club_id) as db:
        run = await db.shortlists.run()
    if run and not at_once and not _is_due(run, now):
        return
    learns = await asyncio.to_thread(app.ranker.learns_anew, club_id, now)
    async with app.store.read(club_id) as db:
        stored = await load_ranking_rows(db, now, with_past=learns)
    given = await asyncio.to_thread(ranking_input, stored)
    ranking = NOTHING
    if given.papers:
        ranking = await app.ranker.rank(given.papers, given.taste, now=now, limit=LENGTH, club_id=club_id)
    titles = {paper.key: paper.title for paper in (*given.taste.picked, *given.taste.library, *given.taste.more)}
    with in_language(stored.settings.language):  # the reasons are stored as sentences, which all moderators read
        rows = [
            (
                given.entries[one.paper.key].id,
                one.score,
                [sentence for reason in one.reasons if (sentence := reason_words(reason, given.works.numbers, titles))],
            )
            for one in ranking.papers
        ]
    async with app.store.begin(club_id) as db:
        await db.shortlists.replace(
            rows, considered=len(given.papers), ranker=ranking.ranker, notice=ranking.notice, now=now
        )


def _is_due(run: ShortlistRun, now: datetime) -> bool:
    age = now - run.at
    return run.is_discarded or age > LONGEST_PAUSE or (run.stale and age > SHORTEST_PAUSE)


async def open_entries(db: UnitOfWork) -> Sequence[ShortlistEntry]:
    """The entries of the stored shortlist that the club has not had meanwhile, best first."""
    works = await db.stream.listed_works()
    return [found for found in await db.shortlists.entries() if not works.have(found.entry)]
