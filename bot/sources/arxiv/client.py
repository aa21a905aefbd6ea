"""Client of the arXiv API: queries and feeds by the `arxiv` package, transport and validation of our own."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Self, TypeVar
from urllib.parse import quote, urlencode, urljoin

import arxiv

from bot.domain.clock import utc_now
from bot.domain.paper_figures import PaperFigure, PaperFigures
from bot.domain.paper_record import PaperRecord
from bot.domain.summary_values import Passage
from bot.locale.translatable import TranslatableText
from bot.ports import ListedRecords, RateGate
from bot.sources.arxiv import api_ids, atom_feed, full_text, query
from bot.sources.arxiv.errors import ArxivMalformed, ArxivUnavailable, BadQuery
from bot.sources.arxiv.figures import read_figures
from bot.sources.arxiv.transport import ArxivTransport, check_response, origin
from bot.sources.http_client import HostClient, HostUnreachable, RequestPolicy, UnexpectedResponse

Content = TypeVar("Content")

HOME = "https://export.arxiv.org/api/query"
BATCH = 100  # ids in one request, and papers on one page; arXiv recommends small pages
MAX_RESULTS = 2_000  # papers of one listing
REQUEST_POLICY = RequestPolicy(
    min_interval=timedelta(seconds=3)
)  # https://info.arxiv.org/help/api/tou.html: one request every 3 s


class ArxivClient:
    """Queries arXiv for papers, one request at a time and rate-limited.

    Every failure raises ArxivUnavailable or ArxivMalformed: an empty result means that arXiv itself reported no papers.
    Close it, or use it as `async with`.
    """

    def __init__(
        self,
        rate_gate: RateGate,
        *,
        contact: str,
        base_url: str = HOME,
        html_url: str = "",
        policy: RequestPolicy = REQUEST_POLICY,
        now: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
        on_outcome: Callable[[str], None] | None = None,
    ) -> None:
        """`base_url` is the API's address; `contact` (a URL or an e-mail address) identifies the installation to arXiv.

        `html_url` is the address of papers as web pages, by default `/html` on the same host. `on_outcome` is called
        with the outcome of each request: ok, busy (429), odd (malformed response) or silent (no response).
        """
        self._base_url = base_url
        self._now = now
        self._on_outcome = on_outcome
        self._html_url = html_url or urljoin(base_url, "/html")

        def host(url: str) -> HostClient:
            agent = f"journalclub ({contact})"
            return HostClient(
                "arxiv", url, agent=agent, rate_gate=rate_gate, policy=policy, now=now, sleep=sleep, chance=chance
            )

        self._host = host(base_url)
        self._pages = self._host if origin(self._html_url) == origin(base_url) else host(self._html_url)
        self._reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="arxiv")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_unused: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections and the parser thread."""
        self._reader.shutdown(wait=False, cancel_futures=True)
        await self._host.close()
        await self._pages.close()

    async def records(self, arxiv_ids: Sequence[str]) -> dict[str, PaperRecord]:
        """The papers with these ids, by the requested id without its version.

        An id may contain a version (`1706.03762v1`), otherwise the newest is returned; if several versions of a paper
        are requested, the newest one. Ids that are invalid or unknown to arXiv are missing from the result.
        """
        names: dict[str, str] = {}  # requested id → arXiv's canonical id
        versions: dict[str, int | None] = {}
        for arxiv_id in arxiv_ids:
            if parts := api_ids.split(arxiv_id):
                bare, version = parts
                name = names[bare] = api_ids.canonical(bare)
                other = versions.get(name, version)
                versions[name] = max(version, other) if version and other else None
        requested = [f"{name}v{version}" if version else name for name, version in versions.items()]
        found: dict[str, PaperRecord] = {}
        for start in range(0, len(requested), BATCH):
            found |= {record.arxiv_id: record for record in await self._batch(requested[start : start + BATCH])}
        return {bare: found[name] for bare, name in names.items() if name in found}

    async def search(
        self, words: str, *, author: str = "", since: datetime | None = None, limit: int = 10
    ) -> list[PaperRecord]:
        """Up to `limit` papers that contain all these words, the most relevant first.

        `words` are plain words: field prefixes, operators and punctuation have no effect. `author` and `since` (date of
        the first version) restrict the result. Raises BadQuery if `words` contains no searchable word.
        """
        until = max(self._now(), since) if since else None
        return await self._query(query=query.for_words(words, author=author, since=since, until=until), limit=limit)

    async def listed(
        self, categories: Sequence[str], since: datetime, until: datetime, *, limit: int = BATCH
    ) -> ListedRecords:
        """Up to `limit` papers of any of `categories` first submitted from `since` to `until`, newest first.

        Times must be aware and are precise to the minute; cross-lists are included. At most 2,000 papers, 100 a
        request. A few entries that are broken are left out and named.
        """
        left_out: list[str] = []
        records = await self._query(
            query=query.for_listing(categories, since, until),
            limit=limit,
            sort_by=arxiv.SortCriterion.SubmittedDate,
            left_out=left_out,
        )
        return ListedRecords([one for one in records if not atom_feed.is_set_aside(one)], tuple(left_out))

    async def count(self, categories: Sequence[str], since: datetime, until: datetime) -> int:
        """Total number of papers that `listed` could return."""
        words = {"search_query": query.for_listing(categories, since, until), "start": 0, "max_results": 1}
        with self._report_to_metrics():
            answer = await check_response(self._host, f"{self._base_url}?{urlencode(words)}", 200, 400)
            atom_feed.check(answer.body, start=0, size=1)
            return atom_feed.total(answer.body)

    async def text(self, arxiv_id: str, version: int) -> tuple[Passage, ...]:
        """The sections of a version of a paper from its HTML page; empty if arXiv has none.

        Raises ArxivUnavailable and ArxivMalformed like the other methods, ValueError if the id is invalid.
        """
        parts = api_ids.split(arxiv_id)
        if parts is None:
            raise ValueError(f"{arxiv_id!r} is no arXiv id")
        name = f"{api_ids.canonical(parts[0])}v{version}" if version else api_ids.canonical(parts[0])
        return await self._read_page(name, full_text.read) or ()

    async def figures(self, arxiv_id: str, version: int) -> PaperFigures | None:
        """The figures and the license of a version of a paper from its HTML page; None if arXiv has no such page."""
        parts = api_ids.split(arxiv_id)
        if parts is None:
            raise ValueError(f"{arxiv_id!r} is no arXiv id")
        name = f"{api_ids.canonical(parts[0])}v{version}" if version else api_ids.canonical(parts[0])
        # arXiv's addresses of pictures are relative to the page as a folder.
        return await self._read_page(name, lambda body: read_figures(body, f"{self._html_url}/{name}/"))

    async def picture(self, figure: PaperFigure) -> bytes:
        """The picture of a figure. Raises ArxivMalformed if its address is not on arXiv's pages, or if it is gone."""
        with self._report_to_metrics():
            if origin(figure.url) != origin(self._html_url):
                raise ArxivMalformed(TranslatableText("the picture is on another site"))
            answer = await check_response(self._pages, quote(figure.url, safe="/:%?=&"), 200, 404)
            if answer.status == 404:
                raise ArxivMalformed(TranslatableText("the picture is missing"))
            return answer.body

    async def _read_page(self, name: str, read: Callable[[bytes], Content]) -> Content | None:
        """Result of reading a paper's page; None if there is no page. Raises ArxivMalformed without HTML."""
        with self._report_to_metrics():
            answer = await check_response(self._pages, f"{self._html_url}/{name}", 200, 404)
            if answer.status == 404:
                return None
            try:
                return await asyncio.get_running_loop().run_in_executor(self._reader, read, answer.body)
            except full_text.NoHtmlVersion as error:
                raise ArxivMalformed(str(error)) from error

    async def _batch(self, batch: Sequence[str]) -> list[PaperRecord]:
        """The papers of one request; ids that arXiv rejects are dropped and the request is repeated."""
        remaining = list(batch)
        while remaining:
            try:
                records = await self._query(id_list=remaining, limit=len(remaining))
            except BadQuery as complaint:
                named = set(re.findall(r"[\w./-]+", complaint.complaint))
                readable = [arxiv_id for arxiv_id in remaining if arxiv_id not in named]
                if len(readable) == len(remaining):
                    raise
                remaining = readable
            else:
                requested = {parts[0] for parts in map(api_ids.split, remaining) if parts}
                if any(record.arxiv_id not in requested for record in records):
                    raise ArxivMalformed(TranslatableText("it is about papers that were not asked for"))
                return records
        return []

    async def _query(self, *, limit: int, left_out: list[str] | None = None, **search: Any) -> list[PaperRecord]:
        """The papers of a search. With `left_out`, broken entries are emptied and their names added to it."""
        limit = min(limit, MAX_RESULTS)
        if limit < 1:
            return []
        transport = ArxivTransport(asyncio.get_running_loop(), self._host, sets_aside=left_out is not None)
        client = arxiv.Client(page_size=min(limit, BATCH), delay_seconds=0, num_retries=0)
        client.query_url_format = self._base_url.replace("{", "{{").replace("}", "}}") + "?{}"
        client._session = transport

        def read() -> list[PaperRecord]:
            return [atom_feed.record(result) for result in client.results(arxiv.Search(max_results=limit, **search))]

        with self._report_to_metrics():
            try:
                return await asyncio.get_running_loop().run_in_executor(self._reader, read)
            except HostUnreachable as error:
                raise ArxivUnavailable(error.reason, error.retry_at) from error
            except UnexpectedResponse as error:
                raise ArxivMalformed(TranslatableText("it is {reason}", reason=error.reason)) from error
            except arxiv.ArxivError as error:
                raise ArxivMalformed(TranslatableText("a page of it is empty")) from error
            finally:
                if left_out is not None:
                    left_out += transport.left_out
                transport.close()

    @contextmanager
    def _report_to_metrics(self) -> Iterator[None]:
        """Report the outcome of a request to `on_outcome`."""
        outcome = "ok"
        try:
            yield
        except ArxivUnavailable as error:
            outcome = "busy" if error.reason == "HTTP 429" else "silent"
            raise
        except ArxivMalformed:
            outcome = "odd"
            raise
        finally:
            if self._on_outcome:
                self._on_outcome(outcome)
