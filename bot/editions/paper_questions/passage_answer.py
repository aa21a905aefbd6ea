"""Answers without a model: the best passages of the paper, word for word."""

from __future__ import annotations

from bot.domain.paper_answers import PaperAnswer, SearchedText, Starters
from bot.domain.summary_values import MAX_FULL_TEXT, SummarySource
from bot.editions.paper_questions.retrieval import PassageSearch
from bot.editions.paper_questions.starters import starters
from bot.editions.text_analysis.language_check import is_in_other_language

MAX_PASSAGES = 3
MAX_CLOSEST = 2
"""Passages that are shown when no answer was found."""
CUT = 100
"""Characters by which a text that was cut at its limit may be shorter than that."""


def answer_from_passages(source: SummarySource, question: str) -> PaperAnswer:
    """The best passages; if they do not cover the question, no answer was found, and the closest ones are shown."""
    found = PassageSearch(source.passages).search(question, MAX_PASSAGES)
    return PaperAnswer(
        found.says,
        passages=found.passages if found.says else found.passages[:MAX_CLOSEST],
        source=source.label,
        searched=searched_text(source),
        other_language=not found.says and is_in_other_language(question, source.text),
    )


def searched_text(source: SummarySource) -> SearchedText:
    """Part of the paper that a source has."""
    if len(source.passages) <= 1:
        return SearchedText.ABSTRACT
    length = sum(len(passage.text) for passage in source.passages[1:])
    return SearchedText.BEGINNING if length > MAX_FULL_TEXT - CUT else SearchedText.WHOLE


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
