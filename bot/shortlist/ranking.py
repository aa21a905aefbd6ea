"""The way in: rank papers by what was learned, or plainly where nothing was."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.shortlist.model import RankedPaper, StreamPaper, Taste
from bot.shortlist.plain import rank_plainly


def rank(papers: Iterable[StreamPaper], taste: Taste, *, now: datetime, limit: int) -> tuple[RankedPaper, ...]:
    """The `limit` papers that the club would choose first, best first, each with the reasons for it.

    What the club has, saw or does not want is left out. One author has at most two papers of a day in the list, four in
    all, and one day at most two in five places, as far as there are other days.
    """
    return rank_plainly(papers, taste, now=now, limit=limit)
