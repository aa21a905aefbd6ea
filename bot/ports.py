"""Ports: what the program asks of the outside world, each declared once and filled by `bot.sources` or `bot.store.sessions`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.paper_record import PaperRecord
from bot.domain.summary_values import Passage, SummarySource, WrittenSummary


class PaperSource(Protocol):
    """Source of papers' details: arXiv. Raises Unavailable while it cannot be asked."""

    async def records(self, ids: Sequence[str]) -> dict[str, PaperRecord]:
        """Details by id; an id that does not exist is left out."""

    async def search(
        self, words: str, *, author: str = "", since: datetime | None = None, limit: int = 10
    ) -> list[PaperRecord]:
        """Papers that match, best first; of an author, or first submitted since a moment."""


class DoiRegistry(Protocol):
    """Source of details of works with other DOIs: Crossref. Raises Unavailable while it cannot be asked."""

    async def record(self, doi: str) -> PaperRecord | None:
        """Details of a DOI; None if it does not exist."""


class FullTextSource(Protocol):
    """Source of papers' whole texts: arXiv. Raises Unavailable while it cannot be asked."""

    async def text(self, arxiv_id: str, version: int) -> tuple[Passage, ...]:
        """Sections of a version of a paper; none where there is no text to read."""


class PaperCounter(Protocol):
    """Counter of the papers that come out: arXiv. Raises Unavailable while it cannot be asked."""

    async def count(self, categories: Sequence[str], since: datetime, until: datetime) -> int:
        """Papers of any of these categories that first came out between two moments."""


class LinkChecker(Protocol):
    """Checker of the pages that papers link to. Never raises."""

    async def missing(self, urls: Sequence[str]) -> frozenset[str]:
        """Those of these addresses at which there is no page."""


class Writer(Protocol):
    """Writer of summaries. Never fails: what cannot be written well is taken from the abstract."""

    name: str
    """Name that its texts are stored under, to be used again; empty where they are free and written anew each time."""
    prompt: str
    """Version of what it is told, stored with its texts."""

    async def write(self, source: SummarySource) -> WrittenSummary:
        """Why it matters, key insights and quotes of one paper."""

    def for_club(self, club_id: int) -> Writer:
        """The same writer on this club's account; itself where there are no accounts."""

    def cost(self, tokens_in: int, tokens_out: int) -> float | None:
        """Price of so many tokens, in the currency of the prices that were set; None where nothing has a price."""


class RateGate(Protocol):
    """Gate that keeps requests to one source apart; all processes of a database share one."""

    async def wait(self, name: str, gap: timedelta) -> None:
        """Return when the next request to `name` may leave: at least `gap` after the one before it."""
