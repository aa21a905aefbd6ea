"""Answers by a model, each sentence checked against the paper; passages where the model fails or may not be asked."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

from bot.domain.paper_answers import PaperAnswer, Starters
from bot.domain.summary_values import Passage, SummarySource
from bot.editions.paper_questions.answer_checker import MAX_STARTERS, AnswerChecker
from bot.editions.paper_questions.passage_answer import answer_from_passages
from bot.editions.paper_questions.retrieval import PassageSearch
from bot.editions.paper_questions.starters import starters
from bot.editions.text_analysis.prompt_injection import is_instruction
from bot.editions.writing.budget import Prices, SpendingLookup
from bot.sources.llm import ModelFailed
from bot.sources.llm.chunks import MAX_CHUNK_LENGTH
from bot.sources.llm.responses import ModelAnswer, ModelStarters

log = logging.getLogger(__name__)

MAX_READ = 60
"""Sentences of a long paper that the model reads: the best ones for the question, in the order of the paper."""
DEADLINE = timedelta(seconds=60)


class AnsweringModel(Protocol):
    """A model that answers: `bot.sources.llm.paper_questions.QuestionModel`."""

    name: str

    async def answer(self, source: SummarySource, question: str) -> tuple[ModelAnswer, int, int]:
        """An answer, and its tokens. Raises ModelFailed."""

    async def starters(self, source: SummarySource) -> tuple[ModelStarters, int, int]:
        """Questions for a discussion, and their tokens. Raises ModelFailed."""


class ModelAnswerer:
    """Answers with a model until the month's budget is spent."""

    def __init__(self, model: AnsweringModel, spending: SpendingLookup, prices: Prices) -> None:
        self.name = model.name
        self._model = model
        self._spending = spending
        self._prices = prices

    def cost(self, tokens_in: int, tokens_out: int) -> float:
        """Price of so many tokens."""
        return self._prices.cost(tokens_in, tokens_out)

    async def answer(self, source: SummarySource, question: str, club_id: int) -> PaperAnswer:
        """A short answer, each sentence with its quotes; the best passages if the model gives none that holds.

        A question that gives orders is answered with passages alone.
        """
        plain_answer = await asyncio.to_thread(answer_from_passages, source, question)
        if is_instruction(question) or await self._is_spent(club_id):
            return plain_answer
        checker = await asyncio.to_thread(AnswerChecker, source)
        try:
            async with asyncio.timeout(DEADLINE.total_seconds()):
                said, read, written = await self._model.answer(_part_for(checker.safe, question), question)
        except (ModelFailed, TimeoutError) as error:
            log.warning("%s did not answer about %s: %s", self.name, source.key, error or "it took too long")
            read, written = getattr(error, "tokens_in", 0), getattr(error, "tokens_out", 0)
            return replace(plain_answer, tokens_in=read, tokens_out=written)
        supported = await asyncio.to_thread(checker.sentences, [(one.text, one.quotes) for one in said.sentences])
        if said.found and supported:
            answer = PaperAnswer(True, sentences=supported, writer=self.name, source=source.label)
        else:  # it says that the paper does not say it, or nothing of it holds
            answer = plain_answer if said.found else replace(plain_answer, found=False)
        return replace(answer, tokens_in=read, tokens_out=written)

    async def starters(self, source: SummarySource, club_id: int) -> Starters:
        """The model's questions that hold, completed by those that need no model."""
        own = await asyncio.to_thread(starters, source)
        if await self._is_spent(club_id):
            return Starters(own)
        checker = await asyncio.to_thread(AnswerChecker, source)
        try:
            async with asyncio.timeout(DEADLINE.total_seconds()):
                said, read, written = await self._model.starters(checker.safe)
        except (ModelFailed, TimeoutError) as error:
            log.warning("%s wrote no questions about %s: %s", self.name, source.key, error or "it took too long")
            return Starters(own, tokens_in=getattr(error, "tokens_in", 0), tokens_out=getattr(error, "tokens_out", 0))
        checked = await asyncio.to_thread(checker.starters, [(one.question, one.quote) for one in said.questions])
        quoted = {one.quote.text for one in checked}
        questions = (*checked, *(one for one in own if one.quote.text not in quoted))[:MAX_STARTERS]
        return Starters(questions, self.name if checked else "", read, written)

    async def _is_spent(self, club_id: int) -> bool:
        return self._prices.is_exceeded(*await self._spending(club_id))


def _part_for(source: SummarySource, question: str) -> SummarySource:
    """The part of a source that fits one request: all of it, or its best sentences in their order."""
    if len(source.text) <= MAX_CHUNK_LENGTH:
        return source
    found = PassageSearch(source.passages).search(question, MAX_READ).passages
    parts: dict[str, list[tuple[int, str]]] = {}
    for quote in found:
        parts.setdefault(quote.passage, []).append((quote.start, quote.text))
    passages = tuple(
        Passage(passage.name, "\n".join(text for _, text in sorted(parts[passage.name])))
        for passage in source.passages
        if passage.name in parts
    )
    return replace(source, passages=passages)
