"""Answers without a model: the best passages of the paper, word for word."""

from __future__ import annotations

from bot.domain.paper_answers import PaperAnswer, Starters
from bot.domain.summary_values import SummarySource
from bot.editions.questions.retrieval import PassageSearch
from bot.editions.questions.starters import starters

MAX_PASSAGES = 3
MAX_CLOSEST = 2
"""Passages that are shown when the paper does not say it."""


def answer_from_passages(source: SummarySource, question: str) -> PaperAnswer:
    """The best passages; if they do not cover the question, the paper does not say it, and the closest ones."""
    found = PassageSearch(source.passages).search(question, MAX_PASSAGES)
    passages = found.passages if found.says else found.passages[:MAX_CLOSEST]
    return PaperAnswer(found.says, passages=passages, source=source.label)


class PassageAnswerer:
    """Answers with passages alone: no model, no network."""

    name = ""

    async def answer(self, source: SummarySource, question: str, club_id: int) -> PaperAnswer:
        """The best passages of the paper."""
        return answer_from_passages(source, question)

    async def starters(self, source: SummarySource, club_id: int) -> Starters:
        """Three questions by kind, each with a passage."""
        return Starters(starters(source))

    def cost(self, tokens_in: int, tokens_out: int) -> float:
        """0: it uses no tokens."""
        return 0.0
