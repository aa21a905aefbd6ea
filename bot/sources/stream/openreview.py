"""Submissions of venues at OpenReview, from its API (version 2), newest first; those that its account may read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from bot.domain.stream.items import StreamItem, StreamPage
from bot.locale.translatable import TranslatableText
from bot.sources.json_host import SourceMalformed
from bot.sources.openreview_fields import field_value, moment_of
from bot.sources.openreview_session import OpenReviewSource
from bot.sources.record_fields import abstract_of, list_of, object_of, objects_of, one_line, text_of, title_of
from bot.sources.stream.days import FIRST, sound_moment

ROWS = 100
MOST = 5_000
"""Submissions of one reading."""
OVERLAP = timedelta(days=2)
READ_INTERVAL = timedelta(hours=12)


class VenueReader(OpenReviewSource):
    """Reads venues' submissions."""

    together = 1

    def start(self, read_until: datetime | None, now: datetime) -> str:
        """Time of the oldest submission that is read, and the number of those that were read: `2025-12-01T00:00/0`."""
        since = (read_until - OVERLAP) if read_until else now - FIRST
        return f"{since.astimezone(UTC).replace(microsecond=0).isoformat()}/0"

    async def read(self, addresses: Sequence[str], position: str, until: datetime) -> StreamPage:
        """A page of submissions. Raises SourceUnavailable or SourceMalformed."""
        [venue] = addresses
        oldest, _, number = position.rpartition("/")
        skip = int(number)
        query = {"content.venueid": venue, "sort": "cdate:desc", "limit": ROWS, "offset": skip}
        answer = await self.get(f"/notes?{urlencode(query)}")
        if answer is None or not isinstance(answer.get("notes"), list):
            raise SourceMalformed(self.label, TranslatableText("it is not a list of submissions"))
        notes = objects_of(answer["notes"])
        items = list(_items(notes, venue, until))
        new = tuple(item for item in items if item.published >= datetime.fromisoformat(oldest))
        more = len(notes) == ROWS and len(new) == len(items)
        left_out = TranslatableText("There were more than {most} submissions; the rest was left out.", most=MOST)
        remark = left_out if more and skip + ROWS >= MOST else None
        return StreamPage(new, f"{oldest}/{skip + ROWS}" if more and not remark else "", remark)

    def next_time(self, now: datetime) -> datetime:
        """Time of the next reading: in twelve hours."""
        return now + READ_INTERVAL


def _items(notes: Sequence[dict[str, Any]], venue: str, until: datetime) -> Iterator[StreamItem]:
    """The submissions, newest first; one without a time has that of the one before it."""
    last = until
    for note in notes:
        last = sound_moment(moment_of(note.get("pdate") or note.get("cdate")), last, until)
        if item := _item(note, venue, last):
            yield item


def _item(note: dict[str, Any], venue: str, moment: datetime) -> StreamItem | None:
    content = object_of(note.get("content"))
    title, forum = (
        title_of(text_of(field_value(content, "title"))),
        text_of(note.get("forum")) or text_of(note.get("id")),
    )
    if not title or not forum:
        return None
    url = f"https://openreview.net/forum?id={quote(forum[:100], safe='')}"
    names = [one_line(name) for name in list_of(field_value(content, "authors")) if isinstance(name, str)]
    return StreamItem(
        key=f"web:{url}",
        url=url,
        title=title,
        published=moment,
        abstract=abstract_of(text_of(field_value(content, "abstract"))),
        authors=tuple(name for name in names if name and name.casefold() != "anonymous"),
        categories=(one_line(text_of(field_value(content, "venue")))[:80] or venue,),
    )
