"""Client of Crossref, the registry of most publishers' DOIs (https://api.crossref.org)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from bot.domain.paper_record import PaperRecord, fold_whitespace
from bot.domain.publication_date import DatePrecision, PublicationDate, most_precise
from bot.domain.withdrawals import TITLE_MARK, notice_text
from bot.locale.translatable import TranslatableText
from bot.sources.json_host import JsonSource, SourceMalformed
from bot.sources.record_fields import (
    MAX_AUTHORS,
    MAX_RELATED,
    abstract_of,
    day_of,
    first_text,
    is_doi,
    list_of,
    object_of,
    objects_of,
    one_line,
    parts_date,
    text_of,
    title_of,
    work_key,
)

HOME = "https://api.crossref.org"
# With a mail address Crossref allows 10 requests a second, 3 at once; a club needs far less.
# https://www.crossref.org/documentation/retrieve-metadata/rest-api/access-and-authentication/

_RETRACTED_TYPES = {"retraction", "withdrawal", "removal", "partial_retraction"}
_SAME_WORK = ("is-preprint-of", "has-preprint", "is-version-of", "has-version", "is-same-as", "is-identical-to")
"""Relations between records of one work (https://www.crossref.org/documentation/schema-library/markup-guide-metadata-segments/relationships/)."""


class CrossrefClient(JsonSource):
    """Looks up DOIs at Crossref."""

    name = "crossref"
    label = "Crossref"

    async def record(self, doi: str) -> PaperRecord | None:
        """The paper with this DOI, or None if Crossref has none or the DOI is invalid.

        Raises SourceUnavailable or SourceMalformed.
        """
        if not is_doi(doi):
            return None
        answer = await self.get(f"/works/{quote(doi, safe='')}")
        return None if answer is None else _record(doi, _work(answer))

    def says_unknown(self, body: bytes) -> bool:
        """True for Crossref's own answer to an unknown DOI, which is plain text."""
        return body.strip() == b"Resource not found."


def _work(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    work = answer.get("message")
    if not isinstance(work, dict) or answer.get("message-type") != "work":
        raise SourceMalformed("Crossref", TranslatableText("it is not about a work"))
    return work


def _record(requested: str, work: Mapping[str, Any]) -> PaperRecord:
    doi = text_of(work.get("DOI")).lower()
    if doi != requested.lower():
        raise SourceMalformed("Crossref", TranslatableText("it is about another DOI"))
    title = _full_title(work)
    if not title:
        raise SourceMalformed("Crossref", TranslatableText("it has no title"))
    published = _published(work)
    notices, retracted = _notices(work, title)
    return PaperRecord(
        key=f"doi:{doi}",
        version=1,
        title=title,
        authors=tuple(_authors(work)),
        abstract=abstract_of(text_of(work.get("abstract"))),
        categories=(),
        published=published.at if published else None,
        updated=day_of(_parts(work, "deposited")) or (published.at if published else None),
        comment=notices,
        journal_ref=one_line(first_text(work.get("container-title"))),
        doi=doi,
        withdrawn=retracted,
        same_work=_same_work(doi, work),
        published_precision=published.precision if published else DatePrecision.DAY,
    )


def _full_title(work: Mapping[str, Any]) -> str:
    """Title with its subtitle, which Crossref gives apart."""
    title, subtitle = title_of(first_text(work.get("title"))), title_of(first_text(work.get("subtitle")))
    if not title or not subtitle or subtitle.casefold() in title.casefold():
        return title
    return title_of(f"{title}{'' if title[-1] in ':?!' else ':'} {subtitle}")


def _authors(work: Mapping[str, Any]) -> Iterator[str]:
    for author in objects_of(work.get("author"))[:MAX_AUTHORS]:
        parts = (text_of(author.get("given")), text_of(author.get("family")), text_of(author.get("suffix")))
        if name := fold_whitespace(" ".join(map(one_line, parts))) or one_line(text_of(author.get("name"))):
            yield name  # `name` is that of a group


def _notices(work: Mapping[str, Any], title: str) -> tuple[str, bool]:
    """Later notices about the paper in Crossref's words, and True if one of them, or the title, is a retraction."""
    found = [
        (text_of(notice.get("type")) in _RETRACTED_TYPES, _notice(notice))
        for notice in objects_of(work.get("updated-by"))[:MAX_RELATED]
        if text_of(notice.get("type"))
    ]
    found.sort(key=lambda entry: not entry[0])
    retracted = any(is_retraction for is_retraction, _ in found)
    if mark := TITLE_MARK.match(title):
        deed = "Retraction" if "retract" in mark[0].casefold() else "Withdrawal"
        found = found if retracted else [(True, f"{deed}, as the title says: {mark[0]}"), *found]
        retracted = True
    return "; ".join(dict.fromkeys(words for _, words in found)), retracted


def _notice(notice: Mapping[str, Any]) -> str:
    kind = text_of(notice.get("type"))
    label = one_line(text_of(notice.get("label"))) or kind.replace("_", " ").capitalize()
    at = day_of(_parts(notice, "updated"))
    return notice_text(label[:80], at, one_line(text_of(notice.get("DOI")))[:200], text_of(notice.get("source")))


def _same_work(doi: str, work: Mapping[str, Any]) -> tuple[str, ...]:
    """Keys of other records of the work: its preprint, its published paper, its versions; never its own key."""
    relation = object_of(work.get("relation"))
    entries = [entry for name in _SAME_WORK for entry in objects_of(relation.get(name))]
    keys = [work_key(text_of(entry.get("id-type")), text_of(entry.get("id"))) for entry in entries[:MAX_RELATED]]
    return tuple(dict.fromkeys(key for key in keys if key and key != f"doi:{doi}"))


def _published(work: Mapping[str, Any]) -> PublicationDate | None:
    """Date of publication as far as it is given; the day of registration if no date is."""
    names = ("published", "issued", "published-online", "published-print")
    found = [day for name in names if (day := parts_date(_parts(work, name)))]
    return most_precise(found) or parts_date(_parts(work, "created"))


def _parts(work: Mapping[str, Any], name: str) -> object:
    return next(iter(list_of(object_of(work.get(name)).get("date-parts"))), None)
