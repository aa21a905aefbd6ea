"""The themes of a club, and what was published under each."""

from __future__ import annotations

from adapters.web.archive.visit import Missing, Page, Visit


async def themes(visit: Visit) -> Page:
    """Every theme, the one with most in it first."""
    return visit.draw("themes.html.jinja", themes=list(visit.catalogue.themes.values()))


async def theme(visit: Visit, name: str) -> Page:
    """All that was published under a theme, latest first."""
    if name not in visit.catalogue.themes:
        raise Missing
    found = visit.catalogue.themes[name]
    return visit.draw("theme.html.jinja", theme=found, issued=visit.catalogue.by_number)
