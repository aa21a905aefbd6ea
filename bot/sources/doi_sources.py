"""Registry of DOI sources: each DOI is looked up at Crossref, then DataCite, then OpenAlex; answers are cached."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.clock import utc_now
from bot.domain.paper_record import PaperRecord
from bot.errors import Unavailable
from bot.sources.json_host import SourceMalformed, SourceUnavailable

log = logging.getLogger(__name__)

CACHE_TIME = timedelta(minutes=5)
CACHE_SIZE = 500
SOURCE_TIMEOUT = 15.0
"""Seconds in which one source must answer, its retries included."""


class DoiSource(Protocol):
    """One source of a registry. Raises Unavailable while it cannot be asked."""

    label: str

    async def record(self, doi: str) -> PaperRecord | None:
        """Record of a DOI; None if the source does not know it."""


class DoiSources:
    """DoiRegistry of several sources, asked in order until one knows the DOI."""

    def __init__(
        self,
        sources: Sequence[DoiSource],
        *,
        now: Callable[[], datetime] = utc_now,
        timeout: float = SOURCE_TIMEOUT,
    ) -> None:
        """`timeout` is in seconds, for each source."""
        self._sources = tuple(sources)
        self._now = now
        self._timeout = timeout
        self._cache: OrderedDict[str, tuple[datetime, PaperRecord]] = OrderedDict()

    async def record(self, doi: str) -> PaperRecord | None:
        """The record of the first source that knows the DOI; None if all have answered and none does.

        Raises the first source's Unavailable if one could not be asked and no other knows the DOI.
        """
        key = doi.lower()
        if (cached := self._cache.get(key)) and self._now() - cached[0] < CACHE_TIME:
            return cached[1]
        failure: Unavailable | None = None
        for source in self._sources:
            try:
                async with asyncio.timeout(self._timeout):
                    found = await source.record(doi)
            except TimeoutError:
                failure = failure or SourceUnavailable(source.label, f"no answer within {self._timeout:g} seconds")
            except (SourceUnavailable, SourceMalformed) as error:
                log.info("%s could not be read: %s", source.label, error)
                failure = failure or error
            else:
                if found:
                    self._keep(key, found)
                    return found
        if failure:
            raise failure
        return None

    def _keep(self, key: str, record: PaperRecord) -> None:
        self._cache[key] = (self._now(), record)
        self._cache.move_to_end(key)
        if len(self._cache) > CACHE_SIZE:
            self._cache.popitem(last=False)
