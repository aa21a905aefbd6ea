"""Draws a chart as SVG, from the layout that the PNG has too."""

from __future__ import annotations

from functools import cache

from bot.editions.model.document import Chart
from bot.editions.model.translation import IN_ENGLISH
from bot.editions.render import html_page
from bot.editions.render.charts import description as chart_words
from bot.editions.render.charts.chart_layout import layout
from bot.locale import Translator


def svg(chart: Chart, *, name: str, standalone: bool = False, words: Translator = IN_ENGLISH) -> str:
    """The chart as SVG. `name` makes its ids unique on a page; `standalone` adds its title and a style sheet."""
    template = html_page.templates().get_template("columns.svg.jinja")
    chart_layout, description = layout(chart, words, titled=standalone), chart_words.describe(chart, words)
    values = {"chart": chart, "layout": chart_layout, "description": description}
    return template.render(**values, name=name, standalone=standalone) + "\n"


@cache
def content_security_policy() -> str:
    """Content-Security-Policy of a chart displayed on its own: it allows the inline style sheet by its hash."""
    markup = svg(Chart("", ()), name="chart", standalone=True)
    return html_page.content_security_policy(markup.partition("<style>")[2].partition("</style>")[0])
