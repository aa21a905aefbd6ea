"""Feeds of editions and of their items: Atom (RFC 4287) and JSON Feed 1.1 (jsonfeed.org).

The id of an entry is a UUID derived from the club's UUID and the entry's subject. It does not change when the page
moves, the text is corrected or the club moves to another database; a correction only changes `updated`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any
from uuid import UUID, uuid5

from lxml import etree

from bot.chat.rich_text import Link
from bot.editions.model import prose
from bot.editions.model.document import Document, Item
from bot.editions.render import basic_html
from bot.editions.render.figure_addresses import WITHOUT_PAGES, FigureAddress

ATOM = "http://www.w3.org/2005/Atom"
ATOM_TYPE = "application/atom+xml"
JSON_TYPE = "application/feed+json"

_CLUBS = UUID("5b0f1d2e-8f3a-5c0e-9a51-6a6f75726e6c")
"""The namespace of clubs. Any would do; it may never change."""
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry of a feed. `url` is its page, empty if there is none; `about` is the address of the work."""

    id: UUID
    title: str
    html: str
    published: datetime
    updated: datetime
    url: str = ""
    about: str = ""
    summary: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed. `page` is its HTML page and `url` its own address; both are empty if nothing is public.

    `born` is the date of a feed without entries. Entries are in order, newest first.
    """

    id: UUID
    title: str
    author: str
    created: datetime
    entries: tuple[FeedEntry, ...] = ()
    subtitle: str = ""
    page: str = ""
    url: str = ""

    @property
    def updated(self) -> datetime:
        """Time of the last change of any entry."""
        return max((entry.updated for entry in self.entries), default=self.created)

    @property
    def language(self) -> str:
        """The language of the newest entry: a club may have changed its language since the older ones."""
        return self.entries[0].language if self.entries else "en"


def club_id(number: int, founded: datetime) -> UUID:
    """Permanent UUID of a club in feeds, derived from its row id and founding time."""
    return uuid5(_CLUBS, f"{number} {founded.astimezone(UTC).isoformat()}")


def feed_id(club: UUID, subject: str) -> UUID:
    """The id of one of a club's feeds: `editions`, `items`, `theme …`."""
    return uuid5(club, f"feed {subject}")


def updated_at(document: Document, published: datetime, *, key: str = "") -> datetime:
    """Time of the last change visible to readers: publication or the latest correction.

    With a `key`, only corrections of that item count.
    """
    fixes = [fix.at for fix in document.corrections if not key or fix.item == key]
    return max([published, *fixes])


def edition_id(club: UUID, number: int) -> UUID:
    """The id of an edition's entry."""
    return uuid5(club, f"edition {number}")


def recall_entry(
    club: UUID, number: int, title: str, text: str, published: datetime, at: datetime, *, url: str, language: str
) -> FeedEntry:
    """The entry of an edition that was recalled at `at`: nothing of its content, only that and why it is gone."""
    return FeedEntry(
        id=edition_id(club, number),
        title=title,
        html=f"<p>{escape(text)}</p>",
        published=published,
        updated=max(published, at),
        url=url,
        summary=text,
        language=language,
    )


def edition_entry(
    document: Document, club: UUID, published: datetime, *, url: str = "", figures: FigureAddress = WITHOUT_PAGES
) -> FeedEntry:
    """A whole edition as a feed entry."""
    return FeedEntry(
        id=edition_id(club, document.number),
        title=Link(document.title, url).safe_label if url else document.title,
        html=basic_html.edition(document, figures=figures),
        published=published,
        updated=updated_at(document, published),
        url=url,
        summary=document.headline or prose.plain(document.intro),
        tags=tuple(theme.title for theme in document.themes),
        language=document.language,
    )


def item_entry(
    document: Document,
    item: Item,
    club: UUID,
    published: datetime,
    *,
    url: str = "",
    tags: Sequence[str] = (),
    figures: FigureAddress = WITHOUT_PAGES,
) -> FeedEntry:
    """One item of an edition as a feed entry. `url` is its page or its anchor on the edition's page."""
    return FeedEntry(
        id=uuid5(club, f"edition {document.number} item {item.key}"),
        title=Link(item.title, url or item.url).safe_label if url or item.url else item.title,
        html=basic_html.item(item, document, figures=figures),
        published=published,
        updated=updated_at(document, published, key=item.key),
        url=url,
        about=item.url if Link("", item.url).is_safe else "",
        summary=prose.plain(item.why),
        authors=_authors(document, item),
        tags=tuple(tags),
        language=document.language,
    )


def _authors(document: Document, item: Item) -> tuple[str, ...]:
    """Authors of an item, as a list if the references have them."""
    works = [reference.work for reference in document.references if reference.number == item.reference]
    return works[0].authors if works else (item.authors,) if item.authors else ()


def atom(feed: Feed) -> bytes:
    """The feed as Atom. Characters that XML does not allow (control characters) are removed."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    _add(root, "id", feed.id.urn)
    _add(root, "title", feed.title)
    if feed.subtitle:
        _add(root, "subtitle", feed.subtitle)
    _add(root, "updated", _rfc3339(feed.updated))
    _add(_add(root, "author"), "name", feed.author)
    _add(root, "generator", "Journal Club")
    if feed.url:
        _add(root, "link", rel="self", type=ATOM_TYPE, href=feed.url)
    if feed.page:
        _add(root, "link", rel="alternate", type="text/html", href=feed.page)
    for entry in feed.entries:
        _atom_entry(root, entry)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True))


def _atom_entry(root: Any, entry: FeedEntry) -> None:
    node = _add(root, "entry")
    node.set("{http://www.w3.org/XML/1998/namespace}lang", entry.language)
    _add(node, "id", entry.id.urn)
    _add(node, "title", entry.title)
    _add(node, "published", _rfc3339(entry.published))
    _add(node, "updated", _rfc3339(entry.updated))
    for author in entry.authors:
        _add(_add(node, "author"), "name", author)
    if entry.url:
        _add(node, "link", rel="alternate", type="text/html", href=entry.url)
    if entry.about:
        _add(node, "link", rel="related", href=entry.about)
    for tag in entry.tags:
        _add(node, "category", term=tag)
    if entry.summary:
        _add(node, "summary", entry.summary)
    _add(node, "content", entry.html, type="html")


def json_feed(feed: Feed) -> bytes:
    """The feed as JSON Feed 1.1."""
    value = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": feed.url,
        "description": feed.subtitle,
        "authors": [{"name": feed.author}],
        "language": feed.language,
        "items": [dict(_without_empty(_json_item(entry))) for entry in feed.entries],
    }
    written = json.dumps(dict(_without_empty(value)) | {"items": value["items"]}, ensure_ascii=False, indent=2)
    return f"{written}\n".encode("utf-8", "replace")


def _json_item(entry: FeedEntry) -> dict[str, Any]:
    return {
        "id": entry.id.urn,
        "url": entry.url,
        "external_url": entry.about,
        "title": entry.title,
        "content_html": entry.html,
        "summary": entry.summary,
        "date_published": _rfc3339(entry.published),
        "date_modified": _rfc3339(entry.updated),
        "authors": [{"name": author} for author in entry.authors],
        "tags": list(entry.tags),
        "language": entry.language,
    }


def _without_empty(value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The fields with a value: the specification asks to omit empty ones."""
    return ((name, field) for name, field in value.items() if field)


def _add(parent: Any, name: str, text: str = "", **attributes: str) -> Any:
    node = etree.SubElement(parent, f"{{{ATOM}}}{name}", {key: _xml(value) for key, value in attributes.items()})
    if text:
        node.text = _xml(text)
    return node


def _xml(text: str) -> str:
    """The text without characters that XML 1.0 forbids even escaped (production 2, `Char`)."""
    return _NOT_XML.sub("", text)


def _rfc3339(at: datetime) -> str:
    """A moment as both formats write it (RFC 3339): "2026-11-23T12:00:00Z"."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
