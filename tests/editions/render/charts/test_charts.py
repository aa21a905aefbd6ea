"""Charts: column heights proportional to values, text descriptions, and escaping of hostile input."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from lxml import etree

from bot.editions.compose import club_charts
from bot.editions.model.document import Chart
from bot.editions.model.translation import DOMAIN, IN_ENGLISH
from bot.editions.render.charts import description as chart_words
from bot.editions.render.charts import svg as chart_svg
from bot.locale import translator

BERLIN = ZoneInfo("Europe/Berlin")
SVG = "{http://www.w3.org/2000/svg}"


def club_chart(*values: float) -> Chart:
    return Chart("Counted", tuple((str(2000 + n), value) for n, value in enumerate(values)), "papers")


def test_weeks_begin_on_monday_in_the_clubs_zone() -> None:
    until = datetime(2026, 11, 20, 12, tzinfo=UTC)
    sunday_night_utc = datetime(2026, 11, 15, 23, 30, tzinfo=UTC)  # already Monday in Berlin
    old = until - timedelta(weeks=5)
    points = club_charts.by_week([sunday_night_utc, sunday_night_utc, old], until=until, weeks=3, zone=BERLIN)
    assert points == (("2 Nov", 0), ("9 Nov", 0), ("16 Nov", 2))


def test_publications_are_counted_by_month_and_over_three_years_by_year() -> None:
    assert not club_charts.by_publication({})
    assert club_charts.by_publication({(2026, 1): 2, (2025, 11): 1}) == (
        ("Nov 2025", 1),
        ("Dec 2025", 0),
        ("Jan 2026", 2),
    )
    years = club_charts.by_publication({(1990, 1): 1, (2026, 1): 1, (2011, 5): 1, (2010, 5): 1})
    assert [years[0], years[-1]] == [("to 2011", 3), ("2026", 1)]
    assert sum(count for _, count in years) == 4
    assert club_charts.by_publication({(2020, 1): 1, (2026, 1): 1})[0] == ("2020", 1)


def test_the_caption_names_the_categories() -> None:
    chart = club_charts.publications_chart([(2026, 1, "cs.CL", 2), (2026, 1, "", 7), (2026, 2, "math.PR", 1)])
    assert list(chart.points) == [("Jan 2026", 9), ("Feb 2026", 1)]
    assert list(chart.caption) == ["Most of them in cs.CL (2 papers), math.PR (1 paper)."]
    assert not club_charts.publications_chart([]).caption


@pytest.mark.parametrize(
    ("chart", "said"),
    [
        (club_chart(3, 5, 1), "From 2000 to 2002: 9 papers in all; the most, 5, at 2001."),
        (club_chart(1500), "2000: 1,500 papers."),
        (club_chart(1), "2000: 1 paper."),
        (club_chart(0, 1), "From 2000 to 2001: 1 paper in all; the most, 1, at 2001."),
        (club_chart(10**9, 0), "From 2000 to 2001: 1,000,000,000 papers in all; the most, 1,000,000,000, at 2000."),
        (club_chart(1.5, 2), "From 2000 to 2001: 3.5 papers in all; the most, 2.0, at 2001."),
        (club_chart(0, 0), "From 2000 to 2001: no papers."),
        (club_chart(4, -3), "From 2000 to 2001: the least, −3 papers, at 2001; the most, 4 papers, at 2000."),
        (Chart("T", (("a", 12.5), ("b", 50.0)), "%"), "From a to b: the least, 12.5%, at a; the most, 50.0%, at b."),
        (club_chart(), "There is nothing to show yet."),
        (Chart("T", (("a", 1.0),), alt="As its author says"), "As its author says"),
    ],
)
def test_what_it_shows_is_told_in_words(chart: Chart, said: str) -> None:
    assert chart_words.describe(chart, IN_ENGLISH) == said
    root = etree.fromstring(chart_svg.svg(chart, name="one", standalone=True))
    assert root.get("role") == "img"
    title, desc = (root.find(f"{SVG}{tag}") for tag in ("title", "desc"))
    assert root.get("aria-labelledby").split() == [title.get("id"), desc.get("id")]
    assert (title.text, desc.text) == (chart.title, said)


def test_in_german_its_sentence_its_list_and_its_picture_are_german() -> None:
    german = translator(DOMAIN, "de")
    chart = Chart("Gezählt", (("2019", 1680.5), ("2020", 1.0)), "Papers")
    said = "Von 2019 bis 2020: insgesamt 1.681,5 Papers; am meisten, 1.680,5, bei 2019."
    assert chart_words.describe(chart, german) == said
    assert chart_words.rows(chart, german) == ("2019: 1.680,5 Papers", "2020: 1,0 Papers")
    assert chart_words.table(chart, german) == (("2019", "1.680,5"), ("2020", "1,0"))
    root = etree.fromstring(chart_svg.svg(chart, name="one", standalone=True, words=german))
    texts = {kind: [t.text for t in root.iter(f"{SVG}text") if t.get("class") == kind] for kind in ("tick", "value")}
    assert texts == {"tick": ["0", "500", "1.000", "1.500", "2.000"], "value": ["1.680,5", "1,0"]}
    assert root.findtext(f"{SVG}desc") == said
    assert [column.text for column in root.iter(f"{SVG}title")][1:] == ["2019: 1.680,5 Papers", "2020: 1,0 Papers"]


@pytest.mark.parametrize(
    ("chart", "said"),
    [
        (club_chart(0, 0), "Von 2000 bis 2001: keine papers."),
        (Chart("T", (("a", 0.0), ("b", 0.0)), "%"), "Von a bis b: überall 0."),
        (
            Chart("T", (("a", 12.5), ("b", 50.0)), "%"),
            "Von a bis b: am wenigsten, 12,5%, bei a; am meisten, 50,0%, bei b.",
        ),
        (Chart("T", (("a", 1.5),), "h"), "a: 1,5 h."),
    ],
)
def test_every_kind_of_sentence_is_told_in_german(chart: Chart, said: str) -> None:
    assert chart_words.describe(chart, translator(DOMAIN, "de")) == said


def test_every_number_is_in_the_picture_once() -> None:
    root = etree.fromstring(chart_svg.svg(club_chart(3, 5, 1), name="one", standalone=True))
    values = [text.text for text in root.iter(f"{SVG}text") if text.get("class") == "value"]
    assert values == ["3", "5", "1"]
    columns = [rect for rect in root.iter(f"{SVG}rect") if rect.get("class") == "column"]
    said = [column.findtext(f"{SVG}title") for column in columns]
    assert said == ["2000: 3 papers", "2001: 5 papers", "2002: 1 paper"]


def test_a_picture_of_its_own_has_its_title_and_in_a_page_the_title_stands_beside_it() -> None:
    alone, within = (chart_svg.svg(club_chart(3), name="one", standalone=alone) for alone in (True, False))
    assert 'class="title"' in alone
    assert 'class="title"' not in within
    assert "<style>" not in within


def test_the_list_of_its_numbers_has_one_row_for_all_that_is_zero() -> None:
    assert chart_words.rows(club_chart(0, 1, 0, 0, 0, 1680, 0, 0), IN_ENGLISH) == (
        "2001: 1 paper",
        "2005: 1,680 papers",
        "2000, 2002 – 2004, 2006, 2007: 0 papers",
    )
    assert chart_words.rows(club_chart(*[0] * 26), IN_ENGLISH) == ("2000 – 2025: 0 papers",)
    assert chart_words.rows(Chart("T", (("a", -2.5), ("b", 10.0)), "%"), IN_ENGLISH) == ("a: −2.5%", "b: 10.0%")
    assert chart_words.table(club_chart(0, 0, 0, 7), IN_ENGLISH) == (("2003", "7"), ("2000 – 2002", "0"))


def test_hostile_words_stay_words() -> None:
    nasty = '"><script>alert(1)</script>'
    chart = Chart(nasty, ((nasty, 2.0),), nasty, alt=nasty)
    root = etree.fromstring(chart_svg.svg(chart, name="one", standalone=True))
    assert not list(root.iter(f"{SVG}script"))
    assert root.findtext(f"{SVG}title") == nasty


def test_its_policy_lets_its_own_style_through_and_nothing_else() -> None:
    root = etree.fromstring(chart_svg.svg(club_chart(1), name="votes", standalone=True))
    digest = base64.b64encode(hashlib.sha256(root.findtext(f"{SVG}style").encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in chart_svg.content_security_policy()
    assert chart_svg.content_security_policy().startswith("default-src 'none'")
