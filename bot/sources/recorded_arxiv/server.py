"""The recorded arXiv: an HTTP server on this machine that answers `/api/query` and `/html` as export.arxiv.org does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Self

from aiohttp import web

from bot.domain.paper_record import PaperRecord
from bot.sources.arxiv import api_ids
from bot.sources.recorded_arxiv import atom, html_pages, search
from bot.sources.recorded_arxiv.records import recorded_papers

_MAX_PAGE_SIZE = 2_000  # papers on one page; arXiv's own limit
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class RecordedArxiv:
    """Serves recorded papers on the loopback address; use it as `async with RecordedArxiv() as arxiv: arxiv.url`.

    `requests` records the parameters of all API requests in order, `pages_read` the names of all requested web pages.
    """

    def __init__(self, papers: Sequence[PaperRecord] | None = None, *, host: str = "127.0.0.1", port: int = 0) -> None:
        """`papers` are all recorded ones by default; with port 0 the system chooses a free one."""
        chosen = recorded_papers() if papers is None else papers
        self._papers = {paper.arxiv_id: paper for paper in chosen}
        self._host = host
        self._port = port
        self._runner: web.AppRunner | None = None
        self.url = ""
        self.requests: list[dict[str, str]] = []
        self.pages_read: list[str] = []

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/api/query", self.answer)
        app.router.add_get("/html/{name:.+}", self.show)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()
        port = self._runner.addresses[0][1]
        self.url = f"http://{self._host}:{port}/api/query"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def answer(self, request: web.Request) -> web.Response:
        """Handle an API request: a feed of papers, or HTTP 400 with an error feed."""
        parameters = dict(request.query)
        self.requests.append(parameters)
        try:
            status, body = 200, self._page(parameters)
        except _BadRequest as refused:
            status, body = 400, atom.error(str(refused))
        return web.Response(status=status, body=body, content_type="application/atom+xml", charset="utf-8")

    async def show(self, request: web.Request) -> web.Response:
        """Handle a request for a paper's web page in a given version; HTTP 404 if there is none."""
        name = request.match_info["name"]
        self.pages_read.append(name)
        bare, version = api_ids.split(name) or ("", None)
        paper = self._papers.get(api_ids.canonical(bare))
        if name.endswith(".png"):
            return web.Response(body=html_pages.PICTURE, content_type="image/png")
        page = html_pages.page(paper) if paper and (version or 1) <= paper.version else None
        if page is None:
            raise web.HTTPNotFound(text="<p>No HTML for this paper.</p>", content_type="text/html")
        return web.Response(text=page, content_type="text/html")

    def _page(self, parameters: Mapping[str, str]) -> bytes:
        start = _number(parameters.get("start", "0"), "start")
        size = min(_number(parameters.get("max_results", "10"), "max_results"), _MAX_PAGE_SIZE)
        found = self._found(parameters.get("search_query", ""), parameters.get("id_list", ""))
        found = _sorted(found, parameters.get("sortBy", "relevance"), parameters.get("sortOrder", "descending"))
        question = f"search_query={parameters.get('search_query', '')}&id_list={parameters.get('id_list', '')}"
        return atom.page(found[start : start + size], question=question, total=len(found), start=start, size=size)

    def _found(self, words: str, id_list: str) -> list[PaperRecord]:
        if not words and not id_list:
            raise _BadRequest("Either a search_query or id_list must be specified")
        found = self._listed(id_list.split(",")) if id_list else list(self._papers.values())
        if not words:
            return found
        try:
            query = search.read(words)
        except search.QuerySyntaxError as unreadable:
            raise _BadRequest("search_query cannot be read") from unreadable
        matching = [paper for paper in found if query.matches(paper)]
        return sorted(matching, key=query.relevance, reverse=True)

    def _listed(self, id_list: Sequence[str]) -> list[PaperRecord]:
        """The known papers in the requested versions; unknown ids are skipped, as on arXiv."""
        found: dict[str, PaperRecord] = {}
        for requested in id_list:
            parts = api_ids.split(requested.strip())
            if parts is None:
                raise _BadRequest(f"incorrect id format for {requested}")
            bare, version = parts
            paper = self._papers.get(api_ids.canonical(bare))
            if paper is not None and (version or 1) <= paper.version:
                found[requested] = replace(paper, version=version or paper.version)
        return list(found.values())


class _BadRequest(Exception):
    """A request that arXiv would reject with HTTP 400."""


def _number(text: str, name: str) -> int:
    if not text.lstrip("-").isdecimal() or len(text) > 9:
        raise _BadRequest(f"{name} must be an integer")
    if int(text) < 0:
        raise _BadRequest(f"{name} must be non-negative")
    return int(text)


def _sorted(found: list[PaperRecord], by: str, order: str) -> list[PaperRecord]:
    """The papers in the requested order; papers with equal keys stay in their order."""
    if by == "relevance":
        return found if order == "descending" else found[::-1]
    if by not in {"submittedDate", "lastUpdatedDate"}:
        raise _BadRequest("sortBy must be in: relevance, lastUpdatedDate, submittedDate")

    def moment(paper: PaperRecord) -> datetime:
        return (paper.published if by == "submittedDate" else paper.updated) or _LONG_AGO

    return sorted(found, key=moment, reverse=order == "descending")
