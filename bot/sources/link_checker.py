"""Whether a page is still there: asked for with a HEAD, once, without following where it leads."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Self

import aiohttp
from yarl import URL

log = logging.getLogger(__name__)

TIMEOUT = 5.0
"""Seconds that one page may take. What does not answer is not gone: hosts have bad days."""
CONCURRENCY = 4
CACHE_SIZE = 2_000
MISSING_STATUSES = frozenset((404, 410))


class HttpLinkChecker:
    """Knocks at addresses that the caller has let through a list of hosts. Use it as `async with`.

    Nothing is read but the status: no body, no cookie, no redirect. An answer stands as long as the process.
    """

    def __init__(self, *, agent: str = "journalclub", may: Callable[[URL], bool] | None = None) -> None:
        """`may` says which addresses are knocked at; by default those of https on its own port."""
        self._agent = agent
        self._may = may or _is_plain_https
        self._session: aiohttp.ClientSession | None = None
        self._known: OrderedDict[str, bool] = OrderedDict()
        self._rate_gate = asyncio.Semaphore(CONCURRENCY)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def missing(self, urls: Sequence[str]) -> frozenset[str]:
        """Those of these addresses at which there is nothing, by the host's own word. Never raises."""
        found = await asyncio.gather(*(self._is_missing(url) for url in urls))
        return frozenset(url for url, gone in zip(urls, found, strict=True) if gone)

    async def _is_missing(self, url: str) -> bool:
        if url in self._known:
            return self._known[url]
        try:
            async with self._rate_gate:
                status = await self._head(URL(url))
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            log.info("a link could not be looked at: %r", error)
            return False
        self._known[url] = status in MISSING_STATUSES
        if len(self._known) > CACHE_SIZE:
            self._known.popitem(last=False)
        return self._known[url]

    async def _head(self, url: URL) -> int:
        if not self._may(url):
            raise ValueError("not an address that is knocked at")
        if self._session is None:
            self._session = aiohttp.ClientSession(
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self._agent},
                timeout=aiohttp.ClientTimeout(total=TIMEOUT),
            )
        async with self._session.head(url, allow_redirects=False) as answer:
            return answer.status


def _is_plain_https(url: URL) -> bool:
    return url.scheme == "https" and url.explicit_port is None and url.user is None
