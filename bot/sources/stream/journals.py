"""New papers of journals, by ISSN at Crossref (https://api.crossref.org)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from bot.domain.paper_record import fold_whitespace
from bot.domain.stream.items import StreamItem, StreamPage
from bot.errors import Unavailable
from bot.locale.translatable import TranslatableText
from bot.sources.json_host import JsonSource, SourceMalformed
from bot.sources.record_fields import (
    MAX_AUTHORS,
    abstract_of,
    day_of,
    doi_of,
    first_text,
    list_of,
    object_of,
    objects_of,
    one_line,
    text_of,
    title_of,
)
from bot.sources.stream.days import first_day, noon, sound_moment, split

ROWS = 100
MOST = 2_000
"""Papers of one reading."""
OVERLAP = timedelta(days=3)
"""Time that each reading goes back: Crossref indexes a new record within a day or two."""
EVERY = timedelta(hours=12)
FIELDS = "DOI,title,subtitle,author,abstract,created,published,container-title,type"


class JournalReader(JsonSource):
    """Reads journals' articles in the order in which they were registered."""

    name = "crossref"
    label = "Crossref"
    together = 1

    def start(self, read_until: datetime | None, now: datetime) -> str:
        """The first day."""
        return first_day(read_until, now, OVERLAP)

    async def read(self, addresses: Sequence[str], position: str, until: datetime) -> StreamPage:
        """A page of articles. Raises Unavailable, also for a journal that Crossref does not know."""
        [issn] = addresses
        day, skip = split(position)
        last = until.astimezone(UTC).date()
        query = {
            "filter": f"from-created-date:{day},until-created-date:{last},type:journal-article",
            "sort": "created",
            "order": "asc",
            "rows": ROWS,
            "offset": skip,
            "select": FIELDS,
            **({"mailto": self.contact} if self.contact else {}),
        }
        answer = await self.get(f"/journals/{issn}/works?{urlencode(query)}")
        if answer is None:
            raise Unavailable(TranslatableText("Crossref has no journal with the ISSN {issn}.", issn=issn))
        message = object_of(answer.get("message"))
        if answer.get("message-type") != "work-list":
            raise SourceMalformed(self.label, TranslatableText("it is not a list of works"))
        found, total = objects_of(message.get("items")), message.get("total-results")
        read = skip + len(found)
        more = bool(found) and isinstance(total, int) and read < total
        left_out = TranslatableText("There were more than {most} articles; the rest was left out.", most=MOST)
        remark = left_out if more and read >= MOST else None
        items = tuple(item for work in found if (item := _item(work, noon(day), until)))
        return StreamPage(items, f"{day}/{read}" if more and not remark else "", remark)

    def next_time(self, now: datetime) -> datetime:
        """Time of the next reading: in twelve hours."""
        return now + EVERY

    def says_unknown(self, body: bytes) -> bool:
        """True for Crossref's own answer about an unknown journal, which is plain text."""
        return body.strip() == b"Resource not found."


def _item(work: Mapping[str, Any], first: datetime, until: datetime) -> StreamItem | None:
    """An article that was registered on the first day of the reading or later, whatever its record says."""
    doi, title = doi_of(text_of(work.get("DOI"))), title_of(first_text(work.get("title")))
    if not doi or not title:
        return None
    subtitle = title_of(first_text(work.get("subtitle")))
    if subtitle and subtitle.casefold() not in title.casefold():
        title = title_of(f"{title}: {subtitle}")
    day = day_of(next(iter(list_of(object_of(work.get("created")).get("date-parts"))), None))
    return StreamItem(
        key=f"doi:{doi}",
        url=f"https://doi.org/{quote(doi, safe='/')}",
        title=title,
        published=sound_moment(day if day and day.date() >= first.date() else None, until, until),
        abstract=abstract_of(text_of(work.get("abstract"))),
        authors=tuple(_authors(work)),
        categories=tuple(filter(None, (one_line(first_text(work.get("container-title")))[:80],))),
        doi=doi,
    )


def _authors(work: Mapping[str, Any]) -> Iterator[str]:
    for author in objects_of(work.get("author"))[:MAX_AUTHORS]:
        parts = (text_of(author.get("given")), text_of(author.get("family")))
        if name := fold_whitespace(" ".join(map(one_line, parts))) or one_line(text_of(author.get("name"))):
            yield name
