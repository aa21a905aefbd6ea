"""Number of new papers that an edition was selected from: of the club's own sources, else of arXiv's categories."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.app import App
from bot.domain.models import ClubSource, Paper
from bot.domain.stream.source_kinds import StreamSourceKind
from bot.features.editions.draft import arxiv_volume

BEFORE_ADDED = timedelta(days=7)
"""Time before a source was added of which it is read too."""
MAX_NAMES = 3
"""Sources that are named; of more the rest is an ellipsis, which needs no translation."""


async def count_selection_pool(app: App, club_id: int, papers: Sequence[Paper], since: datetime) -> tuple[int, str]:
    """Number of new papers since a time, and where they are from, such as 1204 and "(cs.CV, cs.CL)".

    The club's sources are counted if they were read all that time; else arXiv is asked. The number is 0 if neither
    says, or if it is no larger than the selection.
    """
    async with app.store.read(club_id) as db:
        sources = await db.sources.all()
        covered = [found for found in sources if found.at - BEFORE_ADDED <= since and found.source.read_until]
        count = await db.sources.count_new(since, app.now()) if covered else 0
    if count > len(papers):
        return count, f"({_names(covered)})"
    return await arxiv_volume.count_selection_pool(app, papers, since)


def _names(sources: Sequence[ClubSource]) -> str:
    """Names of sources, arXiv's categories first: "cs.CL, cs.LG, bioRxiv, …"."""
    ordered = sorted(sources, key=lambda found: found.source.kind != StreamSourceKind.ARXIV)
    names = dict.fromkeys(
        found.source.address if found.source.kind == StreamSourceKind.ARXIV else found.source.kind.label
        for found in ordered
        if found.source.kind not in (StreamSourceKind.FEED, StreamSourceKind.JOURNAL)
    )
    shown = list(names)[:MAX_NAMES]
    return ", ".join((*shown, "…") if len(names) > MAX_NAMES or not shown or len(names) < len(sources) else shown)
