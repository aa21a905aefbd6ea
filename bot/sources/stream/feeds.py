"""Feeds of blogs, code releases, videos and journals: RSS and Atom, read by `feedparser`, and JSON Feed.

Ids in a feed are not used, since some change with each request: a page is known by its link, and a paper by the id that
the link names.
"""

from __future__ import annotations

import asyncio
import calendar
import io
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from textwrap import shorten
from typing import Any

import feedparser

from bot.domain.links.identify import LinkedItem, PaperRef, identify
from bot.domain.links.sites import SiteKind
from bot.domain.stream.items import StreamItem, StreamPage
from bot.errors import Unavailable, UserError
from bot.locale.translatable import TranslatableText
from bot.sources.link_metadata.fetch import FetchedPage, PageFetcher, PageNotRead
from bot.sources.record_fields import abstract_of, objects_of, one_line, text_of, title_of
from bot.sources.stream.days import FIRST, FIRST_YEAR
from bot.sources.stream.feed_dates import feed_moment
from bot.sources.stream.feed_prolog import before_content, without_impossible_codes
from bot.sources.stream.json_feed import json_feed_entries

log = logging.getLogger(__name__)

MOST = 200
"""Entries of a feed that are read, the newest."""
MOST_ELEMENTS = 200_000
"""Elements of a feed, begun or ended: `feedparser` takes some ten seconds for so many."""
READ_INTERVAL = timedelta(hours=2)
MOST_OF_TEXT = 100
"""Characters of an entry's text that stand for its title, where it has none: short posts have only a text."""
OLD = FIRST + timedelta(days=1)
"""Age of entries that have no time when their feed is read for the first time."""
FIRST_READING, LATER_READING = "first", "all"
"""Positions of the first reading of a feed, and of any other."""
A_PAGE = TranslatableText("That address is a web page, not a feed. Look there for a link called RSS, Atom or Feed.")
HAS_ENTITIES = TranslatableText(
    "The feed was not read: it declares entities of its own (DOCTYPE), which is not allowed."
)
NO_FEED = TranslatableText("That address gives neither RSS, Atom nor JSON Feed, so there is nothing to read.")
TOO_MANY_ELEMENTS = TranslatableText("The feed was not read: it has too many elements.")
BROKEN = TranslatableText("The feed was not read: its markup is broken.")
_TIMES = ("published", "created", "updated")


class FeedReader:
    """Reads feeds of public hosts."""

    together = 1

    def __init__(self, fetcher: PageFetcher) -> None:
        self._fetcher = fetcher

    def start(self, read_until: datetime | None, now: datetime) -> str:
        """A feed has one page; the position says if it was read before."""
        return LATER_READING if read_until else FIRST_READING

    async def read(self, addresses: Sequence[str], position: str, until: datetime) -> StreamPage:
        """The newest entries of a feed. Raises Unavailable, whose message says why there are none."""
        [address] = addresses
        try:
            page = await self._fetcher.fetch(address)
        except PageNotRead as error:
            raise Unavailable(TranslatableText("The feed was not read: {error}.", error=error.reason)) from error
        return await asyncio.to_thread(parse_feed, page, until, is_first=position == FIRST_READING)

    def next_time(self, now: datetime) -> datetime:
        """Time of the next reading: in two hours."""
        return now + READ_INTERVAL


def parse_feed(page: FetchedPage, until: datetime, *, is_first: bool = False) -> StreamPage:
    """The newest entries of a document. Raises Unavailable if it is no feed.

    Entries of a feed without times are new as of `until`; at its first reading they are its archive, and so old.
    """
    beginning = before_content(page.body)
    if beginning.is_page:
        raise Unavailable(A_PAGE)
    if beginning.has_entities:
        raise Unavailable(HAS_ENTITIES)
    entries = _entries(beginning.without_declaration, page.url)
    remark = (
        TranslatableText("Of its {n} entries the newest {most} were read.", n=len(entries), most=MOST)
        if len(entries) > MOST
        else None
    )
    undated = until - OLD if is_first else until
    newest = sorted(_dated(entries, until, undated), key=lambda one: one[0], reverse=True)[:MOST]
    return StreamPage(tuple(_items(newest)), remark=remark)


def _entries(document: bytes, address: str) -> Sequence[Mapping[str, Any]]:
    """The entries of a feed of any form, by the names that `feedparser` has. Raises Unavailable if it is no feed."""
    found = json_feed_entries(document, address)
    if found is not None:
        return found
    if document.count(b"<") > MOST_ELEMENTS:
        raise Unavailable(TOO_MANY_ELEMENTS)
    document = without_impossible_codes(document)
    try:
        parsed = feedparser.parse(io.BytesIO(document), response_headers={"content-location": address})
    except Exception as error:  # broken markup is read in many ways, some of which fail
        log.warning("feedparser could not read %s", address, exc_info=error)
        raise Unavailable(BROKEN) from error
    entries = objects_of(parsed.get("entries"))
    if not parsed.get("version") and not entries:
        raise Unavailable(NO_FEED)
    return entries


def _dated(
    entries: Sequence[Mapping[str, Any]], until: datetime, undated: datetime
) -> Iterator[tuple[datetime, Mapping[str, Any]]]:
    """The entries with their times, none after `until`; one without a time has that of the entry above it.

    Where none above has one, it is that of the first below, and `undated` in a feed without times.
    """
    moments = [_moment(entry) for entry in entries]
    last = min(next((moment for moment in moments if moment), undated), until)
    for moment, entry in zip(moments, entries, strict=True):
        last = min(moment, until) if moment else last
        yield last, entry


def _items(entries: Sequence[tuple[datetime, Mapping[str, Any]]]) -> Iterator[StreamItem]:
    """The entries that have a public link and a title, or a text that begins like one, each link once."""
    seen = set[str]()
    for moment, entry in entries:
        try:
            link = identify(text_of(entry.get("link")))
        except UserError:
            continue
        abstract = abstract_of(text_of(entry.get("summary")))
        title = title_of(text_of(entry.get("title"))) or title_of(shorten(abstract, MOST_OF_TEXT, placeholder=" …"))
        if not title or not isinstance(link, PaperRef | LinkedItem) or link.key in seen:
            continue
        seen.add(link.key)
        names = [one_line(text_of(author.get("name"))) for author in objects_of(entry.get("authors"))]
        yield StreamItem(
            key=link.key,
            url=link.url,
            title=title,
            published=moment,
            abstract=abstract,
            authors=tuple(name for name in names if name),
            doi=link.id.lower() if isinstance(link, PaperRef) and link.source == "doi" else "",
            kind=link.kind if isinstance(link, LinkedItem) else SiteKind.PAPER,
        )


def _moment(entry: Mapping[str, Any]) -> datetime | None:
    """The time at which an entry was published, or else changed, as it is written or as `feedparser` reads it."""
    plain = dict(entry)  # feedparser's own kind of dict answers for other names, too
    for name in _TIMES:
        if moment := feed_moment(text_of(plain.get(name))):
            return moment
        if given := plain.get(f"{name}_parsed"):
            with suppress(ValueError, OverflowError, OSError, TypeError):
                moment = datetime.fromtimestamp(calendar.timegm(given), UTC)
                if moment.year >= FIRST_YEAR:
                    return moment
    return None
