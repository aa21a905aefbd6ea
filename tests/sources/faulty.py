"""An arXiv server with faults: it follows a list of faults, one for each request, and then answers correctly."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Self

from aiohttp import web

from bot.sources.recorded_arxiv import RecordedArxiv, atom, recorded_papers

Fault = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class LoggedRequest:
    """One logged request: its time by the test's clock, and its parameters."""

    at: float
    query: dict[str, str]
    headers: dict[str, str]


class FaultyArxiv:
    """A local server with a list of faults and a log of requests."""

    def __init__(self, *plan: Fault, clock: Callable[[], float] = lambda: 0.0) -> None:
        self.plan = list(plan)
        self.ledger: list[LoggedRequest] = []
        self.paths: list[str] = []
        self.url = ""
        self.was_asked = asyncio.Event()
        self._clock = clock
        self._recorded = RecordedArxiv()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.01)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/api/query"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.ledger.append(LoggedRequest(self._clock(), dict(request.query), dict(request.headers)))
        self.paths.append(request.path)
        self.was_asked.set()
        fault = self.plan.pop(0) if self.plan else self.no_fault
        return await fault(request)

    async def no_fault(self, request: web.Request) -> web.StreamResponse:
        """No fault: a correct answer."""
        return await self._recorded.answer(request)


def answer_with(body: bytes | str, *, status: int = 200, kind: str = "application/atom+xml", **headers: str) -> Fault:
    """Answer with this body; `Retry_After="3"` becomes the header Retry-After."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}

    async def answer(_: web.Request) -> web.StreamResponse:
        content = body.encode() if isinstance(body, str) else body
        return web.Response(status=status, body=content, content_type=kind, headers=sent)

    return answer


def too_many_requests(status: int = 429, **headers: str) -> Fault:
    """Too many requests, or an overloaded server."""
    return answer_with("Rate exceeded.", status=status, kind="text/plain", **headers)


def feed(*, total: int | None = None, start: int = 0, count: int = 1) -> str:
    """A valid feed of the first `count` recorded papers; its counts can be falsified."""
    papers = recorded_papers()[:count]
    return atom.page(papers, question="", total=count if total is None else total, start=start, size=count).decode()


def error_feed(said: str, *, status: int = 400) -> Fault:
    """arXiv's error feed."""
    return answer_with(atom.error(said), status=status)


async def stalled(_: web.Request) -> web.StreamResponse:
    """Never answer."""
    await asyncio.Event().wait()
    raise AssertionError("unreachable")


async def slow_body(request: web.Request) -> web.StreamResponse:
    """Send a feed so slowly that each wait is short and the whole takes forever."""
    response = web.StreamResponse(headers={"Content-Type": "application/atom+xml"})
    await response.prepare(request)
    while True:
        await response.write(b" ")
        await asyncio.sleep(0.01)


async def dropped(request: web.Request) -> web.StreamResponse:
    """Close the connection without an answer."""
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def cut_off(request: web.Request) -> web.StreamResponse:
    """Announce the full length of a feed and close after half of it."""
    body = feed().encode()
    response = web.StreamResponse(headers={"Content-Length": str(len(body))})
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    assert request.transport is not None
    request.transport.close()
    return response


async def endless_body(request: web.Request) -> web.StreamResponse:
    """Send an endless body."""
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b" " * 65_536)


async def gzip_bomb(_: web.Request) -> web.StreamResponse:
    """A gzip bomb: few bytes compressed, very many after decompression."""
    body = gzip.compress(b" " * 20_000_000)
    return web.Response(body=body, headers={"Content-Encoding": "gzip"})


HTML = "<!DOCTYPE html><html><head><title>arXiv</title></head><body>We are down for maintenance.</body></html>"

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {x} "{f"&{y};" * 10}">' for x, y in zip("bcdefghij", "abcdefghi", strict=True))
    + ']><feed xmlns="http://www.w3.org/2005/Atom"><title>&j;</title></feed>'
)

FILE = (
    '<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>&f;</title></feed>'
)
