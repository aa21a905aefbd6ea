"""A club's statistics as numbers and charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from weakref import WeakKeyDictionary

from adapters.web.archive.catalogue import Catalogue, CatalogueItem
from adapters.web.archive.page_request import NotFound, Page, PageRequest, encoded
from bot.editions.compose import club_charts
from bot.editions.model.document import Chart
from bot.editions.model.translation import DOMAIN
from bot.editions.render import html_page
from bot.editions.render.charts import description as chart_words
from bot.editions.render.charts import image as chart_image
from bot.editions.render.charts import svg as chart_svg
from bot.features.editions.draft import arxiv_volume
from bot.locale import Translator, translator
from bot.locale.current import _, current_language
from bot.store.editions.published import Totals

WEEKS = 26
"""Weeks of the charts of activity: half a year."""
CHART_NAMES = ("brought", "votes", "publications", "arxiv")
"""The charts, by which they are asked for. The last is there once some months were counted."""
PICTURES = (".svg", ".png")
"""Picture formats of a chart by the ending of their URL."""
TOP_PAPERS = 10
CACHE_LIFETIME = timedelta(minutes=1)
"""Time for which the counts are cached."""


@dataclass(frozen=True, slots=True)
class ClubStatistics:
    """A club's counts and their time."""

    at: datetime
    charts: dict[str, Chart]
    totals: Totals
    best: tuple[tuple[CatalogueItem, int], ...]
    """The papers with the most votes."""


_counted: WeakKeyDictionary[Catalogue, ClubStatistics] = WeakKeyDictionary()
"""Cached counts. Counting reads every paper and vote of years; it is repeated after a new edition, or after the cache
lifetime.
"""


async def statistics(request: PageRequest) -> Page:
    """The counts, the charts with their numbers as tables, and what was voted for most."""
    counted = await _read(request)
    return request.draw(
        "statistics.html.jinja",
        counted=counted,
        preview=("votes", chart_words.describe(counted.charts["votes"], _words())),
        papers=sum(entry.kind == "paper" for entry in request.catalogue.entries),
        charts=[
            (
                name,
                chart,
                html_page.trusted_markup(chart_svg.svg(chart, name=name, words=_words())),
                chart_words.table(chart, _words()),
            )
            for name, chart in counted.charts.items()
        ],
    )


async def chart(request: PageRequest, name: str, ending: str) -> Page:
    """One chart as a picture of its own: SVG for pages, PNG for chats and previews."""
    chosen = (await _read(request)).charts.get(name)
    if chosen is None or ending not in PICTURES:
        raise NotFound
    if ending == ".png":
        return Page(chart_image.draw(chosen, _words()), "image/png")
    return Page(
        encoded(chart_svg.svg(chosen, name=name, standalone=True, words=_words())),
        "image/svg+xml",
        policy=chart_svg.content_security_policy(),
    )


async def names(request: PageRequest) -> tuple[str, ...]:
    """The charts that there are."""
    return tuple((await _read(request)).charts)


def _words() -> Translator:
    """Words and formats of charts in the language of the page."""
    return translator(DOMAIN, current_language())


async def _read(request: PageRequest) -> ClubStatistics:
    now = request.app.now()
    known = _counted.get(request.catalogue)
    if known is None or not timedelta(0) <= now - known.at < CACHE_LIFETIME:
        known = _counted[request.catalogue] = await _count(request, now)
    return known


async def _count(request: PageRequest, now: datetime) -> ClubStatistics:
    since = now - timedelta(weeks=WEEKS)
    async with request.app.store.read(request.club.id) as db:
        brought = await db.published.submission_times(since)
        votes = await db.published.vote_times(since)
        papers = await db.published.publication_counts()
        totals = await db.published.totals()
        best = await db.published.most_voted(limit=TOP_PAPERS)
    where = arxiv_volume.club_categories(papers)
    months = await arxiv_volume.stored_counts(request.app, where) if where else {}
    words = _words()
    drawn = (
        club_charts.submissions_chart(brought, until=now, weeks=WEEKS, zone=request.zone, words=words),
        club_charts.votes_chart(votes, until=now, weeks=WEEKS, zone=request.zone, words=words),
        club_charts.publications_chart(((out.year, out.month, out.category, out.count) for out in papers), words=words),
        *([_on_arxiv(where, months)] if len(months) > 1 else ()),
    )
    pages = request.catalogue.papers
    ranked = tuple((pages[number], count) for number, count in best if number in pages)
    return ClubStatistics(now, dict(zip(CHART_NAMES, drawn, strict=False)), totals, ranked)


def _on_arxiv(where: Sequence[str], months: Mapping[date, int]) -> Chart:
    """arXiv's monthly number of papers in the club's categories, from the first month that was counted."""
    points = tuple((_words().short_month(month), float(months[month])) for month in sorted(months))
    caption = (
        _("New papers in {names}, the categories that the club’s papers come from.", names=_words().names(where)),
    )
    return Chart(_("New papers on arXiv, month by month"), points, _("papers"), caption)
