"""Keeping a model's writing within what the house, and each club, wants to spend on it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot.domain.summary_values import Check, SummarySource, WrittenSummary
from bot.editions.writing.writer import CheckedModelWriter
from bot.ports import Writer

SpendingLookup = Callable[[int], Awaitable[tuple[float, float]]]
"""Tells what models have cost since the month began: all clubs together, and the club of this row."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What a model costs, and may cost, in one currency."""

    budget: float = 0.0
    """What all clubs together may spend in a calendar month (UTC); 0 is no limit."""
    club: float = 0.0
    """What each of them may spend in it; 0 is no limit."""
    tokens_in: float = 0.0
    """A million tokens that the model reads."""
    tokens_out: float = 0.0
    """A million tokens that the model writes."""

    def cost(self, tokens_in: int, tokens_out: int) -> float:
        """What so many tokens cost."""
        return (tokens_in * self.tokens_in + tokens_out * self.tokens_out) / 1_000_000

    def is_exceeded(self, admin: float, club: float) -> bool:
        """Whether nothing more may be spent after so much."""
        return bool(self.budget and admin >= self.budget) or bool(self.club and club >= self.club)


class BudgetedWriter:
    """Has the model write while there is money left this month, then uses the papers' own sentences.

    At most `parallel` texts of all clubs are under way at a time, so a month can end over its budget by those at most.
    """

    def __init__(
        self, careful: CheckedModelWriter, extractive: Writer, spent: SpendingLookup, prices: Prices, parallel: int
    ) -> None:
        self.name = careful.name
        self.prompt = careful.prompt
        self.prices = prices
        self._careful = careful
        self._extractive = extractive
        self._spent = spent
        self._turn = asyncio.Semaphore(parallel)

    async def write(self, source: SummarySource, club: int = 0) -> WrittenSummary:
        """Why, key insights and quotes, for a club; a text of the extractive writer says that the budget is spent."""
        async with self._turn:
            if self.prices.is_exceeded(*await self._spent(club)):
                written = await self._extractive.write(source)
                check = Check("budget", False, "this month's budget for the model is spent")
                return replace(written, checks=(*written.checks, check))
            return await self._careful.write(source)

    def for_club(self, club_id: int) -> ClubWriter:
        """The same writer, on this club's account."""
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
        """The same writer, on another club's account."""
        return self._budgeted.for_club(club_id)

    def cost(self, tokens_in: int, tokens_out: int) -> float:
        """Price of so many tokens."""
        return self._budgeted.cost(tokens_in, tokens_out)
