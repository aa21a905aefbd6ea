"""Search of published items without a script: a form, a list, pages.

Words are searched in memory as plain text. There is no query language, so nothing can be injected.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from adapters.web.archive import meetings
from adapters.web.archive.catalogue import ITEM_NOUNS, Catalogue, CatalogueEdition, CatalogueItem, fold
from adapters.web.archive.meetings import MeetingPage
from adapters.web.archive.page_request import Page, PageRequest
from bot.chat.text import clean, one_line
from bot.domain.archive_urls import slug
from bot.locale.current import _

PAGE_SIZE = 20
MAX_WORDS = 8
MAX_MEETINGS = 10
"""Meetings that are shown before the items."""
MAX_EDITIONS = 10
"""Editions that are shown before the items."""
MAX_QUERY_LENGTH = 200
"""Characters of a query that are used."""


@dataclass(frozen=True, slots=True)
class TextFragment:
    """A part of a title; `marked` if it matches the search."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """Query of a search: words, and the kind, theme (by its slug) and year that items must have; empty is any."""

    asked: str = ""
    kind: str = ""
    theme: str = ""
    year: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> SearchQuery:
        """The query of a page's address. Filters that are too long to be any are left out."""
        kind, theme, year = (given.get(name, "")[:MAX_QUERY_LENGTH] for name in ("kind", "theme", "year"))
        return cls(one_line(clean(given.get("q", "")[:MAX_QUERY_LENGTH])), kind, theme, year)

    @property
    def words(self) -> tuple[str, ...]:
        """The words, case-folded, each once."""
        return tuple(dict.fromkeys(fold(self.asked).split()))[:MAX_WORDS]

    @property
    def filters(self) -> dict[str, str]:
        """The filters that are set, by their names in an address."""
        return {
            name: value for name, value in (("kind", self.kind), ("theme", self.theme), ("year", self.year)) if value
        }

    def selected(self, catalogue: Catalogue) -> tuple[CatalogueItem, ...]:
        """The items that pass the filters."""
        numbered = catalogue.by_number
        return tuple(
            entry
            for entry in catalogue.entries
            if self.kind in ("", noun_kind(entry))
            and (not self.theme or (entry.theme and slug(entry.theme) == self.theme))
            and self.year in ("", str(numbered[entry.edition].day.year))
        )


def noun_kind(entry: CatalogueItem) -> str:
    """Kind of an item as lists name it."""
    return entry.kind if entry.kind in ITEM_NOUNS else "other"


def kind_labels() -> dict[str, str]:
    """Labels of the kinds that the search filters by."""
    return {
        "paper": _("Papers"), "news": _("News"), "code": _("Code"), "data": _("Data sets"), "video": _("Videos"),
        "event": _("Events"), "other": _("Other links"),
    }  # fmt: skip


async def search(request: PageRequest, query: SearchQuery, page: int = 1) -> Page:
    """Published items that contain all of these words; those with them in the title first, then the latest."""
    asked, words, catalogue = query.asked, query.words, request.catalogue
    found = find(query.selected(catalogue), words) if words or query.filters else []
    page = min(page, -(-len(found) // PAGE_SIZE) or 1)
    start = (page - 1) * PAGE_SIZE
    about = await meetings_with(request, words) if words and not query.filters and page == 1 else []
    editions = editions_with(catalogue, words) if words and not query.filters and page == 1 else []
    kinds = {noun_kind(entry) for entry in catalogue.entries}
    return request.draw(
        "search.html.jinja",
        asked=asked,
        words=words,
        filters=query.filters,
        choices={
            "kind": {kind: label for kind, label in kind_labels().items() if kind in kinds},
            "theme": {name: theme.name for name, theme in catalogue.themes.items()},
            "year": {str(year): str(year) for year in catalogue.years},
        },
        meetings=about[:MAX_MEETINGS],
        editions=editions[:MAX_EDITIONS],
        found=found[start : start + PAGE_SIZE],
        count=len(found),
        first=start + 1,
        page=page,
        more=start + PAGE_SIZE < len(found),
        issued=request.catalogue.by_number,
        marked=lambda title: list(highlight(title, words)),
    )


async def meetings_with(request: PageRequest, words: tuple[str, ...]) -> list[MeetingPage]:
    """Meetings that took place and have every word in their name, paper, notes or presenter, latest first."""
    pages = await meetings.held(request)
    return [
        page
        for page in pages
        if all(word in fold(f"{page.name} {page.paper} {page.notes} {page.presenter}") for word in words)
    ]


def editions_with(catalogue: Catalogue, words: tuple[str, ...]) -> list[CatalogueEdition]:
    """Editions that have every word in a text of their own, latest first: letter, sign-off, charts, references."""
    return [issued for issued in catalogue.editions if all(word in issued.words for word in words)]


def find(entries: tuple[CatalogueItem, ...], words: tuple[str, ...]) -> list[CatalogueItem]:
    """The items that contain every word in any of their texts."""
    found = [entry for entry in entries if all(word in entry.words for word in words)]
    return sorted(found, key=lambda entry: not all(word in entry.heading for word in words))


def highlight(title: str, words: tuple[str, ...]) -> Iterator[TextFragment]:
    """The title in parts, with matches marked. No match is marked if case folding changes the number of characters."""
    folded = fold(title)
    spots = [False] * len(title)
    if len(folded) == len(title):
        for word in words:
            at = folded.find(word)
            while at >= 0:
                spots[at : at + len(word)] = [True] * len(word)
                at = folded.find(word, at + len(word))
    start = 0
    for end in range(1, len(title) + 1):
        if end == len(title) or spots[end] != spots[start]:
            yield TextFragment(title[start:end], spots[start])
            start = end
