"""PageReader of several sources: APIs of known sites, then the page's own head. Answers are cached in memory."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.clock import utc_now
from bot.domain.page_details import PageDetails
from bot.errors import Unavailable
from bot.sources.link_metadata.fetch import PageFetcher, PageNotRead
from bot.sources.link_metadata.head import read_head

log = logging.getLogger(__name__)

CACHE_TIME = timedelta(minutes=10)
CACHE_SIZE = 500
SITE_TIMEOUT = 8.0
"""Seconds in which the API of a site must answer; afterwards its page is read."""


class SiteSource(Protocol):
    """API of one site. Raises Unavailable while it cannot be asked."""

    label: str

    def knows(self, url: str) -> bool:
        """True if the page is one that the API describes."""

    async def details(self, url: str) -> PageDetails | None:
        """Details of a page; None if the API does not know it."""


class PageSources:
    """Reads details of pages; implements the port PageReader."""

    def __init__(
        self,
        fetcher: PageFetcher | None,
        sites: Sequence[SiteSource] = (),
        *,
        now: Callable[[], datetime] = utc_now,
        site_timeout: float = SITE_TIMEOUT,
    ) -> None:
        """`fetcher` reads pages of all other sites; None if only the APIs are asked."""
        self._fetcher = fetcher
        self._sites = tuple(sites)
        self._now = now
        self._site_timeout = site_timeout
        self._cache: OrderedDict[str, tuple[datetime, PageDetails | None]] = OrderedDict()

    async def details(self, url: str) -> PageDetails | None:
        """Details of a page; None if they cannot be read. Never raises."""
        if (cached := self._cache.get(url)) and self._now() - cached[0] < CACHE_TIME:
            return cached[1]
        found = await self._by_site(url) or await self._by_head(url)
        self._cache[url] = (self._now(), found)
        self._cache.move_to_end(url)
        if len(self._cache) > CACHE_SIZE:
            self._cache.popitem(last=False)
        return found

    async def _by_site(self, url: str) -> PageDetails | None:
        for site in self._sites:
            if site.knows(url):
                try:
                    async with asyncio.timeout(self._site_timeout):
                        return await site.details(url)
                except (Unavailable, TimeoutError) as error:
                    log.info("%s could not be asked: %s", site.label, error or "it took too long")
        return None

    async def _by_head(self, url: str) -> PageDetails | None:
        if self._fetcher is None:
            return None
        try:
            page = await self._fetcher.fetch(url)
        except PageNotRead as error:
            log.info("a page was not read: %s", error)
            return None
        return await asyncio.to_thread(read_head, page.body, page.charset)
