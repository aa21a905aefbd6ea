"""Client of OpenAlex, an open index of works; asked last, for DOIs that no registry describes, and by page or title
(https://openalex.org).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from bot.domain.paper_record import PaperRecord
from bot.domain.publication_date import DatePrecision, PublicationDate
from bot.locale.translatable import TranslatableText
from bot.sources.json_host import JsonSource, SourceMalformed
from bot.sources.record_fields import (
    MAX_ABSTRACT_LENGTH,
    MAX_AUTHORS,
    MAX_RELATED,
    abstract_of,
    doi_of,
    is_doi,
    list_of,
    object_of,
    objects_of,
    one_line,
    text_date,
    text_of,
    title_of,
    work_key,
)

HOME = "https://api.openalex.org"
MAX_FOUND = 5
"""Works of one answer about a page or a title."""

_FILTER_SIGNS = re.compile(r"[,|!:()\"]")
"""Signs that mean something in a filter."""
_ARXIV_PAGE = re.compile(r"https?://(?:www\.)?arxiv\.org/(?:abs|pdf)/(\S+?)(?:\.pdf)?$", re.IGNORECASE)


class OpenAlexClient(JsonSource):
    """Looks up DOIs, pages and titles at OpenAlex, with an API key if there is one."""

    name = "openalex"
    label = "OpenAlex"
    api_key = ""

    async def record(self, doi: str) -> PaperRecord | None:
        """The work with this DOI, or None if OpenAlex has none or the DOI is invalid.

        Raises SourceUnavailable or SourceMalformed.
        """
        if not is_doi(doi):
            return None
        query = urlencode(self._identification())
        answer = await self.get(f"/works/doi:{quote(doi, safe='/')}{'?' * bool(query)}{query}")
        return None if answer is None else _record(doi, answer)

    async def at_url(self, url: str) -> list[PaperRecord]:
        """Works that OpenAlex has found at an address. Raises SourceUnavailable or SourceMalformed."""
        return [] if "," in url or "|" in url else await self._list(f"locations.landing_page_url:{url}")

    async def titled(self, title: str) -> list[PaperRecord]:
        """Works whose title has these words, best first. Raises SourceUnavailable or SourceMalformed."""
        words = " ".join(_FILTER_SIGNS.sub(" ", title).split())
        return await self._list(f"title.search:{words}") if words else []

    async def _list(self, condition: str) -> list[PaperRecord]:
        """The works that fulfill a condition; those without a DOI and an arXiv id are left out."""
        query = urlencode({"filter": condition, "per-page": MAX_FOUND, **self._identification()})
        answer = await self.get(f"/works?{query}")
        works = objects_of(answer.get("results")) if answer else []
        found = [record for work in works[:MAX_FOUND] if (record := _listed_record(work))]
        return list({record.key: record for record in found}.values())

    def _identification(self) -> dict[str, str]:
        return {name: value for name, value in (("mailto", self.contact), ("api_key", self.api_key)) if value}

    def says_unknown(self, body: bytes) -> bool:
        """True for OpenAlex' own 404, which is JSON or a short HTML page, but never empty."""
        return bool(body.strip())


def _listed_record(work: Mapping[str, Any]) -> PaperRecord | None:
    """Record of a work of a list, under arXiv's id if it has no DOI of its own; None if it has neither."""
    key = work_key("doi", text_of(work.get("doi")))
    key = key or next((key for key in _same_work("", work) if key.startswith("arxiv:")), "")
    try:
        return _record_of(key, work) if key else None
    except SourceMalformed:
        return None


def _record(requested: str, work: Mapping[str, Any]) -> PaperRecord:
    doi = doi_of(text_of(work.get("doi")))
    if doi != requested.lower():
        raise SourceMalformed("OpenAlex", TranslatableText("it is about another DOI"))
    return _record_of(f"doi:{doi}", work)


def _record_of(key: str, work: Mapping[str, Any]) -> PaperRecord:
    doi = key.removeprefix("doi:") if key.startswith("doi:") else ""
    title = title_of(text_of(work.get("title")) or text_of(work.get("display_name")))
    if not title:
        raise SourceMalformed("OpenAlex", TranslatableText("it has no title"))
    published = _published(work)
    place = object_of(object_of(work.get("primary_location")).get("source"))
    retracted = work.get("is_retracted") is True
    return PaperRecord(
        key=key,
        version=1,
        title=title,
        authors=tuple(_authors(work)),
        abstract=_abstract(work.get("abstract_inverted_index")),
        categories=(),
        published=published.at if published else None,
        updated=published.at if published else None,
        comment="Retraction, according to OpenAlex" if retracted else "",
        journal_ref=one_line(text_of(place.get("display_name"))),
        doi=doi,
        withdrawn=retracted,
        same_work=_same_work(doi, work),
        published_precision=published.precision if published else DatePrecision.DAY,
    )


def _same_work(doi: str, work: Mapping[str, Any]) -> tuple[str, ...]:
    """Keys of other records of the work, from the pages where OpenAlex has found it; never its own key."""
    keys = [_location_key(location) for location in objects_of(work.get("locations"))[:MAX_RELATED]]
    return tuple(dict.fromkeys(key for key in keys if key and key != f"doi:{doi}"))


def _location_key(location: Mapping[str, Any]) -> str:
    """Key of the record that a location is a page of; "" if its address names none."""
    for name in ("landing_page_url", "pdf_url"):
        address = text_of(location.get(name))
        if found := _ARXIV_PAGE.match(address):
            return work_key("arxiv", found[1])
        if key := work_key("doi", address):
            return key
    return ""


def _published(work: Mapping[str, Any]) -> PublicationDate | None:
    """Date of publication. OpenAlex writes 1 January for a year of which it knows no day, so that day is the year."""
    day = text_of(work.get("publication_date"))
    return text_date(day[:4] if day.endswith("-01-01") else day) or text_date(work.get("publication_year"))


def _authors(work: Mapping[str, Any]) -> Iterator[str]:
    for entry in objects_of(work.get("authorships"))[:MAX_AUTHORS]:
        person = text_of(object_of(entry.get("author")).get("display_name"))
        if name := one_line(person or text_of(entry.get("raw_author_name"))):
            yield name


def _abstract(index: object) -> str:
    """The abstract from OpenAlex' inverted index: each word with its places."""
    places: dict[int, str] = {}
    for word, positions in object_of(index).items():
        for place in list_of(positions):
            if isinstance(place, int) and 0 <= place < MAX_ABSTRACT_LENGTH:
                places[place] = word
    return abstract_of(" ".join(places[place] for place in sorted(places)))
