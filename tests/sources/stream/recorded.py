"""arXiv's listing as recorded over two weeks: a paper is in it from its announcement on."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from bot.domain.paper_record import PaperRecord
from bot.ports import ListedRecords


@cache
def recorded_week() -> tuple[tuple[datetime, PaperRecord], ...]:
    """Papers with the times of their announcements, oldest first; each was submitted thirty hours before."""
    rows = gzip.decompress(Path(__file__).with_name("week.jsonl.gz").read_bytes()).decode().splitlines()
    return tuple(map(_announced, map(json.loads, rows)))


def _announced(row: dict[str, object]) -> tuple[datetime, PaperRecord]:
    at = datetime.fromisoformat(f"{row['listed']}T01:00:00+00:00").astimezone(UTC)
    submitted = at - timedelta(hours=30)
    authors, categories = row["authors"], row["categories"]
    assert isinstance(authors, list)
    assert isinstance(categories, list)
    return at, PaperRecord(
        key=f"arxiv:{row['id']}",
        version=1,
        title=str(row["title"]),
        authors=tuple(authors),
        abstract=str(row["abstract"]),
        categories=tuple(categories),
        published=submitted,
        updated=submitted,
    )


class RecordedListing:
    """arXiv's listing at the time of a clock. `error`, if set, is raised by each request."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.error: Exception | None = None
        self.asked: list[tuple[tuple[str, ...], datetime, datetime]] = []
        self.more: list[tuple[datetime, PaperRecord]] = []

    async def listed(
        self, categories: Sequence[str], since: datetime, until: datetime, *, limit: int = 100
    ) -> ListedRecords:
        self.asked.append((tuple(categories), since, until))
        if self.error:
            raise self.error
        wanted = set(categories)
        found = [
            record
            for at, record in (*recorded_week(), *self.more)
            if at <= self._now() and record.published and since <= record.published <= until
            if wanted.intersection(record.categories)
        ]
        return ListedRecords(found[::-1][:limit])
