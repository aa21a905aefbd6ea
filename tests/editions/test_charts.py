"""Charts: columns that are as high as what they count, words for those who cannot see them, nothing hostile."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from bot.editions import charts
from bot.editions.chart_words import describe
from bot.editions.document import Chart
from bot.editions.lines import IN_ENGLISH

BERLIN = ZoneInfo("Europe/Berlin")
SVG = "{http://www.w3.org/2000/svg}"


def counted(*values: float) -> Chart:
    return Chart("Counted", tuple((str(2000 + n), value) for n, value in enumerate(values)), "papers")


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=60))
def test_a_column_is_as_high_as_its_number(values: list[int]) -> None:
    laid = charts.layout(counted(*values))
    top = laid.ticks[-1][0]
    assert top >= max(values)
    room = laid.floor - laid.ticks[-1][1]
    for column, value in zip(laid.columns, values, strict=True):
        assert column.height == pytest.approx(room * value / top, abs=0.06)
        assert column.y + column.height == pytest.approx(laid.floor, abs=0.11)
        assert laid.left <= column.x
        assert column.x + column.width <= laid.right + 0.1
    assert 2 <= len(laid.ticks) <= 6
    assert laid.columns[-1].labelled
    assert all(value == int(value) for value, _ in laid.ticks)


def test_weeks_begin_on_monday_in_the_clubs_zone() -> None:
    until = datetime(2026, 11, 20, 12, tzinfo=UTC)
    sunday_night_utc = datetime(2026, 11, 15, 23, 30, tzinfo=UTC)  # Monday already in Berlin
    old = until - timedelta(weeks=5)
    points = charts.by_week([sunday_night_utc, sunday_night_utc, old], until=until, weeks=3, zone=BERLIN)
    assert points == (("2 Nov", 0), ("9 Nov", 0), ("16 Nov", 2))


def test_publications_are_counted_by_month_and_over_three_years_by_year() -> None:
    assert not charts.by_publication({})
    assert charts.by_publication({(2026, 1): 2, (2025, 11): 1}) == (("Nov 2025", 1), ("Dec 2025", 0), ("Jan 2026", 2))
    years = charts.by_publication({(1990, 1): 1, (2026, 1): 1, (2011, 5): 1, (2010, 5): 1})
    assert [years[0], years[-1]] == [("to 2011", 3), ("2026", 1)]
    assert sum(count for _, count in years) == 4
    assert charts.by_publication({(2020, 1): 1, (2026, 1): 1})[0] == ("2020", 1)


def test_the_caption_names_the_categories() -> None:
    chart = charts.publications([(2026, 1, "cs.CL", 2), (2026, 1, "", 7), (2026, 2, "math.PR", 1)])
    assert list(chart.points) == [("Jan 2026", 9), ("Feb 2026", 1)]
    assert list(chart.caption) == ["Most of them in cs.CL (2 papers), math.PR (1 paper)."]
    assert not charts.publications([]).caption


@pytest.mark.parametrize(
    ("chart", "said"),
    [
        (counted(3, 5, 1), "From 2000 to 2002: 9 papers in all; the most, 5, at 2001."),
        (counted(1500), "In 2000: 1,500 papers in all."),
        (counted(0, 0), "From 2000 to 2001: 0 papers in all."),
        (counted(), "There is nothing to show yet."),
        (Chart("T", (("a", 1.0),), alt="As its author says"), "As its author says"),
    ],
)
def test_what_it_shows_is_told_in_words(chart: Chart, said: str) -> None:
    assert describe(chart, IN_ENGLISH) == said
    root = etree.fromstring(charts.svg(chart, name="one", alone=True))
    assert root.get("role") == "img"
    title, desc = (root.find(f"{SVG}{tag}") for tag in ("title", "desc"))
    assert root.get("aria-labelledby").split() == [title.get("id"), desc.get("id")]
    assert (title.text, desc.text) == (chart.title, said)


def test_every_number_is_in_the_picture_once() -> None:
    root = etree.fromstring(charts.svg(counted(3, 5, 1), name="one", alone=True))
    tips = [text.text for text in root.iter(f"{SVG}text") if text.get("class") == "tip"]
    assert tips == ["3", "5", "1"]
    assert [rect.findtext(f"{SVG}title") for rect in root.iter(f"{SVG}rect")] == ["2000: 3", "2001: 5", "2002: 1"]


def test_hostile_words_stay_words() -> None:
    nasty = '"><script>alert(1)</script>'
    chart = Chart(nasty, ((nasty, 2.0),), nasty, alt=nasty)
    root = etree.fromstring(charts.svg(chart, name="one", alone=True))
    assert not list(root.iter(f"{SVG}script"))
    assert root.findtext(f"{SVG}title") == nasty


def test_its_policy_lets_its_own_style_through_and_nothing_else() -> None:
    root = etree.fromstring(charts.svg(counted(1), name="votes", alone=True))
    digest = base64.b64encode(hashlib.sha256(root.findtext(f"{SVG}style").encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in charts.policy()
    assert charts.policy().startswith("default-src 'none'")
