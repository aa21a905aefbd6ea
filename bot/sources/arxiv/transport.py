"""The way to arXiv: one answer at a time, and the session that the `arxiv` package asks through."""

from __future__ import annotations

import asyncio
import io
from concurrent.futures import Future
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from bot.sources.arxiv import atom_feed
from bot.sources.arxiv.errors import ArxivMalformed, ArxivUnavailable
from bot.sources.http_client import HostClient, HostUnreachable, HttpResponse, UnexpectedResponse


async def check_response(host: HostClient, url: str, *statuses: int) -> HttpResponse:
    """An answer with one of these statuses. Raises ArxivUnavailable and ArxivNonsense."""
    try:
        answer = await host.get(url)
    except HostUnreachable as silence:
        raise ArxivUnavailable(silence.reason, silence.retry_at) from silence
    except UnexpectedResponse as odd:
        raise ArxivMalformed(f"it is {odd.reason}") from odd
    if answer.status not in statuses:
        raise ArxivUnavailable(f"HTTP {answer.status}")
    return answer


def origin(url: str) -> tuple[str, str]:
    """Scheme and host of an address, with its port."""
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


class ArxivTransport(requests.Session):
    """The session that the package asks through, in its thread: our host gets each page and we check it first."""

    def __init__(self, loop: asyncio.AbstractEventLoop, host: HostClient) -> None:
        super().__init__()
        self._loop = loop
        self._host = host
        self._call: Future[HttpResponse] | None = None
        self._over = False

    def get(self, url: str | bytes, **_: Any) -> requests.Response:
        """One page, checked; the package's own headers and settings do not count."""
        page = str(url)
        self._call = asyncio.run_coroutine_threadsafe(self._host.get(page), self._loop)
        if self._over:  # looked at after the call is known: either we see that all is over, or hang_up sees the call
            self._call.cancel()
        answer = self._call.result()
        if answer.status not in {200, 400}:
            raise HostUnreachable(f"HTTP {answer.status}")
        wanted = parse_qs(urlsplit(page).query)
        atom_feed.check(answer.body, start=int(wanted["start"][0]), size=int(wanted["max_results"][0]))
        if answer.status == 400:
            raise ArxivMalformed("it refuses the question and does not say why")
        response = requests.Response()
        response.status_code = 200
        response.url = page
        response.raw = io.BytesIO(answer.body)
        return response

    def close(self) -> None:
        """Give up what is still being asked: who asked has gone."""
        self._over = True
        if self._call is not None:
            self._call.cancel()
