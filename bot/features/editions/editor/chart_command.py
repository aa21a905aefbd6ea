"""A chart in a draft: numbers that a moderator types, the club's own, or what comes out on arXiv month by month."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from math import isnan, nan
from typing import Annotated

from bot.app import Context
from bot.chat.cards import Card, ChartPart, Points, Tone, note, text
from bot.chat.commands import Audience, Commands
from bot.chat.parameters import ParameterHint
from bot.chat.text import one_line, truncate
from bot.editions.compose import club_charts
from bot.editions.compose.composer import submissions
from bot.editions.edit import markup_parser as marks
from bot.editions.edit.changes import NOTHING
from bot.editions.edit.changes import ChartChange as Draw
from bot.editions.model.document import Chart, from_json
from bot.editions.render.captions import words_of
from bot.editions.render.outline_builder import chart_outline
from bot.errors import UserError
from bot.features.editions.draft import arxiv_volume
from bot.features.editions.draft.draft_changes import draft_in_making, revise

commands = Commands()

MOST_POINTS = 60
"""Bars of a chart: five years of months."""
LARGEST = 1e15
"""Numbers of a chart are not larger: beyond, whole ones can no longer be told apart."""
WEEKS = 12
"""Weeks of a chart of the club's activity."""
BROUGHT, VOTES, PAPERS, ARXIV = "brought", "votes", "papers", "arxiv"
"""Words in place of numbers: the numbers are looked up."""


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
            "label: number, with commas between; or brought, votes, papers or arxiv; none removes it",
            long=True,
            most=3000,
        ),
    ],
    unit: Annotated[str, ParameterHint("of what the numbers are", most=40)] = "",
    caption: Annotated[str, ParameterHint("what is said of it", long=True, most=500)] = "",
    alt: Annotated[str, ParameterHint("what it shows, for those who cannot see it", most=500)] = "",
) -> AsyncIterator[Card]:
    """Add a chart of numbers. A chart with the same title is replaced.

    In place of numbers: `brought` and `votes` are the club's activity week by week, `papers` is when the papers of its
    editions came out, `arxiv` how many come out each month in the categories of this draft.
    """
    word, made = points.strip().lower(), Chart(one_line(title), ())
    if word == ARXIV:
        async for made in _arxiv_chart(ctx):
            yield Card(title, (text(f"{len(made.points)} of {arxiv_volume.MONTHS} months counted"),), Tone.QUIET)
    elif word in (BROUGHT, VOTES, PAPERS):
        made = await _club_chart(ctx, word)
    elif word != NOTHING:
        made = replace(made, points=_typed_chart(points))
    made = replace(
        made,
        title=one_line(title),
        unit=one_line(unit) or made.unit,
        caption=marks.parse_line(caption) if caption else made.caption,
        alt=one_line(alt),
    )
    async with ctx.begin() as db:
        edition = await draft_in_making(db)
        words = words_of(from_json(edition.document))
        await revise(ctx.app, db, edition, [Draw(made)], ctx.member.id)
    if not made.points:
        yield Card("The chart is taken out", (text(made.title),), Tone.GOOD)
        return
    drawn = chart_outline(made, words)
    rows = Points(tuple((row,) for row in drawn.rows))
    shown = ChartPart(made.title, made.points, drawn.description, made.unit, drawn.language)
    yield Card(made.title, (shown, rows, note("It stands before the sections.")), Tone.GOOD)


async def _club_chart(ctx: Context, word: str) -> Chart:
    """The club's own numbers. Raises UserError where there are none yet."""
    since, until, zone = ctx.now - timedelta(weeks=WEEKS), ctx.now, ctx.zone
    async with ctx.read() as db:
        words = words_of(from_json((await draft_in_making(db)).document))
        if word == PAPERS:
            out = await db.published.publication_counts()
            made = club_charts.publications_chart(((o.year, o.month, o.category, o.count) for o in out), words=words)
        elif word == VOTES:
            made = club_charts.votes_chart(
                await db.published.vote_times(since), until=until, weeks=WEEKS, zone=zone, words=words
            )
        else:
            made = club_charts.submissions_chart(
                await db.published.submission_times(since), until=until, weeks=WEEKS, zone=zone, words=words
            )
    if not any(value for _, value in made.points):
        raise UserError("There is nothing to count yet.", field="points")
    return made


async def _arxiv_chart(ctx: Context) -> AsyncIterator[Chart]:
    """New papers a month where the draft's papers come from, one month more each time. Raises Unavailable."""
    async with ctx.read() as db:
        edition = await draft_in_making(db)
        found = await db.submissions.many(submissions(from_json(edition.document)))
    words = words_of(from_json(edition.document))
    where = arxiv_volume.categories([submission.paper for submission in found.values()])
    if not where:
        raise UserError("No paper of this draft has a category of arXiv.", field="points")
    made = club_charts.volume(where, words)
    async for point in arxiv_volume.by_month(ctx.app, where, words):
        made = replace(made, points=(*made.points, point))
        yield made


def _typed_chart(points: str) -> tuple[tuple[str, float], ...]:
    """Numbers by label. Raises UserError for what is none, or too many."""
    found = []
    for piece in filter(None, (one.strip() for one in re.split(r"[\n;]|,(?!\d{3}\b)", points))):
        label, _, number = piece.rpartition(":")
        try:
            value = float(number.replace(",", "").replace("−", "-").strip())
        except ValueError:
            value = nan
        if not label.strip() or isnan(value):
            raise UserError(f"“{truncate(piece, 60)}” is no label and number, such as `2020: 1680`.", field="points")
        if abs(value) > LARGEST:
            raise UserError(f"{truncate(number.strip(), 30)} is too large for a chart.", field="points")
        found.append((label.strip(), value))
    if len(found) > MOST_POINTS:
        raise UserError(f"A chart has at most {MOST_POINTS} numbers.", field="points")
    return tuple(found)
