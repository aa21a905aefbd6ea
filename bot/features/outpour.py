"""How much comes out where the club reads: new papers of its categories, counted by arXiv."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

from bot.app import App
from bot.domain.models import Paper
from bot.errors import Unavailable, UserError

log = logging.getLogger(__name__)

MOST = 3
"""Categories that are counted together: where most of the papers come from."""
LATELY = timedelta(days=31)
"""How old a paper may be that was chosen from the new ones: clubs read what came out in the last weeks."""
PATIENCE = 30.0
"""Seconds that a draft waits for a count that is only a remark."""
MONTHS = 12


async def selected_from(app: App, papers: Sequence[Paper], since: datetime) -> tuple[int, str]:
    """From how many new papers these were selected, and where: 1204, "in cs.CV and cs.CL on arXiv".

    0 where most of them are older, or arXiv does not say. Never raises.
    """
    where = categories(papers)
    new = [paper for paper in papers if paper.published_at and paper.published_at >= since - LATELY]
    if app.counts is None or not where or 2 * len(new) <= len(papers):
        return 0, ""
    try:
        async with asyncio.timeout(PATIENCE):
            count = await app.counts.count(where, since, app.now())
    except (Unavailable, UserError, TimeoutError) as error:
        log.info("nobody knows how many papers came out: %s", error)
        return 0, ""
    return (count, f"in {spoken(where)} on arXiv") if count > len(papers) else (0, "")


def spoken(where: Sequence[str]) -> str:
    """Categories in a row: "cs.CL, cs.CV and cs.LG"."""
    return " and ".join(filter(None, (", ".join(where[:-1]), where[-1])))


def categories(papers: Sequence[Paper]) -> list[str]:
    """Where most of the papers come from: at most three of arXiv's categories, each that of at least a fifth."""
    own = Counter(paper.categories[0] for paper in papers if paper.categories and paper.key.startswith("arxiv:"))
    return [name for name, count in own.most_common(MOST) if 5 * count >= own.total()]


async def by_month(app: App, where: Sequence[str], months: int = MONTHS) -> AsyncIterator[tuple[str, float]]:
    """How many papers came out in each of the last whole months, oldest first: ("Nov 2026", 4210).

    Raises Unavailable.
    """
    if app.counts is None:
        raise Unavailable("There is no arXiv to be asked here.")
    end = app.now().astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    starts = [end]
    for _ in range(months):
        starts.insert(0, (starts[0] - timedelta(days=1)).replace(day=1))
    for start, next_one in itertools.pairwise(starts):
        count = await app.counts.count(where, start, next_one - timedelta(minutes=1))
        yield f"{start:%b %Y}", float(count)
