"""New papers by subject of bioRxiv and of medRxiv, two kinds of source with one API (https://api.biorxiv.org)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from bot.domain.stream.items import StreamItem, StreamPage
from bot.locale.translatable import TranslatableText
from bot.sources.json_host import JsonSource, SourceMalformed
from bot.sources.record_fields import abstract_of, doi_of, iso_day, objects_of, one_line, text_of, title_of
from bot.sources.stream.days import first_day, following, noon, sound_moment, split

HOME = "https://api.biorxiv.org"
OVERLAP = timedelta(days=2)
"""Time that each reading goes back: a preprint appears up to a day or two after its date."""
READ_INTERVAL = timedelta(hours=12)


class PreprintServer(JsonSource):
    """Reads the subjects of one server: `biorxiv` or `medrxiv`."""

    name = "biorxiv"
    together = 1

    server = "biorxiv"
    label = "bioRxiv"

    def start(self, read_until: datetime | None, now: datetime) -> str:
        """The first day."""
        return first_day(read_until, now, OVERLAP)

    async def read(self, addresses: Sequence[str], position: str, until: datetime) -> StreamPage:
        """A page of a day's preprints. Raises SourceUnavailable or SourceMalformed."""
        [subject] = addresses
        day, skip = split(position)
        words = urlencode({"category": subject.replace(" ", "_")}, quote_via=quote)
        answer = await self.get(f"/details/{self.server}/{day}/{day}/{skip}?{words}")
        messages = objects_of((answer or {}).get("messages"))
        if answer is None or not messages:
            raise SourceMalformed(self.label, TranslatableText("it is not a list of preprints"))
        found = objects_of(answer.get("collection"))
        total = _number(messages[0].get("total"))
        read = skip + len(found)
        rest = f"{day}/{read}" if found and read < total else following(day, until)
        items = tuple(item for work in found if (item := self._item(work, subject, noon(day), until)))
        return StreamPage(items, rest)

    def next_time(self, now: datetime) -> datetime:
        """Time of the next reading: in twelve hours."""
        return now + READ_INTERVAL

    def _item(self, work: Mapping[str, Any], subject: str, day: datetime, until: datetime) -> StreamItem | None:
        """The first version of a preprint of this subject; None for anything else."""
        doi, title = doi_of(text_of(work.get("doi"))), title_of(text_of(work.get("title")))
        category = one_line(text_of(work.get("category"))).casefold()
        if not doi or not title or _number(work.get("version")) != 1 or _words(category) != _words(subject):
            return None
        return StreamItem(
            key=f"doi:{doi}",
            url=f"https://doi.org/{quote(doi, safe='/')}",
            title=title,
            published=sound_moment(iso_day(work.get("date")), day, until),
            abstract=abstract_of(text_of(work.get("abstract"))),
            authors=tuple(_authors(text_of(work.get("authors")))),
            categories=(category,),
            doi=doi,
        )


class MedrxivServer(PreprintServer):
    """Reads the subjects of medRxiv."""

    server = "medrxiv"
    label = "medRxiv"


def _words(subject: str) -> list[str]:
    """Words of a subject; bioRxiv's API writes some with an underscore or a slash."""
    return subject.replace("_", " ").replace("/", " ").split()


def _number(value: object) -> int:
    """A number, which the API gives as a text or as a number; 0 for anything else."""
    return int(value) if isinstance(value, int | str) and str(value).isdecimal() and len(str(value)) < 10 else 0


def _authors(names: str) -> Iterator[str]:
    """Names of a list such as "Lovelace, A.; Turing, A. M.", given names first."""
    for name in names.split(";"):
        family, _, given = one_line(name).partition(", ")
        if family:
            yield f"{given} {family}".strip()
