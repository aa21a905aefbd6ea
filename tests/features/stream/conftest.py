"""A club that reads a recorded arXiv, with the worker that reads for it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.domain.stream.source_kinds import StreamSourceKind
from bot.runtime.stream_worker import StreamWorker
from bot.sources.stream.arxiv_listing import ArxivStreamReader
from tests.features.conversation import set_moderators_channel
from tests.sources.stream.recorded import RecordedListing
from tests.stand_ins import Harness, open_harness


@dataclass(slots=True)
class Reading:
    """A club that reads sources."""

    club: Harness
    listing: RecordedListing
    worker: StreamWorker

    async def pass_time(self, **duration: float) -> None:
        """Advance the clock, run the worker once, and deliver."""
        self.club.clock.advance(**duration)
        await self.worker.round()
        await self.club.delivery_worker.drain()


@pytest.fixture
async def reading(tmp_path: Path) -> AsyncIterator[Reading]:
    async with open_harness(tmp_path) as club:
        listing = RecordedListing(club.clock)
        club.change(stream_readers={StreamSourceKind.ARXIV: ArxivStreamReader(listing)})
        await set_moderators_channel(club)
        yield Reading(club, listing, StreamWorker(club.app))
