"""arXiv, asked through the `arxiv` package: it builds the queries and parses the feeds, the way there is ours."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Self
from urllib.parse import urlencode, urljoin

import arxiv

from bot.domain.clock import utc_now
from bot.domain.paper_record import PaperRecord
from bot.domain.summary_values import Passage
from bot.ports import RateGate
from bot.sources.arxiv import api_ids, atom_feed, full_text, query
from bot.sources.arxiv.errors import ArxivMalformed, ArxivUnavailable, BadQuery
from bot.sources.arxiv.transport import ArxivTransport, check_response, origin
from bot.sources.http_client import HostClient, HostUnreachable, RequestPolicy, UnexpectedResponse

HOME = "https://export.arxiv.org/api/query"
BATCH = 100  # ids in one request, and papers on one page; arXiv asks for small slices
MAX_RESULTS = 2_000  # papers of one listing
REQUEST_POLICY = RequestPolicy(
    min_interval=timedelta(seconds=3)
)  # https://info.arxiv.org/help/api/tou.html: one request every 3 s


class ArxivClient:
    """Asks arXiv about papers, one request at a time and each after its turn.

    Whatever is wrong with arXiv raises ArxivUnavailable or ArxivNonsense: an empty answer of these methods is
    arXiv's own word that there is nothing. Close it, or use it as `async with`.
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
        tell: Callable[[str], None] | None = None,
    ) -> None:
        """Ask at `base_url`; `contact` (a URL or an e-mail address) tells arXiv in each request who we are.

        `html_url` is where papers are as web pages; empty is `/html` on the same host. `tell` is told what comes of
        each question: ok, busy (429), odd (an answer that makes no sense) or silent.
        """
        self._base_url = base_url
        self._now = now
        self._tell = tell
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

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Let go of the connection and the reading thread."""
        self._reader.shutdown(wait=False, cancel_futures=True)
        await self._host.close()
        await self._pages.close()

    async def records(self, asked: Sequence[str]) -> dict[str, PaperRecord]:
        """The papers with these ids, by the id as it was asked but without its version.

        An id may name a version (`1706.03762v1`), else the newest is meant; of one paper asked in several
        versions the newest wins. An id that is unknown to arXiv, or is no arXiv id, is not in the answer.
        """
        names: dict[str, str] = {}  # as asked → as arXiv answers
        versions: dict[str, int | None] = {}
        for arxiv_id in asked:
            if parts := api_ids.split(arxiv_id):
                bare, version = parts
                name = names[bare] = api_ids.canonical(bare)
                other = versions.get(name, version)
                versions[name] = max(version, other) if version and other else None
        wanted = [f"{name}v{version}" if version else name for name, version in versions.items()]
        found: dict[str, PaperRecord] = {}
        for start in range(0, len(wanted), BATCH):
            found |= {record.arxiv_id: record for record in await self._batch(wanted[start : start + BATCH])}
        return {bare: found[name] for bare, name in names.items() if name in found}

    async def search(
        self, words: str, *, author: str = "", since: datetime | None = None, limit: int = 10
    ) -> list[PaperRecord]:
        """Up to `limit` papers that have all these words, the most relevant first.

        `words` are words only: field prefixes, operators and signs in them have no meaning. Raises BadQuery
        when there is no word in them. `author` and `since` (the first version's day) narrow it down.
        """
        until = max(self._now(), since) if since else None
        return await self._query(query=query.for_words(words, author=author, since=since, until=until), limit=limit)

    async def listed(
        self, categories: Sequence[str], since: datetime, until: datetime, *, limit: int = BATCH
    ) -> list[PaperRecord]:
        """Up to `limit` papers of any of `categories` first submitted from `since` to `until`, newest first.

        Moments are aware and count to the minute; cross-lists are included. At most 2,000 papers, 100 a request.
        """
        return await self._query(
            query=query.for_listing(categories, since, until),
            limit=limit,
            sort_by=arxiv.SortCriterion.SubmittedDate,
        )

    async def count(self, categories: Sequence[str], since: datetime, until: datetime) -> int:
        """How many papers `listed` would find, however many those are."""
        words = {"search_query": query.for_listing(categories, since, until), "start": 0, "max_results": 1}
        with self._report_to_metrics():
            answer = await check_response(self._host, f"{self._base_url}?{urlencode(words)}", 200, 400)
            atom_feed.check(answer.body, start=0, size=1)
            return atom_feed.total(answer.body)

    async def text(self, arxiv_id: str, version: int) -> tuple[Passage, ...]:
        """The sections of a version of a paper, where arXiv has it as a web page; empty where it has not.

        Raises ArxivUnavailable and ArxivNonsense as the other methods do, ValueError for what is no arXiv id.
        """
        parts = api_ids.split(arxiv_id)
        if parts is None:
            raise ValueError(f"{arxiv_id!r} is no arXiv id")
        name = f"{api_ids.canonical(parts[0])}v{version}" if version else api_ids.canonical(parts[0])
        with self._report_to_metrics():
            answer = await check_response(self._pages, f"{self._html_url}/{name}", 200, 404)
            if answer.status == 404:
                return ()
            try:
                return await asyncio.get_running_loop().run_in_executor(self._reader, full_text.read, answer.body)
            except full_text.NoHtmlVersion as odd:
                raise ArxivMalformed(str(odd)) from odd

    async def _batch(self, batch: Sequence[str]) -> list[PaperRecord]:
        """The papers of one request; an id that arXiv cannot read is left out and the others asked again."""
        left = list(batch)
        while left:
            try:
                records = await self._query(id_list=left, limit=len(left))
            except BadQuery as complaint:
                named = set(re.findall(r"[\w./-]+", complaint.said))
                readable = [arxiv_id for arxiv_id in left if arxiv_id not in named]
                if len(readable) == len(left):
                    raise
                left = readable
            else:
                asked = {parts[0] for parts in map(api_ids.split, left) if parts}
                if any(record.arxiv_id not in asked for record in records):
                    raise ArxivMalformed("it is about papers that were not asked for")
                return records
        return []

    async def _query(self, *, limit: int, **search: Any) -> list[PaperRecord]:
        limit = min(limit, MAX_RESULTS)
        if limit < 1:
            return []
        wire = ArxivTransport(asyncio.get_running_loop(), self._host)
        client = arxiv.Client(page_size=min(limit, BATCH), delay_seconds=0, num_retries=0)
        client.query_url_format = self._base_url.replace("{", "{{").replace("}", "}}") + "?{}"
        client._session = wire

        def read() -> list[PaperRecord]:
            return [atom_feed.record(result) for result in client.results(arxiv.Search(max_results=limit, **search))]

        with self._report_to_metrics():
            try:
                return await asyncio.get_running_loop().run_in_executor(self._reader, read)
            except HostUnreachable as silence:
                raise ArxivUnavailable(silence.reason, silence.retry_at) from silence
            except UnexpectedResponse as odd:
                raise ArxivMalformed(f"it is {odd.reason}") from odd
            except arxiv.ArxivError as fault:
                raise ArxivMalformed("a page of it is empty") from fault
            finally:
                wire.close()

    @contextmanager
    def _report_to_metrics(self) -> Iterator[None]:
        """Tell what comes of a question."""
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
            if self._tell:
                self._tell(outcome)
