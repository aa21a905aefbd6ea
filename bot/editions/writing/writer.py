"""Who writes: the abstract's own sentences."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from bot.domain.summaries import Check, Source, Written
from bot.editions.writing.extractive import VERSION, extract
from bot.editions.writing.quotes import Ledger

NAME = "extractive"


class ExtractiveWriter:
    """Writes with the source's own sentences: no model, no network, nothing that is not in the paper."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now

    async def write(self, source: Source) -> Written:
        """Why, key insights and quotes of one paper; all empty where there is no text."""
        text = source.passages[0].text if source.passages else ""
        drawn = extract(source.title, text)
        ledger = Ledger(source.passages)
        quotes = tuple(quote for words in drawn.quotes if (quote := ledger.find(words)))
        return Written(
            why=drawn.why,
            insights=drawn.insights,
            quotes=quotes,
            links=(),
            theme="",
            confidence=None,
            writer=NAME,
            prompt=VERSION,
            source=source.says,
            at=self._now(),
            checks=(Check("quotes", len(quotes) == len(drawn.quotes)),),
        )
