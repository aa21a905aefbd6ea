"""Feeds of a club: its editions, their items, and each theme."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from weakref import WeakKeyDictionary

from adapters.web.archive.catalogue import Catalogue, CatalogueItem
from adapters.web.archive.page_request import NotFound, Page, PageRequest
from bot.editions.model.document import Document, Item
from bot.editions.render import feeds

WRITERS: dict[str, tuple[Callable[[feeds.Feed], bytes], str]] = {
    ".atom": (feeds.atom, feeds.ATOM_TYPE),
    ".json": (feeds.json_feed, feeds.JSON_TYPE),
}
"""Feed formats by the ending of their URL."""
EDITIONS = 10
"""Editions in their feed, each with all its items: two months and more of weekly ones."""
ITEMS = 40

_made: WeakKeyDictionary[Catalogue, dict[tuple[str, ...], Page]] = WeakKeyDictionary()
"""Cached feeds: built from frozen editions alone, they stay the same as long as the catalogue."""


async def editions(visit: PageRequest, ending: str) -> Page:
    """The feed of the latest editions, each as a whole."""
    return await _once(visit, ending, _editions)


async def items(visit: PageRequest, ending: str) -> Page:
    """The feed of the latest papers, news and code, one by one."""
    return await _once(visit, ending, _latest)


async def _once(visit: PageRequest, ending: str, make: Callable[[PageRequest, str], Awaitable[Page]]) -> Page:
    known = _made.setdefault(visit.catalogue, {})
    key = (visit.here, visit.app.installation.public_url, visit.club.name)
    if key not in known:
        known[key] = await make(visit, ending)
    return known[key]


async def _editions(visit: PageRequest, ending: str) -> Page:
    latest = visit.catalogue.editions[:EDITIONS]
    documents = await visit.documents([issued.id for issued in latest])
    entries = (
        feeds.edition_entry(
            documents[issued.id], visit.id, issued.published, url=visit.absolute(visit.at.edition(issued.number))
        )
        for issued in latest
    )
    return _page(visit, ending, "editions", visit.club.name, entries, visit.at.home)


async def _latest(visit: PageRequest, ending: str) -> Page:
    entries = await _items(visit, visit.catalogue.entries[:ITEMS])
    return _page(visit, ending, "items", f"{visit.club.name}: every paper", entries, visit.at.home)


async def theme(visit: PageRequest, name: str, ending: str) -> Page:
    """The feed of a theme's latest items, one by one."""
    if name not in visit.catalogue.themes:
        raise NotFound
    found = visit.catalogue.themes[name]
    entries = await _items(visit, found.entries[:ITEMS])
    return _page(visit, ending, f"theme {name}", f"{visit.club.name}: {found.name}", entries, visit.at.theme(name))


async def _items(visit: PageRequest, chosen: Iterable[CatalogueItem]) -> list[feeds.FeedEntry]:
    numbered = visit.catalogue.by_number
    wanted = list(chosen)
    documents = await visit.documents(list({numbered[entry.edition].id for entry in wanted}))
    return [_entry(visit, documents[numbered[entry.edition].id], entry) for entry in wanted]


def _entry(visit: PageRequest, document: Document, entry: CatalogueItem) -> feeds.FeedEntry:
    address = visit.at.paper(entry.paper) if entry.paper else f"{visit.at.edition(entry.edition)}#{entry.anchor}"
    return feeds.item_entry(
        document,
        _item(document, entry.key),
        visit.id,
        visit.catalogue.by_number[entry.edition].published,
        url=visit.absolute(address),
        tags=(entry.theme,) if entry.theme else (),
    )


def _item(document: Document, key: str) -> Item:
    return next(item for item in document.items if item.key == key)


def _page(
    visit: PageRequest, ending: str, what: str, title: str, entries: Iterable[feeds.FeedEntry], home: str
) -> Page:
    if ending not in WRITERS:
        raise NotFound
    write, kind = WRITERS[ending]
    feed = feeds.Feed(
        id=feeds.feed_id(visit.id, what),
        title=title,
        author=visit.club.name,
        born=visit.club.created_at,
        entries=tuple(entries),
        page=visit.absolute(home),
        url=visit.absolute(visit.here),
    )
    return Page(write(feed), kind)
