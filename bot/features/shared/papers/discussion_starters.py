"""Discussion starters of a paper, for the first message of its thread."""

from __future__ import annotations

import asyncio
import logging

from bot.app import App
from bot.chat.cards import Part, note, text
from bot.chat.rich_text import Bold
from bot.domain.club_settings import ClubSettings
from bot.domain.models import Club, Submission
from bot.domain.paper_answers import Starters
from bot.domain.summary_values import SummarySource
from bot.editions.paper_questions.passage_answer import PassageAnswerer
from bot.features.shared.papers.full_text import stored_passages, summary_source
from bot.features.shared.papers.source_quotes import source_quote
from bot.locale.current import _

log = logging.getLogger(__name__)

TIME_LIMIT = 20.0
"""Seconds that a model may take: people wait for the thread."""


async def discussion_starters(app: App, club: Club, submission: Submission) -> list[Part]:
    """Three questions drawn from the paper's own words, as parts of a card; none if the club does not want them.

    Must not be called inside a transaction, since it may ask a model. If that fails, is late, or has spent the month's
    budget, the questions are made without it.
    """
    settings = ClubSettings.of(club.settings)
    if not settings.discussion_starters or not submission.paper.abstract:
        return []
    stored = (await stored_passages(app, club.id, [submission.paper])).get(submission.paper_id)
    source = summary_source(submission.paper, stored.passages if stored else ())
    starters = await _with_model(app, club, submission, source) if settings.writer == "auto" else None
    starters = starters or await PassageAnswerer().starters(source, club.id)
    parts: list[Part] = []
    for number, starter in enumerate(starters.questions, 1):
        parts += [text(Bold(f"{number}. {starter.question}")), source_quote(starter.quote)]
    if starters.writer:
        parts.append(note(_("Questions by {writer}; the quotes are the paper’s own words.", writer=starters.writer)))
    return parts


async def _with_model(app: App, club: Club, submission: Submission, source: SummarySource) -> Starters | None:
    """The model's questions, with their cost booked; None without a model, or if it takes too long."""
    if app.answerer is None:
        return None
    try:
        async with asyncio.timeout(TIME_LIMIT):
            starters = await app.answerer.starters(source, club.id)
    except TimeoutError:
        log.warning("%s wrote no questions about %s in time", app.answerer.name, source.key)
        return None
    if starters.tokens_in or starters.tokens_out:
        async with app.store.begin(club.id) as db:
            await db.spending_log.add(
                submission.paper_id,
                app.now(),
                model=app.answerer.name,
                tokens_in=starters.tokens_in,
                tokens_out=starters.tokens_out,
                cost=app.answerer.cost(starters.tokens_in, starters.tokens_out),
            )
    return starters
