"""Readers of feeds and bibliographies for tests, and checks against the specifications."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from lxml import etree

from bot.editions.model.document import Document
from bot.editions.render import feeds
from tests.editions import inventory
from tests.editions.inventory import VisibleContent, normalize_space

NS = {"a": "http://www.w3.org/2005/Atom"}
OUT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
CLUB = feeds.club_id(1, datetime(2026, 1, 5, 9, 30, tzinfo=UTC))
HERE = "https://club.test/clubs/1"


def of_editions(*documents: Document, url: str = HERE) -> feeds.Feed:
    """The feed of a club's editions."""
    entries = tuple(
        feeds.edition_entry(document, CLUB, OUT, url=url and f"{url}/editions/{document.number}")
        for document in documents
    )
    id = feeds.feed_id(CLUB, "editions")
    page, own = (url, f"{url}/editions.atom") if url else ("", "")
    return feeds.Feed(id, "Paper Cats & Friends", "Paper Cats & Friends", OUT, entries, "Editions", page, own)


def of_items(document: Document, url: str = HERE) -> feeds.Feed:
    """The feed of an edition's items."""
    entries = tuple(
        feeds.item_entry(document, item, CLUB, OUT, url=url and f"{url}/editions/{document.number}#{item.anchor}")
        for item in document.items
    )
    return feeds.Feed(feeds.feed_id(CLUB, "items"), "Items", document.club, OUT, entries)


def in_atom(feed: feeds.Feed) -> VisibleContent:
    """Entries of an Atom feed, as a feed reader sees them."""
    root = etree.fromstring(feeds.atom(feed))
    check_atom(root)
    entries = [
        (e.findtext("a:title", namespaces=NS), e.findtext("a:content", namespaces=NS)) for e in root.iter("{*}entry")
    ]
    return _found(
        entries,
        root.findtext("a:author/a:name", namespaces=NS),
        root.xpath("//a:link[@rel='related']/@href", namespaces=NS),
    )


def in_json(feed: feeds.Feed) -> VisibleContent:
    """Items of a JSON feed, as a feed reader sees them."""
    value = json.loads(feeds.json_feed(feed))
    check_json_feed(value)
    entries = [(item["title"], item["content_html"]) for item in value["items"]]
    about = [item["external_url"] for item in value["items"] if "external_url" in item]
    return _found(entries, value["authors"][0]["name"], about)


def _found(entries: list[tuple[str, str]], author: str, about: list[str]) -> VisibleContent:
    pages = [inventory.in_page(f"<html><body><p></p>{content}</body></html>") for _, content in entries]
    text = [
        text for (title, _), page in zip(entries, pages, strict=True) for text in (normalize_space(title), page.text)
    ]
    links = set(about).union(*(page.links for page in pages))
    return VisibleContent(
        normalize_space(" ".join([author, *text])), [quote for page in pages for quote in page.quotes], links
    )


def check_atom(root: Any) -> None:
    """Raise AssertionError if the feed violates RFC 4287: required elements, their number and format."""
    assert root.tag == f"{{{NS['a']}}}feed"
    _required(root, exactly=("id", "title", "updated"), at_most=("subtitle", "generator"))
    ids = [root.findtext("a:id", namespaces=NS)]
    everywhere = root.find("a:author", NS) is not None
    for entry in root.findall("a:entry", NS):
        _required(entry, exactly=("id", "title", "updated"), at_most=("published", "summary", "content"))
        assert everywhere or entry.find("a:author", NS) is not None
        ids.append(entry.findtext("a:id", namespaces=NS))
        content = entry.find("a:content", NS)
        assert content is not None or entry.xpath("a:link[@rel='alternate']", namespaces=NS)
        if content is not None:
            assert content.get("type") in ("text", "html")
            assert not len(content)
        assert entry.get("{http://www.w3.org/XML/1998/namespace}lang")
    assert len(ids) == len(set(ids))
    for id in ids:
        assert UUID(id)
        assert id.startswith("urn:uuid:")
    for stamp in root.xpath("//a:updated | //a:published", namespaces=NS):
        _moment(stamp.text)
    for author in root.xpath("//a:author", namespaces=NS):
        assert author.findtext("a:name", namespaces=NS)
    for link in root.xpath("//a:link", namespaces=NS):
        _absolute(link.get("href"))
    alternates = [
        (link.getparent(), link.get("type")) for link in root.xpath("//a:link[@rel='alternate']", namespaces=NS)
    ]
    assert len(alternates) == len(set(alternates))
    assert all(category.get("term") for category in root.xpath("//a:category", namespaces=NS))


def _required(node: Any, *, exactly: tuple[str, ...], at_most: tuple[str, ...]) -> None:
    for name in exactly:
        assert len(node.findall(f"a:{name}", NS)) == 1, name
    for name in at_most:
        assert len(node.findall(f"a:{name}", NS)) <= 1, name


def check_json_feed(value: dict[str, Any]) -> None:
    """Raise AssertionError if the feed violates JSON Feed 1.1."""
    assert value["version"] == "https://jsonfeed.org/version/1.1"
    assert value["title"]
    assert isinstance(value["items"], list)
    known = {"version", "title", "home_page_url", "feed_url", "description", "authors", "language", "items"}
    assert set(value) <= known
    for name in ("home_page_url", "feed_url"):
        if name in value:
            _absolute(value[name])
    ids = [item["id"] for item in value["items"]]
    assert len(ids) == len(set(ids))
    for item in value["items"]:
        assert isinstance(item["id"], str)
        assert item.get("content_html") or item.get("content_text")
        assert "author" not in item  # from version 1, deprecated in 1.1
        for name in ("url", "external_url"):
            if name in item:
                _absolute(item[name])
        for name in ("date_published", "date_modified"):
            _moment(item[name])
        assert all(author.get("name") for author in item.get("authors", []))
        assert all(isinstance(tag, str) for tag in item.get("tags", []))


def _moment(text: str) -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text), text
    assert datetime.fromisoformat(text)


def _absolute(url: str) -> None:
    parts = urlsplit(url)
    assert parts.scheme in ("http", "https"), url
    assert parts.netloc, url
