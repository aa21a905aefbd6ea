"""Charts of a club: columns by year, month or week, laid out once and drawn as SVG (here) or PNG (`bot.editions.png`).

No library: what a reader needs of a chart are columns from zero, a few round numbers beside them, and words for those
who cannot see it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import accumulate, repeat, takewhile
from math import ceil, floor, log10
from zoneinfo import ZoneInfo

from bot.editions import chart_words, page
from bot.editions.document import Chart
from bot.editions.lines import IN_ENGLISH
from bot.locale import Translator

Points = tuple[tuple[str, float], ...]

WIDTH, HEIGHT = 720, 260
"""Of a chart, in its own units. It is drawn as wide as the page."""

_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 18, 22, 34
_LETTER = 7.2
"""The width of a letter, on average, of text 13 units high."""
_NUMBERED = 16
"""Columns up to which each bears its number."""
_MONTHS = 36
"""Months up to which publications are counted by month; beyond, by year."""
_YEARS = 16
"""Years that are shown; what is older is counted with the first."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where it stands, how high it is, what it says."""

    x: float
    y: float
    width: float
    height: float
    label: str
    value: float
    labelled: bool
    minor: bool
    """Whether its label may go where there is little room, on a phone."""

    @property
    def middle(self) -> float:
        """Where its label is centred."""
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, slots=True)
class Layout:
    """A chart, laid out: its columns, and the round numbers at the side with how high each stands."""

    columns: tuple[Column, ...]
    ticks: tuple[tuple[float, float], ...]
    numbered: bool

    left = _LEFT
    right = WIDTH - _RIGHT
    floor = HEIGHT - _BOTTOM


def layout(chart: Chart) -> Layout:
    """Where everything stands. Columns start at zero, so that twice as high is twice as many."""
    steps = _round_steps(max((value for _, value in chart.points), default=0))
    top = steps[-1]
    room = HEIGHT - _TOP - _BOTTOM
    slot = (WIDTH - _LEFT - _RIGHT) / max(len(chart.points), 1)
    width = min(slot * 0.72, 56)
    longest = max((len(label) for label, _ in chart.points), default=1)
    every = max(1, ceil((longest * _LETTER + 10) / slot))
    last = len(chart.points) - 1
    columns = tuple(
        Column(
            x=round(_LEFT + slot * at + (slot - width) / 2, 1),
            y=round(_TOP + room * (1 - value / top), 1),
            width=round(width, 1),
            height=round(room * value / top, 1),
            label=label,
            value=value,
            labelled=(last - at) % every == 0,
            minor=(last - at) // every % 2 == 1,
        )
        for at, (label, value) in enumerate(chart.points)
    )
    ticks = tuple((step, round(_TOP + room * (1 - step / top), 1)) for step in steps)
    return Layout(columns, ticks, numbered=len(columns) <= _NUMBERED)


def svg(chart: Chart, *, name: str, alone: bool = False, words: Translator = IN_ENGLISH) -> str:
    """The chart as SVG. `name` makes its ids unique on a page; `alone` gives it a style sheet of its own."""
    template = page.templates().get_template("columns.svg.jinja")
    said = {"chart": chart, "name": name, "alone": alone, "words": chart_words.describe(chart, words)}
    return template.render(laid=layout(chart), width=WIDTH, height=HEIGHT, **said) + "\n"


@cache
def policy() -> str:
    """The Content-Security-Policy of a chart that is looked at alone: its own style sheet, let through by its hash."""
    drawn = svg(Chart("", ()), name="chart", alone=True)
    return page.policy(drawn.partition("<style>")[2].partition("</style>")[0])


def by_week(
    moments: Iterable[datetime], *, until: datetime, weeks: int, zone: ZoneInfo, words: Translator = IN_ENGLISH
) -> Points:
    """How many of the moments lie in each of the last weeks, Monday to Sunday in the club's zone: ("3 Nov", 7)."""
    this = _monday(until.astimezone(zone).date())
    counted = Counter(_monday(at.astimezone(zone).date()) for at in moments)
    mondays = [this - timedelta(weeks=back) for back in range(weeks - 1, -1, -1)]
    return tuple((words.day_of_month(monday), float(counted[monday])) for monday in mondays)


def by_publication(months: Mapping[tuple[int, int], int], words: Translator = IN_ENGLISH) -> Points:
    """Counts by (year, month) as points: by month ("Nov 2026"), or by year where they reach over three years."""
    if not months:
        return ()
    (first, first_month), (last, last_month) = min(months), max(months)
    if (last - first) * 12 + last_month - first_month < _MONTHS:
        return tuple(
            (words.short_month(date(year, month, 1)), float(months.get((year, month), 0)))
            for year, month in takewhile(lambda at: at <= (last, last_month), _months(first, first_month))
        )
    begin = max(first, last - _YEARS + 1)
    years: Counter[int] = Counter()
    for (year, _), count in months.items():
        years[max(year, begin)] += count
    # Translators: the first column of a chart by years: this year and all before it.
    earliest = words.gettext("to {year}", year=begin) if first < begin else str(begin)
    labels = {begin: earliest}
    return tuple((labels.get(year, str(year)), float(years[year])) for year in range(begin, last + 1))


def brought(
    moments: Sequence[datetime], *, until: datetime, weeks: int, zone: ZoneInfo, words: Translator = IN_ENGLISH
) -> Chart:
    """How many papers were brought in each of the last weeks."""
    points = by_week(moments, until=until, weeks=weeks, zone=zone, words=words)
    return Chart(words.gettext("Papers brought, week by week"), points, words.pgettext("unit", "papers"))


def voted(
    moments: Sequence[datetime], *, until: datetime, weeks: int, zone: ZoneInfo, words: Translator = IN_ENGLISH
) -> Chart:
    """How many votes were cast in each of the last weeks."""
    points = by_week(moments, until=until, weeks=weeks, zone=zone, words=words)
    return Chart(words.gettext("Votes cast, week by week"), points, words.pgettext("unit", "votes"))


def publications(
    papers: Iterable[tuple[int, int, str, int]], *, most: int = 4, words: Translator = IN_ENGLISH
) -> Chart:
    """When the papers of the editions first came out, from rows of year, month, category and count.

    The caption names the categories most of them come from.
    """
    months: Counter[tuple[int, int]] = Counter()
    categories: Counter[str] = Counter()
    for year, month, category, count in papers:
        months[year, month] += count
        categories[category] += count
    ranked = [(name, count) for name, count in categories.most_common() if name][:most]
    counted = [(name, words.ngettext("{n} paper", "{n} papers", count)) for name, count in ranked]
    where = ", ".join(f"{name} ({papers})" for name, papers in counted)
    # Translators: {categories} is such as "cs.CL (2 papers), math.PR (1 paper)".
    caption = (words.gettext("Most of them in {categories}.", categories=where),) if where else ()
    title = words.gettext("When the papers in the editions came out")
    return Chart(title, by_publication(months, words), words.pgettext("unit", "papers"), caption)


def volume(categories: Sequence[str], words: Translator = IN_ENGLISH) -> Chart:
    """New papers a month on arXiv in some categories, its points still to be counted."""
    where = words.names(categories)
    caption = words.gettext("New papers in {categories} on arXiv.", categories=where)
    return Chart("", (), words.pgettext("unit", "papers"), (caption,))


def _months(year: int, month: int) -> Iterator[tuple[int, int]]:
    return accumulate(repeat(1), lambda at, _: (at[0] + at[1] // 12, at[1] % 12 + 1), initial=(year, month))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _round_steps(most: float) -> tuple[float, ...]:
    """Zero and two to five round numbers above it, the last not below `most`; whole numbers, since we count things."""
    if most <= 0:
        return (0.0, 1.0)
    raw = most / 4
    size = 10 ** floor(log10(raw)) if raw >= 1 else 1
    step = next(factor * size for factor in (1, 2, 5, 10) if factor * size >= raw)
    return tuple(float(step * n) for n in range(ceil(most / step) + 1))
