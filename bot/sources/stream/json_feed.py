"""JSON Feed (https://jsonfeed.org), versions 1 and 1.1: its items under the names that entries of other feeds have."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from html import escape
from typing import Any
from urllib.parse import urljoin

from bot.sources.record_fields import object_of, objects_of, text_of

VERSION = "jsonfeed.org/version/"
_NOT_SHOWN = re.compile(r"<(script|style|template)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
"""Elements of a page that nobody reads, with what is in them."""


def json_feed_entries(body: bytes, address: str) -> Sequence[dict[str, Any]] | None:
    """The entries of a JSON Feed, read from `address`; None if the document is none."""
    try:
        feed = object_of(json.loads(body))
    except (ValueError, RecursionError):  # not JSON, in no encoding, or too many brackets
        return None
    if VERSION not in text_of(feed.get("version")):
        return None
    return [_entry(item, feed, address) for item in objects_of(feed.get("items"))]


def _entry(item: dict[str, Any], feed: dict[str, Any], address: str) -> dict[str, Any]:
    """An item by the names of `feedparser`. Without an address its id serves, which often is one."""
    link = text_of(item.get("url")).strip() or text_of(item.get("external_url")).strip()
    if not link and "://" in text_of(item.get("id")):
        link = text_of(item.get("id")).strip()
    return {
        "link": _joined(address, link),
        "title": text_of(item.get("title")),
        "summary": _text(item),
        "published": text_of(item.get("date_published")),
        "updated": text_of(item.get("date_modified")),
        "authors": _authors(item) or _authors(feed),
    }


def _text(item: dict[str, Any]) -> str:
    """The text of an item, as markup: its summary, or else its content."""
    for name in ("summary", "content_text"):
        if text := text_of(item.get(name)).strip():
            return escape(text, quote=False)
    return _NOT_SHOWN.sub(" ", text_of(item.get("content_html")))


def _authors(given: dict[str, Any]) -> list[dict[str, Any]]:
    """The authors of an item or a feed; version 1 had one under a name of its own."""
    return objects_of(given.get("authors")) or objects_of([given.get("author")])


def _joined(address: str, link: str) -> str:
    try:
        return urljoin(address, link) if link else ""
    except ValueError:
        return ""
