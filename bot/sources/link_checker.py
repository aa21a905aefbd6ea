"""Checks if pages still exist, with one HEAD request each and without following redirects."""

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
"""Timeout in seconds for one page. A page that does not respond is not reported as missing."""
CONCURRENCY = 4
CACHE_SIZE = 2_000
MISSING_STATUSES = frozenset((404, 410))


class HttpLinkChecker:
    """Checks addresses that the caller has already limited to known hosts. Use it as `async with`.

    Only the status is read: no body, no cookies, no redirects. Results are cached in memory.
    """

    def __init__(self, *, agent: str = "journalclub", is_allowed: Callable[[URL], bool] | None = None) -> None:
        """`is_allowed` selects the addresses that may be requested; by default https on the standard port."""
        self._agent = agent
        self._is_allowed = is_allowed or _is_plain_https
        self._session: aiohttp.ClientSession | None = None
        self._cache: OrderedDict[str, bool] = OrderedDict()
        self._slots = asyncio.Semaphore(CONCURRENCY)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def missing(self, urls: Sequence[str]) -> frozenset[str]:
        """The addresses for which the host reports that nothing is there (404, 410). Never raises."""
        results = await asyncio.gather(*(self._is_missing(url) for url in urls))
        return frozenset(url for url, is_missing in zip(urls, results, strict=True) if is_missing)

    async def _is_missing(self, url: str) -> bool:
        if url in self._cache:
            return self._cache[url]
        try:
            async with self._slots:
                status = await self._head(URL(url))
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            log.info("a link could not be looked at: %r", error)
            return False
        self._cache[url] = status in MISSING_STATUSES
        if len(self._cache) > CACHE_SIZE:
            self._cache.popitem(last=False)
        return self._cache[url]

    async def _head(self, url: URL) -> int:
        if not self._is_allowed(url):
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
