"""Keeping a model's writing within what the house wants to spend on it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot.domain.summaries import Check, Source, Written
from bot.editions.writing.writer import CarefulWriter, Writer

Spent = Callable[[], Awaitable[tuple[int, int]]]
"""Tells the tokens read and written by models since the month began."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What a model costs, in one currency."""

    budget: float = 0.0
    """What may be spent in a calendar month (UTC); 0 is no limit."""
    tokens_in: float = 0.0
    """A million tokens that the model reads."""
    tokens_out: float = 0.0
    """A million tokens that the model writes."""

    def cost(self, tokens_in: int, tokens_out: int) -> float:
        """What so many tokens cost."""
        return (tokens_in * self.tokens_in + tokens_out * self.tokens_out) / 1_000_000


class BudgetedWriter:
    """Has the model write while there is money left this month, then uses the papers' own sentences.

    At most `parallel` texts are under way at a time, so a month can end over its budget by those at most.
    """

    def __init__(self, careful: CarefulWriter, extractive: Writer, spent: Spent, prices: Prices, parallel: int) -> None:
        self.name = careful.name
        self.prompt = careful.prompt
        self._careful = careful
        self._extractive = extractive
        self._spent = spent
        self._prices = prices
        self._turn = asyncio.Semaphore(parallel)

    async def write(self, source: Source) -> Written:
        """Why, key insights and quotes; a text of the extractive writer says that the budget is spent."""
        async with self._turn:
            if self._prices.budget and self._prices.cost(*await self._spent()) >= self._prices.budget:
                written = await self._extractive.write(source)
                check = Check("budget", False, "this month's budget for the model is spent")
                return replace(written, checks=(*written.checks, check))
            return await self._careful.write(source)
