"""Every kind of page of a club, declared once: URL, handler, instances. The server and the export use this."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from adapters.web.archive import clubs, editions, feeds, papers, people, search, statistics, themes
from adapters.web.archive.page_request import Page, PageRequest
from bot.domain.archive_urls import CLUBS

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


async def _once(visit: PageRequest) -> Iterable[PathValues]:
    return ({},)


async def _never(visit: PageRequest) -> Iterable[PathValues]:
    return ()


async def _numbers(visit: PageRequest) -> Iterable[PathValues]:
    return ({"number": str(number)} for number in (*visit.catalogue.by_number, *visit.catalogue.recalled))


async def _forms(visit: PageRequest) -> Iterable[PathValues]:
    return ({"number": str(n), "ending": ending} for n in visit.catalogue.by_number for ending in editions.DOWNLOADS)


async def _years(visit: PageRequest) -> Iterable[PathValues]:
    return ({"year": str(year)} for year in visit.catalogue.years)


async def _papers(visit: PageRequest) -> Iterable[PathValues]:
    return ({"number": str(number)} for number in visit.catalogue.papers)


async def _citations(visit: PageRequest) -> Iterable[PathValues]:
    return ({"number": str(n), "ending": ending} for n in visit.catalogue.papers for ending in papers.CITATIONS)


async def _themes(visit: PageRequest) -> Iterable[PathValues]:
    return ({"name": name} for name in visit.catalogue.themes)


async def _theme_years(visit: PageRequest) -> Iterable[PathValues]:
    return (
        {"name": name, "year": str(year)}
        for name, theme in visit.catalogue.themes.items()
        for year in themes.years(visit.catalogue, theme)
    )


async def _theme_feeds(visit: PageRequest) -> Iterable[PathValues]:
    return ({"name": name, "ending": ending} for name in visit.catalogue.themes for ending in feeds.WRITERS)


async def _people(visit: PageRequest) -> Iterable[PathValues]:
    return ({"number": str(number)} for number in await people.listed(visit))


async def _feeds(visit: PageRequest) -> Iterable[PathValues]:
    return ({"ending": ending} for ending in feeds.WRITERS)


async def _charts(visit: PageRequest) -> Iterable[PathValues]:
    return (
        {"name": name, "ending": ending} for name in await statistics.names(visit) for ending in statistics.PICTURES
    )


def _page(words: PathValues) -> int:
    """The page number of a list; 1 if it is no number."""
    asked = words.get("page", "")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


PAGE_KINDS = (
    PageKind("", lambda visit, _: clubs.club_home(visit), _once),
    PageKind("/years/{year}", lambda visit, words: clubs.year(visit, int(words["year"])), _years),
    PageKind("/editions/{number}", lambda visit, words: editions.edition(visit, int(words["number"])), _numbers),
    PageKind(
        "/editions/{number}{ending}",
        lambda visit, words: editions.download(visit, int(words["number"]), words["ending"]),
        _forms,
    ),
    PageKind("/papers/{number}", lambda visit, words: papers.paper(visit, int(words["number"])), _papers),
    PageKind(
        "/papers/{number}{ending}",
        lambda visit, words: papers.citation(visit, int(words["number"]), words["ending"]),
        _citations,
    ),
    PageKind("/themes", lambda visit, _: themes.themes(visit), _once),
    PageKind("/themes/{name}", lambda visit, words: themes.theme(visit, words["name"]), _themes),
    PageKind(
        "/themes/{name}/{year}",
        lambda visit, words: themes.theme(visit, words["name"], int(words["year"])),
        _theme_years,
    ),
    PageKind(
        "/themes/{name}{ending}", lambda visit, words: feeds.theme(visit, words["name"], words["ending"]), _theme_feeds
    ),
    PageKind("/people", lambda visit, _: people.people(visit), _once),
    PageKind("/people/{number}", lambda visit, words: people.person(visit, int(words["number"])), _people),
    PageKind("/statistics", lambda visit, _: statistics.statistics(visit), _once),
    PageKind(
        "/charts/{name}{ending}", lambda visit, words: statistics.chart(visit, words["name"], words["ending"]), _charts
    ),
    PageKind("/search", lambda visit, words: search.search(visit, words.get("q", ""), _page(words)), _never),
    PageKind("/editions{ending}", lambda visit, words: feeds.editions(visit, words["ending"]), _feeds),
    PageKind("/items{ending}", lambda visit, words: feeds.items(visit, words["ending"]), _feeds),
)
"""All page kinds of a club's archive."""
