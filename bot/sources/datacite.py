"""Client of DataCite, the registry of DOIs of Zenodo, figshare, arXiv and many archives (https://api.datacite.org)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from bot.domain.paper_record import PaperRecord, fold_whitespace
from bot.domain.publication_date import DatePrecision, PublicationDate, most_precise
from bot.locale.translatable import TranslatableText
from bot.sources.json_host import JsonSource, SourceMalformed
from bot.sources.record_fields import (
    MAX_AUTHORS,
    MAX_RELATED,
    abstract_of,
    is_doi,
    iso_day,
    object_of,
    objects_of,
    one_line,
    text_date,
    text_of,
    title_of,
    work_key,
)

HOME = "https://api.datacite.org"

_SAME_WORK = {
    "IsVersionOf", "HasVersion", "IsNewVersionOf", "IsPreviousVersionOf", "IsIdenticalTo", "IsVariantFormOf",
    "IsOriginalFormOf", "IsPreprintOf", "HasPreprint",
}  # fmt: skip
"""Relations between records of one work (https://datacite-metadata-schema.readthedocs.io, relationType)."""


class DataCiteClient(JsonSource):
    """Looks up DOIs at DataCite."""

    name = "datacite"
    label = "DataCite"

    async def record(self, doi: str) -> PaperRecord | None:
        """The work with this DOI, or None if DataCite has none or the DOI is invalid.

        Raises SourceUnavailable or SourceMalformed.
        """
        if not is_doi(doi):
            return None
        answer = await self.get(f"/dois/{quote(doi, safe='')}")
        return None if answer is None else _record(doi, answer)


def _record(requested: str, answer: Mapping[str, Any]) -> PaperRecord:
    work = object_of(object_of(answer.get("data")).get("attributes"))
    doi = text_of(work.get("doi")).lower()
    if not doi:
        raise SourceMalformed("DataCite", TranslatableText("it is not about a work"))
    if doi != requested.lower():
        raise SourceMalformed("DataCite", TranslatableText("it is about another DOI"))
    title = _title(work)
    if not title:
        raise SourceMalformed("DataCite", TranslatableText("it has no title"))
    published = _published(work)
    venue = text_of(object_of(work.get("container")).get("title")) or _publisher(work.get("publisher"))
    return PaperRecord(
        key=f"doi:{doi}",
        version=1,
        title=title,
        authors=tuple(_authors(work)),
        abstract=_abstract(work),
        categories=(),
        published=published.at if published else None,
        updated=iso_day(work.get("updated")) or (published.at if published else None),
        journal_ref=one_line(venue),
        doi=doi,
        same_work=_same_work(doi, work),
        published_precision=published.precision if published else DatePrecision.DAY,
    )


def _title(work: Mapping[str, Any]) -> str:
    """The main title: the first one without a type, such as "Subtitle" or "TranslatedTitle"."""
    titles = objects_of(work.get("titles"))
    main = [title for title in titles if not title.get("titleType")] or titles
    return title_of(text_of(main[0].get("title"))) if main else ""


def _authors(work: Mapping[str, Any]) -> Iterator[str]:
    for creator in objects_of(work.get("creators"))[:MAX_AUTHORS]:
        given, family = one_line(text_of(creator.get("givenName"))), one_line(text_of(creator.get("familyName")))
        if name := fold_whitespace(f"{given} {family}") or one_line(text_of(creator.get("name"))):
            yield name


def _abstract(work: Mapping[str, Any]) -> str:
    texts = [
        text_of(part.get("description"))
        for part in objects_of(work.get("descriptions"))
        if part.get("descriptionType") == "Abstract"
    ]
    return abstract_of(texts[0]) if texts else ""


def _published(work: Mapping[str, Any]) -> PublicationDate | None:
    """Date of issue, else the year of publication, as far as they are given; the day of registration if neither is."""
    dates = {text_of(date.get("dateType")): date.get("date") for date in objects_of(work.get("dates"))}
    given = (dates.get("Issued"), work.get("publicationYear"), dates.get("Available"))
    return most_precise([day for value in given if (day := text_date(value))]) or text_date(work.get("created"))


def _publisher(value: object) -> str:
    """Name of the publisher; a text in older answers, an object in newer ones."""
    return text_of(value) or text_of(object_of(value).get("name"))


def _same_work(doi: str, work: Mapping[str, Any]) -> tuple[str, ...]:
    """Keys of other records of the work: versions, its preprint; never its own key."""
    related = [entry for entry in objects_of(work.get("relatedIdentifiers")) if entry.get("relationType") in _SAME_WORK]
    keys = [
        work_key(text_of(entry.get("relatedIdentifierType")), text_of(entry.get("relatedIdentifier")))
        for entry in related[:MAX_RELATED]
        if text_of(entry.get("relatedIdentifierType")).casefold() in ("arxiv", "doi")
    ]
    return tuple(dict.fromkeys(key for key in keys if key and key != f"doi:{doi}"))
