"""Ports: interfaces to the outside world, implemented in `bot.sources` and `bot.store`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.page_details import PageDetails
from bot.domain.paper_answers import PaperAnswer, Starters
from bot.domain.paper_figures import PaperFigure, PaperFigures
from bot.domain.paper_record import PaperRecord
from bot.domain.stream.items import StreamPage
from bot.domain.summary_values import Passage, SummarySource, WrittenSummary


class PaperSource(Protocol):
    """Source of paper details: arXiv. Raises Unavailable while it cannot be reached."""

    async def records(self, ids: Sequence[str]) -> dict[str, PaperRecord]:
        """Records by id; unknown ids are left out."""

    async def search(
        self, words: str, *, author: str = "", since: datetime | None = None, limit: int = 10
    ) -> list[PaperRecord]:
        """Matching papers, best first; of an author, or first submitted since a time."""


class DoiRegistry(Protocol):
    """Source of details for other DOIs: Crossref, DataCite, OpenAlex. Raises Unavailable while it cannot be reached."""

    async def record(self, doi: str) -> PaperRecord | None:
        """Record of a DOI; None if it does not exist."""


class WorkFinder(Protocol):
    """Finder of works by their page or their title: OpenAlex. Raises Unavailable while it cannot be reached."""

    label: str

    async def at_url(self, url: str) -> list[PaperRecord]:
        """Works that have a copy at an address, at most 5; the records may lack details."""

    async def titled(self, title: str) -> list[PaperRecord]:
        """Works whose title has these words, best first, at most 5; the records may lack details."""


class FullTextSource(Protocol):
    """Source of full texts: arXiv. Raises Unavailable while it cannot be reached."""

    async def text(self, arxiv_id: str, version: int) -> tuple[Passage, ...]:
        """Sections of a version of a paper; empty if there is no readable text."""


class PaperFigureSource(Protocol):
    """Source of papers' figures: arXiv. Raises Unavailable while it cannot be reached."""

    async def figures(self, arxiv_id: str, version: int) -> PaperFigures | None:
        """Figures and license of a version of a paper; None if there is no page to read them from."""

    async def picture(self, figure: PaperFigure) -> bytes:
        """Content of a figure's picture."""


class PaperCounter(Protocol):
    """Source of publication counts: arXiv. Raises Unavailable while it cannot be reached."""

    async def count(self, categories: Sequence[str], since: datetime, until: datetime) -> int:
        """Number of papers in any of the categories that were first published between two times."""


@dataclass(frozen=True, slots=True)
class ListedRecords:
    """Papers of a listing, and the names of entries that were left out since they are broken."""

    records: Sequence[PaperRecord]
    left_out: tuple[str, ...] = ()


class PaperListing(Protocol):
    """Source of all new papers of a subject: arXiv. Raises Unavailable while it cannot be reached."""

    async def listed(
        self, categories: Sequence[str], since: datetime, until: datetime, *, limit: int = 100
    ) -> ListedRecords:
        """Papers of any of the categories that were first submitted between two times, newest first."""


class StreamReader(Protocol):
    """Reader of one kind of sources of new papers. Raises Unavailable, whose message says why nothing was read."""

    together: int
    """Sources of this kind that are asked for in one request."""

    def start(self, read_until: datetime | None, now: datetime) -> str:
        """Position at which a reading begins; `read_until` is the start of the last complete one, None for none."""

    async def read(self, addresses: Sequence[str], position: str, until: datetime) -> StreamPage:
        """One page of what these sources announced before `until`."""

    def next_time(self, now: datetime) -> datetime:
        """Time of the next reading, after a complete one."""


class LinkChecker(Protocol):
    """Checker of links from papers. Never raises."""

    async def missing(self, urls: Sequence[str]) -> frozenset[str]:
        """Addresses of `urls` that have no page."""


class PageReader(Protocol):
    """Reader of the details of web pages. Never raises."""

    async def details(self, url: str) -> PageDetails | None:
        """Title, authors and identifiers of a page; None if they cannot be read."""


class ServiceCheck(Protocol):
    """Service whose answers depend on an account. Never raises."""

    name: str
    """Kind of the sources of new papers that it answers for."""
    label: str

    @property
    def has_account(self) -> bool:
        """True if the settings give it an account, so that it is wanted."""

    async def check(self) -> tuple[bool, str]:
        """True if it answers as it is set up, with a sentence about it."""


class Writer(Protocol):
    """Writer of summaries. Never raises: if it fails, sentences of the abstract are used."""

    name: str
    """Name under which its texts are stored for reuse; empty if they cost nothing and are written each time."""
    prompt: str
    """Version of its prompt, stored with its texts."""

    async def write(self, source: SummarySource) -> WrittenSummary:
        """Write the summary of one paper: why it matters, key insights and quotes."""

    def for_club(self, club_id: int) -> Writer:
        """The same writer with spending charged to a club; itself if it has no spending."""

    def cost(self, tokens_in: int, tokens_out: int) -> float | None:
        """Price of so many tokens, in the currency of the configured prices; None if there are none."""


class Answerer(Protocol):
    """Answerer of questions about a paper. Never raises: if its model fails, it answers with passages."""

    name: str
    """Name of its model; empty without one."""

    async def answer(self, source: SummarySource, question: str, club_id: int) -> PaperAnswer:
        """Answer a question from a paper's text alone, on a club's account."""

    async def starters(self, source: SummarySource, club_id: int) -> Starters:
        """At most three questions for a discussion, each drawn from a passage, on a club's account."""

    def cost(self, tokens_in: int, tokens_out: int) -> float:
        """Price of so many tokens, in the currency of the configured prices."""


class RateGate(Protocol):
    """Minimum distance between requests to one source, shared by all processes of a database."""

    async def wait(self, name: str, gap: timedelta) -> None:
        """Wait until the next request to `name` may be sent: at least `gap` after the previous one."""
