"""Every kind of page of a club, once: its address, who makes it, and which there are. Server and export read this."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from adapters.web.archive import editions, feeds, front, papers, search, statistics, themes
from adapters.web.archive.addresses import CLUBS
from adapters.web.archive.catalogue import Catalogue
from adapters.web.archive.visit import Page, Visit

Words = Mapping[str, str]
"""What stands in the gaps of an address, and the words of a question."""

GAPS = {
    "club": "[1-9][0-9]{0,8}",
    "number": "[1-9][0-9]{0,8}",
    "year": "[0-9]{4}",
    "name": "[^/.]+",
    "ending": "[.][a-z.]+",
}
"""What may stand in a gap, as a regular expression."""


@dataclass(frozen=True, slots=True)
class Place:
    """A kind of page. `path` is its address below the club's; `every` says what fills its gaps in a catalogue."""

    path: str
    make: Callable[[Visit, Words], Awaitable[Page]]
    every: Callable[[Catalogue], Iterable[Words]] = lambda _: ({},)

    @property
    def route(self) -> str:
        """The address as the server matches it: `/clubs/{club:…}/editions/{number:…}`."""
        made = f"{CLUBS}/{{club}}{self.path}"
        for gap, form in GAPS.items():
            made = made.replace(f"{{{gap}}}", f"{{{gap}:{form}}}")
        return made

    def address(self, club: int, words: Words) -> str:
        """The address of one such page."""
        return f"{CLUBS}/{club}{self.path.format_map({gap: quote(word, safe='') for gap, word in words.items()})}"


def _numbers(catalogue: Catalogue) -> Iterable[Words]:
    return ({"number": str(number)} for number in (*catalogue.by_number, *catalogue.recalled))


def _forms(catalogue: Catalogue) -> Iterable[Words]:
    return ({"number": str(n), "ending": ending} for n in catalogue.by_number for ending in editions.FORMS)


def _years(catalogue: Catalogue) -> Iterable[Words]:
    return ({"year": str(year)} for year in catalogue.years)


def _papers(catalogue: Catalogue) -> Iterable[Words]:
    return ({"number": str(number)} for number in catalogue.papers)


def _citations(catalogue: Catalogue) -> Iterable[Words]:
    return ({"number": str(n), "ending": ending} for n in catalogue.papers for ending in papers.CITATIONS)


def _themes(catalogue: Catalogue) -> Iterable[Words]:
    return ({"name": name} for name in catalogue.themes)


def _theme_years(catalogue: Catalogue) -> Iterable[Words]:
    return (
        {"name": name, "year": str(year)}
        for name, theme in catalogue.themes.items()
        for year in themes.years(catalogue, theme)
    )


def _theme_feeds(catalogue: Catalogue) -> Iterable[Words]:
    return ({"name": name, "ending": ending} for name in catalogue.themes for ending in feeds.WRITERS)


def _feeds(catalogue: Catalogue) -> Iterable[Words]:
    return ({"ending": ending} for ending in feeds.WRITERS)


def _charts(catalogue: Catalogue) -> Iterable[Words]:
    return ({"name": name, "ending": ending} for name in statistics.NAMES for ending in statistics.PICTURES)


def _never(catalogue: Catalogue) -> Iterable[Words]:
    return ()


def _page(words: Words) -> int:
    """The page of a list that is asked for; the first where that is no number."""
    asked = words.get("page", "")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


PLACES = (
    Place("", lambda visit, _: front.front(visit)),
    Place("/years/{year}", lambda visit, words: front.year(visit, int(words["year"])), _years),
    Place("/editions/{number}", lambda visit, words: editions.edition(visit, int(words["number"])), _numbers),
    Place(
        "/editions/{number}{ending}",
        lambda visit, words: editions.form(visit, int(words["number"]), words["ending"]),
        _forms,
    ),
    Place("/papers/{number}", lambda visit, words: papers.paper(visit, int(words["number"])), _papers),
    Place(
        "/papers/{number}{ending}",
        lambda visit, words: papers.citation(visit, int(words["number"]), words["ending"]),
        _citations,
    ),
    Place("/themes", lambda visit, _: themes.themes(visit)),
    Place("/themes/{name}", lambda visit, words: themes.theme(visit, words["name"]), _themes),
    Place(
        "/themes/{name}/{year}",
        lambda visit, words: themes.theme(visit, words["name"], int(words["year"])),
        _theme_years,
    ),
    Place(
        "/themes/{name}{ending}", lambda visit, words: feeds.theme(visit, words["name"], words["ending"]), _theme_feeds
    ),
    Place("/statistics", lambda visit, _: statistics.statistics(visit)),
    Place(
        "/charts/{name}{ending}", lambda visit, words: statistics.chart(visit, words["name"], words["ending"]), _charts
    ),
    Place("/search", lambda visit, words: search.search(visit, words.get("q", ""), _page(words)), _never),
    Place("/editions{ending}", lambda visit, words: feeds.editions(visit, words["ending"]), _feeds),
    Place("/items{ending}", lambda visit, words: feeds.items(visit, words["ending"]), _feeds),
)
"""What a club's archive consists of."""
