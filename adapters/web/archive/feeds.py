"""Feeds of a club: its editions, their items, and each theme."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from weakref import WeakKeyDictionary

from adapters.web.archive.catalogue import Catalogue, CatalogueItem
from adapters.web.archive.page_request import NotFound, Page, PageRequest
from bot.editions.model.document import Document, Item
from bot.editions.render import feeds
from bot.editions.render.figure_addresses import WITHOUT_PAGES, FigureAddress, FigureAddresses
from bot.locale.current import _, current_language, formatted
from bot.store.editions.summaries import RecalledEdition

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


async def editions(request: PageRequest, ending: str) -> Page:
    """The latest editions, each as a whole."""
    return await _once(request, ending, _editions)


async def items(request: PageRequest, ending: str) -> Page:
    """The latest papers, news and code, one by one."""
    return await _once(request, ending, _latest)


async def _once(request: PageRequest, ending: str, make: Callable[[PageRequest, str], Awaitable[Page]]) -> Page:
    known = _made.setdefault(request.catalogue, {})
    key = (request.here, request.app.installation.public_url, request.club.name, current_language())
    if key not in known:
        known[key] = await make(request, ending)
    return known[key]


async def _editions(request: PageRequest, ending: str) -> Page:
    latest = request.catalogue.editions[:EDITIONS]
    documents = await request.documents([issued.id for issued in latest])
    entries = [
        feeds.edition_entry(
            documents[issued.id],
            request.id,
            issued.published,
            url=request.absolute(request.at.edition(issued.number)),
            figures=_figures(request),
        )
        for issued in latest
    ]
    entries += await _recalls(request)
    entries.sort(key=lambda entry: entry.published, reverse=True)
    return _page(request, ending, "editions", request.club.name, entries[:EDITIONS], request.at.home)


async def _recalls(request: PageRequest) -> list[feeds.FeedEntry]:
    """Entries of the latest recalled editions, each under the id of the edition.

    Readers of feeds keep what they once received; only an entry with the same id takes its place.
    """
    published = request.catalogue.recalled
    async with request.app.store.read(request.club.id) as db:
        recalled = {each.number: each for each in await db.editions.recalled(limit=EDITIONS)} if published else {}
    return [
        feeds.recall_entry(
            request.id,
            number,
            _("No. {edition_number} was recalled", edition_number=number),
            recall_sentence(request, each),
            published[number],
            each.at,
            url=request.absolute(request.at.edition(number)),
            language=current_language(),
        )
        for number, each in recalled.items()
        if number in published
    ]


def recall_sentence(request: PageRequest, recalled: RecalledEdition) -> str:
    """Sentence with the day and the reason of a recall."""
    day = formatted(recalled.at.astimezone(request.zone), "%-d %b %Y")
    return _("The club recalled this edition on {day}. Why: {why}", day=day, why=recalled.why)


async def _latest(request: PageRequest, ending: str) -> Page:
    entries = await _items(request, request.catalogue.entries[:ITEMS])
    return _page(request, ending, "items", _("{club}: every paper", club=request.club.name), entries, request.at.home)


async def theme(request: PageRequest, name: str, ending: str) -> Page:
    """The latest of a theme, one by one."""
    if name not in request.catalogue.themes:
        raise NotFound
    found = request.catalogue.themes[name]
    entries = await _items(request, found.entries[:ITEMS])
    return _page(
        request, ending, f"theme {name}", f"{request.club.name}: {found.name}", entries, request.at.theme(name)
    )


async def _items(request: PageRequest, chosen: Iterable[CatalogueItem]) -> list[feeds.FeedEntry]:
    numbered = request.catalogue.by_number
    wanted = list(chosen)
    documents = await request.documents(list({numbered[entry.edition].id for entry in wanted}))
    return [_entry(request, documents[numbered[entry.edition].id], entry) for entry in wanted]


def _entry(request: PageRequest, document: Document, entry: CatalogueItem) -> feeds.FeedEntry:
    address = request.at.paper(entry.paper) if entry.paper else f"{request.at.edition(entry.edition)}#{entry.anchor}"
    return feeds.item_entry(
        document,
        _item(document, entry.key),
        request.id,
        request.catalogue.by_number[entry.edition].published,
        url=request.absolute(address),
        tags=(entry.theme,) if entry.theme else (),
        figures=_figures(request),
    )


def _figures(request: PageRequest) -> FigureAddress:
    """Addresses of figures in feeds, which are read elsewhere."""
    home = request.absolute(request.at.home)
    return FigureAddresses(home=f"{home}/") if home else WITHOUT_PAGES


def _item(document: Document, key: str) -> Item:
    return next(item for item in document.items if item.key == key)


def _page(
    request: PageRequest, ending: str, what: str, title: str, entries: Iterable[feeds.FeedEntry], home: str
) -> Page:
    if ending not in WRITERS:
        raise NotFound
    write, kind = WRITERS[ending]
    feed = feeds.Feed(
        id=feeds.feed_id(request.id, what),
        title=title,
        author=request.club.name,
        created=request.club.created_at,
        entries=tuple(entries),
        page=request.absolute(home),
        url=request.absolute(request.here),
    )
    return Page(write(feed), kind)
