"""A model writes while there is money left; after that the papers speak for themselves."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.domain.summaries import Passage, Source
from bot.editions.writing.budget import BudgetedWriter, Prices
from bot.editions.writing.writer import CarefulWriter, ExtractiveWriter
from bot.sources.llm import Draft, ModelFailed

ABSTRACT = "We study small networks. We find that they solve puzzles. This surprises us, since they are small."
SOURCE = Source("arxiv:2510.04871", 1, "Small networks", (Passage("abstract", ABSTRACT),))


class Failing:
    """A model that is asked, and fails."""

    name = "gpt"
    prompt = "1"
    asked = 0

    async def draft(self, source: Source, complaints: object = ()) -> Draft:
        self.asked += 1
        raise ModelFailed("it is down")


async def written(spent: tuple[int, int], prices: Prices) -> tuple[int, set[str]]:
    """How often the model was asked, and which checks the text did not pass."""
    model = Failing()
    extractive = ExtractiveWriter(lambda: datetime(2026, 11, 20, tzinfo=UTC))

    async def tokens() -> tuple[int, int]:
        return spent

    writer = BudgetedWriter(CarefulWriter(model, extractive), extractive, tokens, prices, parallel=2)
    text = await writer.write(SOURCE)
    assert text.why
    return model.asked, {check.name for check in text.checks if not check.passed}


async def test_the_model_is_asked_while_there_is_money_left() -> None:
    asked, _ = await written((1_000_000, 99_999), Prices(budget=2, tokens_in=1, tokens_out=10))
    assert asked > 0


async def test_once_it_is_spent_the_papers_own_sentences_are_used_and_say_so() -> None:
    asked, failed = await written((1_000_000, 100_000), Prices(budget=2, tokens_in=1, tokens_out=10))
    assert asked == 0
    assert failed == {"budget"}


async def test_without_a_budget_there_is_no_limit() -> None:
    asked, _ = await written((10**12, 10**12), Prices(tokens_in=1, tokens_out=10))
    assert asked > 0
