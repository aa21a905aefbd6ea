"""Command `edition chart`: a chart of typed numbers, of the club's activity, or of arXiv's volume by month."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from math import isnan, nan
from typing import Annotated

from bot.app import Context
from bot.chat.cards import Card, ChartPart, Points, Tone, note, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.text import one_line, truncate
from bot.editions.compose import club_charts
from bot.editions.compose.composer import submissions
from bot.editions.edit import markup_parser as marks
from bot.editions.edit.changes import CLEAR_KEYWORD
from bot.editions.edit.changes import ChartChange as Draw
from bot.editions.model.document import Chart, from_json
from bot.editions.model.translation import words_of
from bot.editions.render.outline_builder import chart_outline
from bot.errors import UserError
from bot.features.editions.draft import arxiv_volume
from bot.features.editions.draft.draft_changes import load_open_draft, revise
from bot.locale.current import _

commands = Commands()

MAX_POINTS = 60
"""Maximum number of bars of a chart: five years of months."""
_BETWEEN_POINTS = re.compile(r"[\n;]|,(?!\d+\s*(?:[,;\n]|\Z))")
"""The separator of points; a comma within a number does not, since each point has a label."""
_DECIMAL_COMMA = re.compile(r"[-+]?(?:\d{1,3}(?:\.\d{3})+,\d+|0,\d+|\d+,(?:\d{1,2}|\d{4,}))")
_NUMBER_WITHIN = re.compile(r":\s*[-−+]?\d[\d.,]*\s")
"""A number within a label: the comma behind it was forgotten."""
MAX_VALUE = 1e15
"""Largest absolute value in a chart: up to it, floats represent whole numbers exactly."""
WEEKS = 12
"""Number of weeks in a chart of the club's activity."""
SUBMISSIONS, VOTES, PAPERS, ARXIV = "submitted", "votes", "papers", "arxiv"
"""Words that stand for data to look up, in place of numbers."""


@commands(
    "edition chart",
    audience=Audience.MODERATOR,
    examples=(
        '/edition chart "Papers a year" points="2019: 1200, 2020: 1680" unit=papers',
        '/edition chart "What came out" points=arxiv',
    ),
)
async def chart(
    ctx: Context,
    title: Annotated[str, ParameterHint("its title", most=120)],
    points: Annotated[
        str,
        ParameterHint(
            "`2020: 10, 2021: 14`, or `submitted`, `votes`, `papers`, `arxiv`; `none` removes the chart",
            clears=True,
            long=True,
            most=3000,
        ),
    ],
    unit: Annotated[str, ParameterHint("unit of the numbers", most=40)] = "",
    caption: Annotated[str, ParameterHint("its caption", long=True, most=500)] = "",
    alt: Annotated[str, ParameterHint("description for people who cannot see it", most=500)] = "",
) -> AsyncIterator[Card]:
    """Add a chart. A chart with the same title is replaced.

    Instead of numbers, give `submitted` or `votes` (the club’s activity by week), or `papers` (when the papers in the
    club’s editions were published). With `arxiv`, the chart shows how many papers appear each month in this draft’s
    categories.
    """
    word, new_chart = points.strip().lower(), Chart(one_line(title), ())
    if word == ARXIV:
        async for new_chart in _arxiv_chart(ctx):
            yield Card(
                title,
                (
                    text(
                        _(
                            "{points_count} of {months} months counted",
                            points_count=len(new_chart.points),
                            months=arxiv_volume.MONTHS,
                        )
                    ),
                ),
                Tone.QUIET,
            )
    elif word in (SUBMISSIONS, VOTES, PAPERS):
        new_chart = await _club_chart(ctx, word)
    elif word != CLEAR_KEYWORD:
        new_chart = replace(new_chart, points=_parse_points(points))
    new_chart = replace(
        new_chart,
        title=one_line(title),
        unit=one_line(unit) or new_chart.unit,
        caption=marks.parse_line(caption) if caption else new_chart.caption,
        alt=one_line(alt),
    )
    async with ctx.begin() as db:
        edition = await load_open_draft(db)
        words = words_of(from_json(edition.document))
        await revise(ctx.app, db, edition, [Draw(new_chart)], ctx.member.id)
    if not new_chart.points:
        yield Card(_("Chart removed"), (text(new_chart.title),), Tone.GOOD)
        return
    outline = chart_outline(new_chart, words)
    rows = Points(tuple((row,) for row in outline.rows))
    shown = ChartPart(new_chart.title, new_chart.points, outline.description, new_chart.unit, outline.language)
    yield Card(new_chart.title, (shown, rows, note(_("It appears before the sections."))), Tone.GOOD)


async def _club_chart(ctx: Context, word: str) -> Chart:
    """Chart of the club's own numbers. Raises UserError if there are none yet."""
    since, until, zone = ctx.now - timedelta(weeks=WEEKS), ctx.now, ctx.zone
    async with ctx.read() as db:
        words = words_of(from_json((await load_open_draft(db)).document))
        if word == PAPERS:
            publications = await db.published.publication_counts()
            new_chart = club_charts.publications_chart(
                ((o.year, o.month, o.category, o.count) for o in publications), words=words
            )
        elif word == VOTES:
            new_chart = club_charts.votes_chart(
                await db.published.vote_times(since), until=until, weeks=WEEKS, zone=zone, words=words
            )
        else:
            new_chart = club_charts.submissions_chart(
                await db.published.submission_times(since), until=until, weeks=WEEKS, zone=zone, words=words
            )
    if not any(value for _unused, value in new_chart.points):
        raise UserError(_("There is nothing to count yet."), field="points")
    return new_chart


async def _arxiv_chart(ctx: Context) -> AsyncIterator[Chart]:
    """Chart of new papers by month in the draft's categories, a month longer each time. Raises Unavailable."""
    async with ctx.read() as db:
        edition = await load_open_draft(db)
        found = await db.submissions.many(submissions(from_json(edition.document)))
    words = words_of(from_json(edition.document))
    categories = arxiv_volume.main_categories([submission.paper for submission in found.values()])
    if not categories:
        raise UserError(_("No paper in this draft has an arXiv category."), field="points")
    new_chart = club_charts.volume(categories, words)
    async for point in arxiv_volume.counts_by_month(ctx.app, categories, words):
        new_chart = replace(new_chart, points=(*new_chart.points, point))
        yield new_chart


def _with_decimal_point(number: str) -> str:
    """The number without thousands separators; a comma that cannot be one is a decimal comma: `-3,5`, `1.200,50`."""
    if _DECIMAL_COMMA.fullmatch(number):
        return number.replace(".", "").replace(",", ".")
    return number.replace(",", "")


def _parse_points(points: str) -> tuple[tuple[str, float], ...]:
    """Numbers by label. Raises UserError if a number is invalid, or if there are too many."""
    found = []
    for piece in filter(None, (part.strip() for part in _BETWEEN_POINTS.split(points))):
        label, _unused, number = piece.rpartition(":")
        try:
            value = float(_with_decimal_point(number.replace("−", "-").strip()))
        except ValueError:
            value = nan
        if not label.strip() or isnan(value):
            raise UserError(
                _("“{piece}” is not a label with a number. Write it like `2020: 1680`.", piece=truncate(piece, 60)),
                field="points",
            )
        if _NUMBER_WITHIN.search(label):
            raise UserError(
                _(
                    "“{piece}” has two numbers. Put a comma between points: `2020: 10, 2021: 14`.",
                    piece=truncate(piece, 60),
                ),
                field="points",
            )
        if abs(value) > MAX_VALUE:
            raise UserError(
                _("{number} is too large for a chart.", number=truncate(number.strip(), 30)), field="points"
            )
        found.append((label.strip(), value))
    if len(found) > MAX_POINTS:
        raise UserError(_("A chart has at most {max_points} numbers.", max_points=MAX_POINTS), field="points")
    return tuple(found)
