"""Limits the cost of a model to the budgets of the installation and of each club."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot.domain.summary_values import Check, SummarySource, WrittenSummary
from bot.editions.writing.writer import CheckedModelWriter
from bot.ports import Writer

SpendingLookup = Callable[[int], Awaitable[tuple[float, float]]]
"""Function that returns the model costs of the current month: of all clubs together, and of the given club."""


@dataclass(frozen=True, slots=True)
class Prices:
    """Token prices and monthly budgets, all in one currency."""

    budget: float = 0.0
    """Budget of all clubs together for a calendar month (UTC); 0 means no limit."""
    club: float = 0.0
    """Budget of each club for a calendar month (UTC); 0 means no limit."""
    tokens_in: float = 0.0
    """A million tokens that the model reads."""
    tokens_out: float = 0.0
    """A million tokens that the model writes."""

    def cost(self, tokens_in: int, tokens_out: int) -> float:
        """Cost of these numbers of tokens."""
        return (tokens_in * self.tokens_in + tokens_out * self.tokens_out) / 1_000_000

    def is_exceeded(self, total: float, club: float) -> bool:
        """Return True if the `total` costs of all clubs or those of `club` have reached their budget."""
        return bool(self.budget and total >= self.budget) or bool(self.club and club >= self.club)


class BudgetedWriter:
    """Writes with the model until the month's budget is spent, then extractively.

    At most `parallel` texts of all clubs are written at a time, so the budget can be exceeded by at most that many
    texts.
    """

    def __init__(
        self,
        model_writer: CheckedModelWriter,
        extractive: Writer,
        spending: SpendingLookup,
        prices: Prices,
        parallel: int,
    ) -> None:
        self.name = model_writer.name
        self.prompt = model_writer.prompt
        self.prices = prices
        self._model_writer = model_writer
        self._extractive = extractive
        self._spending = spending
        self._slots = asyncio.Semaphore(parallel)

    async def write(self, source: SummarySource, club: int = 0) -> WrittenSummary:
        """A summary for a club; if the budget is spent, an extractive one with a failed `budget` check."""
        async with self._slots:
            if self.prices.is_exceeded(*await self._spending(club)):
                written = await self._extractive.write(source)
                check = Check("budget", False, "this month's budget for the model is spent")
                return replace(written, checks=(*written.checks, check))
            return await self._model_writer.write(source)

    def for_club(self, club_id: int) -> ClubWriter:
        """This writer with its costs charged to a club."""
        return ClubWriter(self, club_id)

    def cost(self, tokens_in: int, tokens_out: int) -> float:
        """Price of so many tokens."""
        return self.prices.cost(tokens_in, tokens_out)


class ClubWriter:
    """A writer on one club's account."""

    def __init__(self, budgeted: BudgetedWriter, club: int) -> None:
        self.name = budgeted.name
        self.prompt = budgeted.prompt
        self._budgeted = budgeted
        self._club = club

    async def write(self, source: SummarySource) -> WrittenSummary:
        """Why, key insights and quotes."""
        return await self._budgeted.write(source, self._club)

    def for_club(self, club_id: int) -> ClubWriter:
        """This writer with its costs charged to another club."""
        return self._budgeted.for_club(club_id)

    def cost(self, tokens_in: int, tokens_out: int) -> float:
        """Price of so many tokens."""
        return self._budgeted.cost(tokens_in, tokens_out)
