"""Hugging Face's Daily Papers: arXiv papers of a day with the votes of its readers (https://huggingface.co/papers)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.domain.stream.items import StreamItem, StreamPage
from bot.locale.translatable import TranslatableText
from bot.sources.json_host import JsonSource, SourceMalformed
from bot.sources.record_fields import abstract_of, iso_day, object_of, objects_of, one_line, text_of, title_of, work_key
from bot.sources.stream.days import first_day, following, noon, sound_moment, split

OVERLAP = timedelta(days=3)
"""Time that each reading goes back: votes are given for some days."""
READ_INTERVAL = timedelta(hours=6)


class DailyPapersReader(JsonSource):
    """Reads the daily papers, day by day."""

    name = "huggingface"
    label = "Hugging Face"
    together = 1

    def start(self, read_until: datetime | None, now: datetime) -> str:
        """The first day."""
        return first_day(read_until, now, OVERLAP)

    async def read(self, addresses: Sequence[str], position: str, until: datetime) -> StreamPage:
        """The papers of a day with their votes. Raises SourceUnavailable or SourceMalformed."""
        day, _ = split(position)
        answer = await self.get_value(f"/api/daily_papers?date={day}&limit=100")
        if not isinstance(answer, list):
            raise SourceMalformed(self.label, TranslatableText("it is not a list of papers"))
        items = tuple(item for entry in objects_of(answer) if (item := _item(entry, noon(day), until)))
        return StreamPage(items, following(day, until))

    def next_time(self, now: datetime) -> datetime:
        """Time of the next reading: in six hours."""
        return now + READ_INTERVAL


def _item(entry: Mapping[str, Any], day: datetime, until: datetime) -> StreamItem | None:
    paper = object_of(entry.get("paper"))
    key, title = work_key("arxiv", text_of(paper.get("id"))), title_of(text_of(paper.get("title")))
    if not key or not title:
        return None
    names = [one_line(text_of(author.get("name"))) for author in objects_of(paper.get("authors"))]
    votes = paper.get("upvotes")
    return StreamItem(
        key=key,
        url=f"https://arxiv.org/abs/{key.removeprefix('arxiv:')}",
        title=title,
        published=sound_moment(iso_day(paper.get("publishedAt")), day, until),
        abstract=abstract_of(text_of(paper.get("summary"))),
        authors=tuple(name for name in names if name),
        votes=votes if isinstance(votes, int) and not isinstance(votes, bool) and 0 <= votes < 10**6 else None,
    )
