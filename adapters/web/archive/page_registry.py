"""Every kind of page of a club, declared once: URL, handler, instances. The server and the export use this."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from adapters.web.archive import (
    clubs,
    editions,
    feeds,
    meetings,
    open_log,
    papers,
    people,
    search,
    statistics,
    themes,
    title_index,
)
from adapters.web.archive.page_request import Page, PageRequest, sheet_name
from bot.domain.archive_urls import CLUBS
from bot.domain.figure_names import FOLDER

PathValues = Mapping[str, str]
"""Values of a URL's path parameters and query parameters."""

PATH_PARAMETERS = {
    "club": "[1-9][0-9]{0,8}",
    "number": "[1-9][0-9]{0,8}",
    "year": "[0-9]{4}",
    "name": "[^/.]+",
    "ending": "[.][a-z.]+",
}
"""Pattern of each path parameter."""


@dataclass(frozen=True, slots=True)
class PageKind:
    """A kind of page. `path` is its URL below the club's; `every` lists the path parameters of all its pages."""

    path: str
    make: Callable[[PageRequest, PathValues], Awaitable[Page]]
    every: Callable[[PageRequest], Awaitable[Iterable[PathValues]]]
    indexed: bool = False
    """True for pages that search engines may list."""

    @property
    def route(self) -> str:
        """The route of the page kind: `/clubs/{club:…}/editions/{number:…}`."""
        made = f"{CLUBS}/{{club}}{self.path}"
        for gap, form in PATH_PARAMETERS.items():
            made = made.replace(f"{{{gap}}}", f"{{{gap}:{form}}}")
        return made

    def address(self, club: int, words: PathValues) -> str:
        """The URL of one page."""
        return f"{CLUBS}/{club}{self.path.format_map({gap: quote(word, safe='') for gap, word in words.items()})}"


async def _once(request: PageRequest) -> Iterable[PathValues]:
    return ({},)


async def _never(request: PageRequest) -> Iterable[PathValues]:
    return ()


async def _stylesheets(request: PageRequest) -> Iterable[PathValues]:
    return ({"name": sheet_name(request.rules.accent)},)


async def _numbers(request: PageRequest) -> Iterable[PathValues]:
    return ({"number": str(number)} for number in (*request.catalogue.by_number, *request.catalogue.recalled))


async def _issued(request: PageRequest) -> Iterable[PathValues]:
    return ({"number": str(number)} for number in request.catalogue.by_number)


async def _index_pages(request: PageRequest) -> Iterable[PathValues]:
    return ({"number": str(number)} for number in title_index.pages(request.catalogue))


async def _forms(request: PageRequest) -> Iterable[PathValues]:
    return ({"number": str(n), "ending": ending} for n in request.catalogue.by_number for ending in editions.DOWNLOADS)


async def _figures(request: PageRequest) -> Iterable[PathValues]:
    names = (name.removeprefix(FOLDER).rpartition(".") for name in request.catalogue.figures)
    return ({"name": stem, "ending": f".{ending}"} for stem, _, ending in names)


async def _years(request: PageRequest) -> Iterable[PathValues]:
    return ({"year": str(year)} for year in request.catalogue.years)


async def _papers(request: PageRequest) -> Iterable[PathValues]:
    return ({"number": str(number)} for number in request.catalogue.papers)


async def _citations(request: PageRequest) -> Iterable[PathValues]:
    return ({"number": str(n), "ending": ending} for n in request.catalogue.papers for ending in papers.CITATIONS)


async def _themes(request: PageRequest) -> Iterable[PathValues]:
    return ({"name": name} for name in request.catalogue.themes)


async def _theme_years(request: PageRequest) -> Iterable[PathValues]:
    return (
        {"name": name, "year": str(year)}
        for name, theme in request.catalogue.themes.items()
        for year in themes.years(request.catalogue, theme)
    )


async def _theme_feeds(request: PageRequest) -> Iterable[PathValues]:
    return ({"name": name, "ending": ending} for name in request.catalogue.themes for ending in feeds.WRITERS)


async def _meetings(request: PageRequest) -> Iterable[PathValues]:
    return ({"number": str(page.number)} for page in await meetings.held(request))


async def _log(request: PageRequest) -> Iterable[PathValues]:
    return ({},) if request.rules.open_log else ()


async def _log_years(request: PageRequest) -> Iterable[PathValues]:
    return ({"year": str(year)} for year in await open_log.years_of(request)) if request.rules.open_log else ()


async def _log_feeds(request: PageRequest) -> Iterable[PathValues]:
    return ({"ending": ending} for ending in feeds.WRITERS) if request.rules.open_log else ()


async def _people(request: PageRequest) -> Iterable[PathValues]:
    return ({"number": str(number)} for number in await people.listed(request))


async def _feeds(request: PageRequest) -> Iterable[PathValues]:
    return ({"ending": ending} for ending in feeds.WRITERS)


async def _charts(request: PageRequest) -> Iterable[PathValues]:
    return (
        {"name": name, "ending": ending} for name in await statistics.names(request) for ending in statistics.PICTURES
    )


def _page(words: PathValues) -> int:
    """The page number of a list; 1 if it is no number."""
    asked = words.get("page", "")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


PAGE_KINDS = (
    PageKind("", lambda request, _: clubs.club_home(request), _once, True),
    PageKind("/style-{name}.css", lambda request, words: clubs.stylesheet(request, words["name"]), _stylesheets),
    PageKind("/years/{year}", lambda request, words: clubs.year(request, int(words["year"])), _years, True),
    PageKind(
        "/editions/{number}", lambda request, words: editions.edition(request, int(words["number"])), _numbers, True
    ),
    PageKind(
        "/editions/{number}{ending}",
        lambda request, words: editions.download(request, int(words["number"]), words["ending"]),
        _forms,
    ),
    PageKind(
        "/editions/{number}/card.png",
        lambda request, words: editions.preview_picture(request, int(words["number"])),
        _issued,
    ),
    PageKind(
        "/figures/{name}{ending}",
        lambda request, words: editions.figure(request, words["name"], words["ending"]),
        _figures,
    ),
    PageKind("/papers/{number}", lambda request, words: papers.paper(request, int(words["number"])), _papers, True),
    PageKind(
        "/papers/{number}{ending}",
        lambda request, words: papers.citation(request, int(words["number"]), words["ending"]),
        _citations,
    ),
    PageKind("/themes", lambda request, _: themes.themes(request), _once, True),
    PageKind("/themes/{name}", lambda request, words: themes.theme(request, words["name"]), _themes, True),
    PageKind(
        "/themes/{name}/{year}",
        lambda request, words: themes.theme(request, words["name"], int(words["year"])),
        _theme_years,
    ),
    PageKind(
        "/themes/{name}{ending}",
        lambda request, words: feeds.theme(request, words["name"], words["ending"]),
        _theme_feeds,
    ),
    PageKind("/meetings", lambda request, _: meetings.meetings(request), _once, True),
    PageKind(
        "/meetings/{number}", lambda request, words: meetings.meeting(request, int(words["number"])), _meetings, True
    ),
    PageKind("/meetings{ending}", lambda request, words: meetings.feed(request, words["ending"]), _feeds),
    PageKind("/log", lambda request, _: open_log.log(request), _log),
    PageKind("/log/{year}", lambda request, words: open_log.log(request, int(words["year"])), _log_years),
    PageKind("/log{ending}", lambda request, words: open_log.feed(request, words["ending"]), _log_feeds),
    PageKind("/people", lambda request, _: people.people(request), _once),
    PageKind("/people/{number}", lambda request, words: people.person(request, int(words["number"])), _people),
    PageKind("/statistics", lambda request, _: statistics.statistics(request), _once, True),
    PageKind(
        "/charts/{name}{ending}",
        lambda request, words: statistics.chart(request, words["name"], words["ending"]),
        _charts,
    ),
    PageKind("/index", lambda request, _: title_index.index(request), _once, True),
    PageKind(
        "/index/{number}", lambda request, words: title_index.index(request, int(words["number"])), _index_pages, True
    ),
    PageKind(
        "/search", lambda request, words: search.search(request, search.SearchQuery.read(words), _page(words)), _never
    ),
    PageKind("/editions{ending}", lambda request, words: feeds.editions(request, words["ending"]), _feeds),
    PageKind("/items{ending}", lambda request, words: feeds.items(request, words["ending"]), _feeds),
)
"""All page kinds of a club's archive."""
