"""New papers of arXiv's categories, day by day from its API.

arXiv announces at 20:00 in New York, Sunday to Thursday (https://info.arxiv.org/help/availability.html). From then on
a paper is in the API, under the date of its submission, which is up to four days earlier: each reading goes back far.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.stream.items import StreamItem, StreamPage
from bot.locale.translatable import TranslatableText
from bot.ports import ListedRecords, PaperListing
from bot.sources.stream.days import FIRST, LONGEST

OVERLAP = timedelta(days=4)
"""Time that each reading goes back: from the deadline of Thursday to the announcement of Sunday, and a day more."""
STEP = timedelta(days=1)
"""Time of submission covered by one request's pages."""
MOST = 2_000
"""Papers of one step. The largest categories together have half as many a day."""
MOST_NAMED = 5
"""Papers with a broken record that are named."""
NEW_YORK = ZoneInfo("America/New_York")
READY = time(21)
"""Time in New York at which an announcement can be read: an hour after it is made."""
DAYS = frozenset((0, 1, 2, 3, 6))
"""Weekdays of announcements, from Monday 0: not Friday, not Saturday."""


class ArxivStreamReader:
    """Reads arXiv's categories, several in one request."""

    together = 10

    def __init__(self, listing: PaperListing) -> None:
        self._listing = listing

    def start(self, read_until: datetime | None, now: datetime) -> str:
        """Time from which submissions are asked for: a midnight, so that categories are soon asked for together."""
        since = now - FIRST if read_until is None else max(read_until - OVERLAP, now - LONGEST)
        return since.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0).isoformat()

    async def read(self, addresses: Sequence[str], position: str, until: datetime) -> StreamPage:
        """The papers of one day of submission."""
        since = datetime.fromisoformat(position)
        end = max(min(since + STEP, until), since)
        found = await self._listing.listed(addresses, since, end, limit=MOST)
        wanted = set(addresses)
        items = tuple(
            StreamItem(
                key=record.key,
                url=record.url,
                title=record.title,
                published=record.published or since,
                abstract=record.abstract,
                authors=record.authors,
                categories=record.categories,
                doi=record.doi.lower(),
                addresses=tuple(name for name in record.categories if name in wanted),
            )
            for record in found.records
            if not record.withdrawn and wanted.intersection(record.categories)
        )
        return StreamPage(items, end.isoformat() if end < until else "", _remark(found))

    def next_time(self, now: datetime) -> datetime:
        """An hour after the next announcement."""
        day = now.astimezone(NEW_YORK).date()
        while True:
            moment = datetime.combine(day, READY, NEW_YORK).astimezone(UTC)
            if moment > now and day.weekday() in DAYS:
                return moment
            day += timedelta(days=1)


def _remark(found: ListedRecords) -> TranslatableText | None:
    """Remark about papers of a day that were left out."""
    if len(found.records) + len(found.left_out) >= MOST:
        return TranslatableText("A day had more than {most} papers; the rest was left out.", most=MOST)
    if found.left_out:
        names = ", ".join(found.left_out[:MOST_NAMED])
        return TranslatableText("Left out, since arXiv’s record of it is broken: {names}.", names=names)
    return None
