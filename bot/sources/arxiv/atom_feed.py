"""Validation and parsing of arXiv's Atom feeds.

The `arxiv` package parses leniently: it turns an HTML page, a truncated feed or an error into an empty or wrong list.
Each response is therefore validated strictly here before the package reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from bot.domain.paper_record import PaperRecord, fold_whitespace
from bot.locale.translatable import TranslatableText
from bot.sources.arxiv import api_ids
from bot.sources.arxiv.errors import ArxivMalformed, BadQuery
from bot.sources.arxiv.query import is_category
from bot.sources.arxiv.withdrawal import is_withdrawn

ATOM = "{http://www.w3.org/2005/Atom}"
FEW_BROKEN = 3
"""Broken entries of a page that are set aside however few it has; of more, at most half of it may be broken."""
SET_ASIDE, NO_TIME = "http://arxiv.org/abs/0001.00000v1", "1991-01-01T00:00:00Z"
"""Id and time of an entry that was set aside: no paper has this id."""
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def total(body: bytes) -> int:
    """Total number of papers in a list, from one validated page of it."""
    return _count(_parsed(body), "totalResults")


def check(body: bytes, *, start: int, size: int) -> None:
    """Validate that `body` is the complete page `start`, `start + size` of a list of papers.

    Raises BadQuery if arXiv reports that it cannot parse the query, ArxivMalformed otherwise: invalid XML, a document
    type (entity expansion attacks), no Atom feed, counts that are missing or differ from the entries, or entries that
    are not complete papers.
    """
    feed = _parsed(body)
    if feed.tag != f"{ATOM}feed":
        raise ArxivMalformed(TranslatableText("it is not an Atom feed"))
    entries = feed.findall(f"{ATOM}entry")
    for entry in entries:
        _check_entry(entry)
    total, first = _count(feed, "totalResults"), _count(feed, "startIndex")
    promised = max(0, min(size, total - start))
    if first != start or len(entries) != promised:
        raise ArxivMalformed(
            TranslatableText(
                "it announced {promised} papers from number {start} on, but sent {entries_count} from number "
                "{first} on",
                promised=promised,
                start=start,
                entries_count=len(entries),
                first=first,
            )
        )


def set_aside_broken(body: bytes) -> tuple[bytes, list[str]]:
    """A page whose broken entries say nothing any more, and the names of those entries: ids, or else titles.

    They stay in their places, since pages are counted by entries; `is_set_aside` tells their records. If more than a
    few are broken, or the page itself is, it is returned as it is: `check` says what is wrong with it.
    """
    feed = _parsed(body)
    entries = feed.findall(f"{ATOM}entry")
    broken = [entry for entry in entries if not _is_error(entry) and _fault(entry)]
    if not broken or len(broken) > max(FEW_BROKEN, len(entries) // 2):
        return body, []
    names = []
    for entry in broken:
        found = api_ids.of_entry(_text(entry, "id"))
        names.append(found[0] if found else _text(entry, "title")[:80] or "?")
        for child in list(entry):
            entry.remove(child)
        for name, text in (("id", SET_ASIDE), ("title", "-"), ("published", NO_TIME), ("updated", NO_TIME)):
            etree.SubElement(entry, f"{ATOM}{name}").text = text
    return etree.tostring(feed, encoding="utf-8", xml_declaration=True), names


def is_set_aside(record: PaperRecord) -> bool:
    """True for the record of an entry that `set_aside_broken` has emptied."""
    return f"http://arxiv.org/abs/{record.arxiv_id}v1" == SET_ASIDE


def record(result: Any) -> PaperRecord:
    """The paper of an entry that has been checked, as the package has parsed it (`arxiv.Result`)."""
    bare, version = api_ids.of_entry(result.entry_id) or ("", 0)
    title, comment, abstract = (
        fold_whitespace(result.title),
        fold_whitespace(result.comment or ""),
        fold_whitespace(result.summary),
    )
    return PaperRecord(
        key=f"arxiv:{bare}",
        version=version,
        title=title,
        authors=tuple(name for name in (fold_whitespace(author.name) for author in result.authors) if name),
        abstract=abstract,
        categories=tuple(_categories(result)),
        published=result.published,
        updated=result.updated,
        comment=comment,
        journal_ref=fold_whitespace(result.journal_ref or ""),
        doi=fold_whitespace(result.doi or ""),
        withdrawn=is_withdrawn(title=title, comment=comment, abstract=abstract),
    )


def _categories(result: Any) -> Iterator[str]:
    """The primary category, then the others without duplicates; MSC and ACM classes (68T50, I.2.7) are omitted."""
    for category in dict.fromkeys((result.primary_category, *result.categories)):
        if is_category(category):
            yield category


def _parsed(body: bytes) -> Any:
    opening = body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not opening.startswith(b"<"):
        raise ArxivMalformed(TranslatableText("it is plain text"))
    if opening.startswith((b"<!doctype html", b"<html")):
        raise ArxivMalformed(TranslatableText("it is a web page"))
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise ArxivMalformed(TranslatableText("it declares a document type"))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise ArxivMalformed(TranslatableText("it is broken XML")) from fault
    if root.getroottree().docinfo.internalDTD is not None:
        raise ArxivMalformed(TranslatableText("it declares a document type"))
    return root


def _check_entry(entry: Any) -> None:
    if _is_error(entry):
        raise BadQuery((_text(entry, "summary") or "it gives no reason").rstrip("."))
    if fault := _fault(entry):
        raise ArxivMalformed(fault)


def _is_error(entry: Any) -> bool:
    """True for an entry in which arXiv says that it cannot answer."""
    return _text(entry, "title") == "Error" or "/api/errors" in _text(entry, "id")


def _fault(entry: Any) -> TranslatableText | None:
    """Reason why an entry is no complete paper; None if it is one."""
    if api_ids.of_entry(_text(entry, "id")) is None or not _text(entry, "title"):
        return TranslatableText("an entry in it is not a paper")
    for name in ("published", "updated"):
        if not _is_moment(_text(entry, name)):
            return TranslatableText("an entry in it has no {name} date", name=name)
    return None


def _text(entry: Any, name: str) -> str:
    return fold_whitespace(entry.findtext(f"{ATOM}{name}") or "")


def _count(feed: Any, name: str) -> int:
    count = (feed.findtext(f"{OPENSEARCH}{name}") or "").strip()
    if not re.fullmatch(r"[0-9]{1,9}", count):
        raise ArxivMalformed(TranslatableText("it lacks its {name}", name=name))
    return int(count)


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)
    except (ValueError, OverflowError):
        return False
    return True
