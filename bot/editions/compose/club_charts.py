"""Chart data of a club: submissions, votes, publications over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import accumulate, repeat, takewhile
from zoneinfo import ZoneInfo

from bot.editions.model.document import Chart
from bot.editions.model.translation import IN_ENGLISH
from bot.locale import Translator

ChartPoints = tuple[tuple[str, float], ...]

_MAX_MONTHS = 36
"""Months up to which publications are counted by month; beyond, by year."""


_MAX_YEARS = 16
"""Maximum number of years in a chart; earlier years are added to the first."""


def by_week(
    moments: Iterable[datetime], *, until: datetime, weeks: int, zone: ZoneInfo, words: Translator = IN_ENGLISH
) -> ChartPoints:
    """Number of moments in each of the last weeks, Monday to Sunday in the club's time zone: ("3 Nov", 7)"""
    current_week = _monday(until.astimezone(zone).date())
    counts = Counter(_monday(at.astimezone(zone).date()) for at in moments)
    mondays = [current_week - timedelta(weeks=back) for back in range(weeks - 1, -1, -1)]
    return tuple((words.day_of_month(monday), float(counts[monday])) for monday in mondays)


def by_publication(months: Mapping[tuple[int, int], int], words: Translator = IN_ENGLISH) -> ChartPoints:
    """Counts by (year, month) as points: by month ("Nov 2026"), or by year where they reach over three years."""
    if not months:
        return ()
    (first, first_month), (last, last_month) = min(months), max(months)
    if (last - first) * 12 + last_month - first_month < _MAX_MONTHS:
        return tuple(
            (words.short_month(date(year, month, 1)), float(months.get((year, month), 0)))
            for year, month in takewhile(lambda at: at <= (last, last_month), _months(first, first_month))
        )
    first_shown = max(first, last - _MAX_YEARS + 1)
    years: Counter[int] = Counter()
    for (year, _), count in months.items():
        years[max(year, first_shown)] += count
    # Translators: the first column of a chart by years: this year and all before it.
    earliest = words.gettext("to {year}", year=first_shown) if first < first_shown else str(first_shown)
    labels = {first_shown: earliest}
    return tuple((labels.get(year, str(year)), float(years[year])) for year in range(first_shown, last + 1))


def submissions_chart(
    moments: Sequence[datetime], *, until: datetime, weeks: int, zone: ZoneInfo, words: Translator = IN_ENGLISH
) -> Chart:
    """Chart of the number of papers submitted in each of the last weeks."""
    points = by_week(moments, until=until, weeks=weeks, zone=zone, words=words)
    return Chart(words.gettext("Papers submitted, week by week"), points, words.pgettext("unit", "papers"))


def votes_chart(
    moments: Sequence[datetime], *, until: datetime, weeks: int, zone: ZoneInfo, words: Translator = IN_ENGLISH
) -> Chart:
    """Chart of the number of votes cast in each of the last weeks."""
    points = by_week(moments, until=until, weeks=weeks, zone=zone, words=words)
    return Chart(words.gettext("Votes cast, week by week"), points, words.pgettext("unit", "votes"))


def publications_chart(
    papers: Iterable[tuple[int, int, str, int]], *, max_categories: int = 4, words: Translator = IN_ENGLISH
) -> Chart:
    """Chart of the first publication dates of the editions' papers, from rows of year, month, category and count.

    The caption names the most frequent categories, at most `most`.
    """
    months: Counter[tuple[int, int]] = Counter()
    categories: Counter[str] = Counter()
    for year, month, category, count in papers:
        months[year, month] += count
        categories[category] += count
    ranked = [(name, count) for name, count in categories.most_common() if name][:max_categories]
    labeled = [(name, words.ngettext("{n} paper", "{n} papers", count)) for name, count in ranked]
    where = ", ".join(f"{name} ({papers})" for name, papers in labeled)
    # Translators: {categories} is such as "cs.CL (2 papers), math.PR (1 paper)".
    caption = (words.gettext("Most of them in {categories}.", categories=where),) if where else ()
    title = words.gettext("When the papers in the editions came out")
    return Chart(title, by_publication(months, words), words.pgettext("unit", "papers"), caption)


def _months(year: int, month: int) -> Iterator[tuple[int, int]]:
    return accumulate(repeat(1), lambda at, _: (at[0] + at[1] // 12, at[1] % 12 + 1), initial=(year, month))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def volume(categories: Sequence[str], words: Translator = IN_ENGLISH) -> Chart:
    """New papers a month on arXiv in some categories, its points still to be counted."""
    where = words.names(categories)
    caption = words.gettext("New papers in {categories} on arXiv.", categories=where)
    return Chart("", (), words.pgettext("unit", "papers"), (caption,))
