"""What a club did, in numbers and charts."""

from __future__ import annotations

from datetime import timedelta

from adapters.web.archive.visit import Missing, Page, Visit, encoded
from bot.editions import charts, page, png
from bot.editions.document import Chart
from bot.store.published import Totals

WEEKS = 26
"""Weeks of the charts of activity: half a year."""
NAMES = ("brought", "votes", "publications")
"""The charts, by which they are asked for."""
PICTURES = (".svg", ".png")
"""The forms of a chart, by the ending of their address."""
BEST = 10


async def statistics(visit: Visit) -> Page:
    """The counts, the charts with their numbers as tables, and what was voted for most."""
    drawn, totals = await _read(visit)
    async with visit.app.store.read(visit.club.id) as db:
        best = await db.published.most_voted(limit=BEST)
    return visit.draw(
        "statistics.html.jinja",
        totals=totals,
        preview=("votes", charts.words(drawn["votes"])),
        papers=sum(entry.kind == "paper" for entry in visit.catalogue.entries),
        charts=[(name, chart, page.safe(charts.svg(chart, name=name))) for name, chart in drawn.items()],
        best=[(visit.catalogue.papers[number], votes) for number, votes in best if number in visit.catalogue.papers],
    )


async def chart(visit: Visit, name: str, ending: str) -> Page:
    """One chart as a picture of its own: SVG for pages, PNG for chats and previews."""
    if name not in NAMES or ending not in PICTURES:
        raise Missing
    drawn, _ = await _read(visit)
    if ending == ".png":
        return Page(png.draw(drawn[name]), "image/png")
    return Page(encoded(charts.svg(drawn[name], name=name, alone=True)), "image/svg+xml", policy=charts.policy())


async def _read(visit: Visit) -> tuple[dict[str, Chart], Totals]:
    now = visit.app.now()
    since = now - timedelta(weeks=WEEKS)
    async with visit.app.store.read(visit.club.id) as db:
        brought = await db.published.brought_at(since)
        votes = await db.published.voted_at(since)
        papers = await db.published.papers_out()
        totals = await db.published.totals()
    drawn = (
        charts.brought(brought, until=now, weeks=WEEKS, zone=visit.zone),
        charts.voted(votes, until=now, weeks=WEEKS, zone=visit.zone),
        charts.publications((out.year, out.month, out.category, out.count) for out in papers),
    )
    return dict(zip(NAMES, drawn, strict=True)), totals
