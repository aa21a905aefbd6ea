"""Command `paper ask`: a question about a paper, answered with what is written in it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Card, ListEntry, Tone, text
from bot.chat.commands import Commands
from bot.chat.error_cards import RefusedWithCard
from bot.chat.parameters import ParameterHint
from bot.chat.phrases import phrase
from bot.chat.rich_text import Bold, Italic
from bot.chat.text import one_line, truncate
from bot.domain.models import PaperQuestion, Submission
from bot.domain.paper_answers import PaperAnswer
from bot.domain.summary_values import SummarySource
from bot.editions.paper_questions.passage_answer import PassageAnswerer
from bot.errors import UserError
from bot.features.paper_questions.answer_card import answer_card
from bot.features.shared.field_checks import check_paper
from bot.features.shared.lookup import PAPER, by_title, find_submission
from bot.features.shared.papers.full_text import FullTextReader
from bot.features.shared.papers.paper_cards import title_of
from bot.features.shared.quotas import check_quota
from bot.features.shared.votes.voting_window import current_ranking
from bot.locale.current import _
from bot.ports import Answerer
from bot.store import UnitOfWork

commands = Commands()

_WORD = re.compile(r"[^\W_]{2,}")


QUESTION_WORDS = frozenset(
    (
        *("what", "which", "who", "whom", "whose", "when", "where", "why", "how", "is", "are", "was", "were", "does"),
        *("do", "did", "can", "could", "has", "have", "will", "would", "should"),
        *("welche", "welcher", "welches", "wer", "wen", "wem", "wann", "wo", "warum", "wieso", "wie", "ist", "sind"),
        *("war", "waren", "hat", "haben", "kann", "können", "gibt"),
    )
)
"""Words that begin a question rather than name a paper."""

RECENT = timedelta(hours=12)
"""Time for which a question without a paper is about the paper of the member's last question."""
MAX_OFFERED = 5
"""Papers that are offered for a question without one."""


def _is_question(line: str) -> bool:
    """True for a typed line that begins with a question and not with a paper."""
    first = line.split(maxsplit=1)[0].lower().rstrip("?,") if line.strip() else ""
    return first in QUESTION_WORDS


async def _chosen_paper(ctx: Context, db: UnitOfWork, paper: str, question: str) -> Submission:
    """The paper that is asked: the named one, that of the thread, or that of the member's last question.

    Raises RefusedWithCard, with a button for each of some papers that asks it the same question, if there is none.
    """
    if paper.strip() or ctx.here:
        return await find_submission(ctx, db, paper)
    last = await db.paper_questions.last_paper(ctx.member.id, since=ctx.now - RECENT)
    if last and (chosen := await db.submissions.get(last)):
        return chosen
    found = await current_ranking(ctx, db, None, 0, MAX_OFFERED)
    if not found:
        raise UserError(_("Which paper? Give its number, a link, or some words of its title."), field="paper")
    entries = tuple(
        ListEntry(
            (Bold(f"#{each.number}"), f" {truncate(title_of(each), 100)}"),
            button=Button(_("Ask #{number}", number=each.number), Call.of("paper ask", each.number, question=question)),
        )
        for each in found
    )
    say = text(*phrase("Your question is kept: {question}", question=Italic(question)))
    raise RefusedWithCard(Card(_("Which paper is your question about?"), (say, *entries)))


@commands("paper ask", examples=("/paper ask 12 Which datasets were used?", "/paper ask 12 What are its limits?"))
async def ask(
    ctx: Context,
    paper: Annotated[str, ParameterHint(PAPER, here=True, asked_later=True, suggest=by_title, check=check_paper)] = "",
    *,
    question: Annotated[
        str, ParameterHint("your question, in the paper’s language", long=True, most=500, starts=_is_question)
    ],
    share: Annotated[bool, ParameterHint("share the answer with everyone here", in_forms=False)] = False,
) -> AsyncIterator[Card]:
    """Ask a question about a paper. The answer uses only the paper’s own words.

    Each passage of the answer is quoted from the full text or the abstract. Only you see the answer, until you share
    it.
    """
    question = one_line(question)
    if not _WORD.search(question):
        raise UserError(_("Please write your question in words."), field="question")
    async with ctx.read() as db:
        chosen = await _chosen_paper(ctx, db, paper, question)
        stored = await db.paper_questions.answer(ctx.member.id, chosen.id, question)
        if stored is None:
            await check_quota(ctx, db, "question")
    if share:
        if stored is None:
            raise UserError(_("Ask it without `share` first. Then press “Share with everyone here”."))
        yield answer_card(chosen, question, PaperAnswer.from_json(stored), asked_by=ctx.member.name)
        return
    if not chosen.paper.abstract:
        say = (
            _("its details are not there yet; try again in a few minutes")
            if chosen.paper.pending
            else _("it has no text that I can read")
        )
        raise UserError(
            _("I cannot answer questions about #{chosen_number}: {say}.", chosen_number=chosen.number, say=say),
            field="paper",
        )
    yield Card(title_of(chosen), (text(_("Reading it …")),), Tone.QUIET)
    source = await FullTextReader(ctx.app, ctx.club).source(chosen.paper)
    async with ctx.read() as db:
        stored = await db.paper_questions.answer(ctx.member.id, chosen.id, question, source.digest)
    answer = PaperAnswer.from_json(stored) if stored else await _answer(ctx, chosen, source, question)
    yield answer_card(chosen, question, answer, can_share=True)


async def _answer(ctx: Context, chosen: Submission, source: SummarySource, question: str) -> PaperAnswer:
    """A new answer, stored with its cost."""
    answerer = _answerer_of(ctx.app.answerer, uses_model=ctx.settings.writer == "auto")
    answer = await answerer.answer(source, question, ctx.club.id)
    async with ctx.begin() as db:
        await db.paper_questions.add(
            PaperQuestion(
                submission_id=chosen.id,
                member_id=ctx.member.id,
                question=question,
                digest=source.digest,
                answer=answer.to_json(),
                at=ctx.now,
            )
        )
        await _record_cost(ctx, db, chosen, answerer, answer)
    return answer


def _answerer_of(configured: Answerer | None, *, uses_model: bool) -> Answerer:
    """The model, if there is one and the club lets it write; else passages alone."""
    return configured if configured and uses_model else PassageAnswerer()


async def _record_cost(
    ctx: Context, db: UnitOfWork, chosen: Submission, answerer: Answerer, answer: PaperAnswer
) -> None:
    if answer.tokens_in or answer.tokens_out:
        await db.spending_log.add(
            chosen.paper_id,
            ctx.now,
            model=answerer.name,
            tokens_in=answer.tokens_in,
            tokens_out=answer.tokens_out,
            cost=answerer.cost(answer.tokens_in, answer.tokens_out),
        )
