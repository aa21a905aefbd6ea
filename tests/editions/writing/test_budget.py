"""A model writes while the budget lasts; after that, summaries are extractive."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.summary_values import Passage, SummarySource
from bot.editions.writing.budget import BudgetedWriter, Prices
from bot.editions.writing.writer import CheckedModelWriter, ExtractiveWriter
from bot.sources.llm import ModelDraft, ModelFailed

ABSTRACT = "We study small networks. We find that they solve puzzles. This surprises us, since they are small."
SOURCE = SummarySource("arxiv:2510.04871", 1, "Small networks", (Passage("abstract", ABSTRACT),))


class Failing:
    """A model that fails whenever it is called."""

    name = "gpt"
    prompt = "1"
    asked = 0

    async def draft(self, source: SummarySource, complaints: object = ()) -> ModelDraft:
        self.asked += 1
        raise ModelFailed("it is down")


async def written(total: float, club: float, prices: Prices) -> tuple[int, set[str]]:
    """Number of calls of the model, and the names of failed checks."""
    model = Failing()
    extractive = ExtractiveWriter(lambda: datetime(2026, 11, 20, tzinfo=UTC))

    async def spent(club_id: int) -> tuple[float, float]:
        assert club_id == 7
        return total, club

    writer = BudgetedWriter(CheckedModelWriter(model, extractive), extractive, spent, prices, parallel=2).for_club(7)
    text = await writer.write(SOURCE)
    assert text.why
    assert writer.cost(1_000_000, 100_000) == prices.tokens_in + prices.tokens_out / 10
    return model.asked, {check.name for check in text.checks if not check.passed}


async def test_the_model_is_asked_while_there_is_money_left() -> None:
    asked, _ = await written(1.99, 0.99, Prices(budget=2, club=1, tokens_in=1, tokens_out=10))
    assert asked > 0


@pytest.mark.parametrize(("total", "club"), [(2.0, 0.1), (1.5, 1.0)])
async def test_once_it_is_spent_the_papers_own_sentences_are_used_and_say_so(total: float, club: float) -> None:
    asked, failed = await written(total, club, Prices(budget=2, club=1, tokens_in=1, tokens_out=10))
    assert asked == 0
    assert failed == {"budget"}


async def test_without_a_budget_there_is_no_limit() -> None:
    asked, _ = await written(10.0**12, 10.0**12, Prices(tokens_in=1, tokens_out=10))
    assert asked > 0
