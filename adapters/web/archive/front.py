"""The front page of a club, and the editions of a year."""

from __future__ import annotations

from adapters.web.archive.visit import Missing, Page, Visit
from bot.domain.weeks import Rhythm

EARLIER = 6
"""Editions listed on the front page below the latest."""
THEMES = 14


async def front(visit: Visit) -> Page:
    """The latest edition, the ones before it, the themes, and where to go on."""
    latest, *earlier = visit.catalogue.editions or (None,)
    return visit.draw(
        "front.html.jinja",
        latest=latest,
        earlier=earlier[:EARLIER],
        themes=list(visit.catalogue.themes.values())[:THEMES],
        rhythm=Rhythm.read(visit.rules.digest_at).spoken(visit.rules.cadence),
    )


async def year(visit: Visit, number: int) -> Page:
    """Every edition of a year, with what is in it."""
    editions = visit.catalogue.years.get(number)
    if editions is None:
        raise Missing
    return visit.draw(
        "year.html.jinja",
        year=number,
        editions=editions,
        before=_near(visit, number, -1),
        after=_near(visit, number, 1),
    )


def _near(visit: Visit, year: int, step: int) -> int | None:
    """The next year with editions, in one direction."""
    years = sorted(visit.catalogue.years)
    at = years.index(year) + step
    return years[at] if 0 <= at < len(years) else None
