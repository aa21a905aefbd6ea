"""Transport to arXiv: the session that the `arxiv` package uses, with one request at a time."""

from __future__ import annotations

import asyncio
import io
from concurrent.futures import Future
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from bot.locale.translatable import TranslatableText
from bot.sources.arxiv import atom_feed
from bot.sources.arxiv.errors import ArxivMalformed, ArxivUnavailable
from bot.sources.http_client import HostClient, HostUnreachable, HttpResponse, UnexpectedResponse


async def check_response(host: HostClient, url: str, *statuses: int) -> HttpResponse:
    """A response with one of these statuses. Raises ArxivUnavailable and ArxivMalformed."""
    try:
        answer = await host.get(url)
    except HostUnreachable as error:
        raise ArxivUnavailable(error.reason, error.retry_at) from error
    except UnexpectedResponse as error:
        raise ArxivMalformed(TranslatableText("it is {reason}", reason=error.reason)) from error
    if answer.status not in statuses:
        raise ArxivUnavailable(f"HTTP {answer.status}")
    return answer


def origin(url: str) -> tuple[str, str]:
    """Scheme and host of an address, with its port."""
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


class ArxivTransport(requests.Session):
    """Session for the `arxiv` package in its thread: requests are sent by our client and responses validated."""

    def __init__(self, loop: asyncio.AbstractEventLoop, host: HostClient, *, sets_aside: bool = False) -> None:
        """With `sets_aside`, broken entries of a page are named in `left_out`, and do not make the page an error."""
        super().__init__()
        self._sets_aside = sets_aside
        self.left_out: list[str] = []
        self._loop = loop
        self._host = host
        self._call: Future[HttpResponse] | None = None
        self._closed = False

    def get(self, url: str | bytes, **_unused: Any) -> requests.Response:
        """One validated page; headers and settings of the package are ignored."""
        page = str(url)
        self._call = asyncio.run_coroutine_threadsafe(self._host.get(page), self._loop)
        if self._closed:  # checked after the future is stored: either this sees the closing, or `close` sees the future
            self._call.cancel()
        answer = self._call.result()
        if answer.status not in {200, 400}:
            raise HostUnreachable(f"HTTP {answer.status}")
        parameters, body = parse_qs(urlsplit(page).query), answer.body
        if self._sets_aside:
            body, names = atom_feed.set_aside_broken(body)
            self.left_out += names
        atom_feed.check(body, start=int(parameters["start"][0]), size=int(parameters["max_results"][0]))
        if answer.status == 400:
            raise ArxivMalformed(TranslatableText("it refuses the request and does not say why"))
        response = requests.Response()
        response.status_code = 200
        response.url = page
        response.raw = io.BytesIO(body)
        return response

    def close(self) -> None:
        """Cancel the current request because its caller was deleted."""
        self._closed = True
        if self._call is not None:
            self._call.cancel()
