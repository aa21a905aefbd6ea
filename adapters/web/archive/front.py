"""The front page of a club, and the editions of a year."""

from __future__ import annotations

from adapters.web.archive.visit import NotFound, Page, PageRequest
from bot.domain.weeks import PublicationTime

EARLIER = 6
"""Editions listed on the front page below the latest."""
THEMES = 14


async def club_home(visit: PageRequest) -> Page:
    """The latest edition, the ones before it, the themes, and where to go on."""
    latest, *earlier = visit.catalogue.editions or (None,)
    return visit.draw(
        "front.html.jinja",
        latest=latest,
        earlier=earlier[:EARLIER],
        themes=list(visit.catalogue.themes.values())[:THEMES],
        rhythm=PublicationTime.read(visit.rules.digest_at).describe(visit.rules.cadence),
    )


async def year(visit: PageRequest, number: int) -> Page:
    """Every edition of a year, with what is in it."""
    editions = visit.catalogue.years.get(number)
    if editions is None:
        raise NotFound
    return visit.draw(
        "year.html.jinja",
        year=number,
        editions=editions,
        before=_near(visit, number, -1),
        after=_near(visit, number, 1),
    )


def _near(visit: PageRequest, year: int, step: int) -> int | None:
    """The next year with editions, in one direction."""
    years = sorted(visit.catalogue.years)
    at = years.index(year) + step
    return years[at] if 0 <= at < len(years) else None
