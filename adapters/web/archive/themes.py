"""A club's themes and the items published under each."""

from __future__ import annotations

from collections import Counter

from adapters.web.archive.catalogue import Catalogue, CatalogueTheme
from adapters.web.archive.page_request import NotFound, Page, PageRequest

LATEST = 30
"""Papers on a theme's own page. Older ones are on the pages of their years, which no longer change."""


async def themes(request: PageRequest) -> Page:
    """Every theme, the largest first."""
    return request.draw("themes.html.jinja", themes=list(request.catalogue.themes.values()))


async def theme(request: PageRequest, name: str, year: int | None = None) -> Page:
    """The items published under a theme, latest first: the latest, or all of a year."""
    if name not in request.catalogue.themes:
        raise NotFound
    found = request.catalogue.themes[name]
    counts = years(request.catalogue, found)
    if year is not None and year not in counts:
        raise NotFound
    numbered = request.catalogue.by_number
    shown = [entry for entry in found.entries if year is None or numbered[entry.edition].day.year == year]
    return request.draw(
        "theme.html.jinja",
        theme=found,
        year=year,
        years=counts if len(found.entries) > LATEST else {},
        shown=shown if year else shown[:LATEST],
        issued=numbered,
    )


def years(catalogue: Catalogue, theme: CatalogueTheme) -> dict[int, int]:
    """Number of a theme's items in each year, latest year first."""
    return dict(Counter(catalogue.by_number[entry.edition].day.year for entry in theme.entries))
