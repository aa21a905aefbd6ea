"""Index of all titles in alphabetical order, for finding a paper without a search."""

from __future__ import annotations

import re
from dataclasses import dataclass

from adapters.web.archive.catalogue import Catalogue, CatalogueItem, fold
from adapters.web.archive.page_request import NotFound, Page, PageRequest

PAGE_SIZE = 100
"""Titles on a page of the index."""
_LEADING = re.compile(r"^(?:\W|(?:a|an|the)\s)+")


@dataclass(frozen=True, slots=True)
class IndexRange:
    """A page of the index, by the beginnings of its first and last titles."""

    number: int
    first: str
    last: str


async def index(request: PageRequest, number: int = 1) -> Page:
    """One page of the index; the first exists even if nothing is published."""
    every = sorted_titles(request.catalogue)
    shown = every[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    if not shown and number > 1:
        raise NotFound
    return request.draw(
        "title-index.html.jinja",
        shown=shown,
        count=len(every),
        number=number,
        ranges=_ranges(every),
        issued=request.catalogue.by_number,
    )


def pages(catalogue: Catalogue) -> range:
    """Numbers of the pages after the first."""
    return range(2, (len(catalogue.entries) - 1) // PAGE_SIZE + 2)


def sorted_titles(catalogue: Catalogue) -> list[CatalogueItem]:
    """All items by title, without regard to case, accents and a leading article."""
    return sorted(catalogue.entries, key=lambda entry: (sort_key(entry.title), -entry.edition))


def sort_key(title: str) -> str:
    """A title as it is sorted."""
    folded = fold(title)
    return _LEADING.sub("", folded) or folded


def _ranges(every: list[CatalogueItem]) -> list[IndexRange]:
    starts = range(0, len(every), PAGE_SIZE)
    chunks = [every[start : start + PAGE_SIZE] for start in starts]
    return [
        IndexRange(number, _beginning(chunk[0]), _beginning(chunk[-1])) for number, chunk in enumerate(chunks, start=1)
    ]


def _beginning(entry: CatalogueItem) -> str:
    return sort_key(entry.title)[:3].strip().capitalize()
