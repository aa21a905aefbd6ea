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
from bot.locale.current import _
from bot.sources.arxiv import api_ids
from bot.sources.arxiv.errors import ArxivMalformed, BadQuery
from bot.sources.arxiv.query import is_category
from bot.sources.arxiv.withdrawal import is_withdrawn

ATOM = "{http://www.w3.org/2005/Atom}"
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
        raise ArxivMalformed(_("it is not an Atom feed"))
    entries = feed.findall(f"{ATOM}entry")
    for entry in entries:
        _check_entry(entry)
    total, first = _count(feed, "totalResults"), _count(feed, "startIndex")
    promised = max(0, min(size, total - start))
    if first != start or len(entries) != promised:
        raise ArxivMalformed(
            _(
                "it announced {promised} papers starting at {start}, but sent {entries_count} starting at {first}",
                promised=promised,
                start=start,
                entries_count=len(entries),
                first=first,
            )
        )


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
        raise ArxivMalformed(_("it is plain text"))
    if opening.startswith((b"<!doctype html", b"<html")):
        raise ArxivMalformed(_("it is a web page"))
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise ArxivMalformed(_("it declares a document type"))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise ArxivMalformed(_("it is broken XML")) from fault
    if root.getroottree().docinfo.internalDTD is not None:
        raise ArxivMalformed(_("it declares a document type"))
    return root


def _check_entry(entry: Any) -> None:
    entry_id, title = _text(entry, "id"), _text(entry, "title")
    if title == "Error" or "/api/errors" in entry_id:
        raise BadQuery((_text(entry, "summary") or "it gives no reason").rstrip("."))
    if api_ids.of_entry(entry_id) is None or not title:
        raise ArxivMalformed(_("an entry in it is not a paper"))
    for name in ("published", "updated"):
        if not _is_moment(_text(entry, name)):
            raise ArxivMalformed(_("an entry in it has no {name} date", name=name))


def _text(entry: Any, name: str) -> str:
    return fold_whitespace(entry.findtext(f"{ATOM}{name}") or "")


def _count(feed: Any, name: str) -> int:
    count = (feed.findtext(f"{OPENSEARCH}{name}") or "").strip()
    if not re.fullmatch(r"[0-9]{1,9}", count):
        raise ArxivMalformed(_("it lacks its {name}", name=name))
    return int(count)


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)
    except (ValueError, OverflowError):
        return False
    return True
