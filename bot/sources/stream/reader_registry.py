"""Registry of the readers of new papers: one for each kind of source, built from the settings.

To add a kind of source:

1. its kind and label in `bot.domain.stream.source_kinds`, and how it is typed in `EXAMPLES` there;
2. the names and links that people type for it in `bot.domain.stream.source_names`;
3. a reader (`bot.ports.StreamReader`) in a module of this package; one module may serve several kinds, as `biorxiv`;
4. its case in `_open_reader` below: without one, mypy fails;
5. its address as a setting in `bot.settings.source_sections`.

`bot.features.stream.source_reading` then reads its sources; `tests/sources/stream/test_reader_registry.py` holds that
each kind has its label, the names that people type, and its reader.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import assert_never

from bot.domain.stream.source_kinds import StreamSourceKind
from bot.ports import PaperListing, RateGate, StreamReader
from bot.settings import Settings
from bot.sources.openreview_session import OpenReviewCredentials

FEED_TIMEOUT = 15.0
"""Seconds for one feed, with its redirects."""


def openreview_credentials(settings: Settings) -> OpenReviewCredentials:
    """The account at OpenReview that the settings give; empty if they give none."""
    account = settings.openreview
    return OpenReviewCredentials(
        account.username, account.password.get_secret_value(), account.token.get_secret_value()
    )


async def open_stream_readers(
    settings: Settings, rate_gate: RateGate, arxiv: PaperListing, stack: AsyncExitStack
) -> Mapping[StreamSourceKind, StreamReader]:
    """The reader of each kind. A kind whose host is turned off in the settings has none."""
    opened = [(kind, await _open_reader(kind, settings, rate_gate, arxiv, stack)) for kind in StreamSourceKind]
    return {kind: reader for kind, reader in opened if reader is not None}


async def _open_reader(
    kind: StreamSourceKind, settings: Settings, rate_gate: RateGate, arxiv: PaperListing, stack: AsyncExitStack
) -> StreamReader | None:
    """The reader of a kind; None if the settings turn its host off."""
    from bot.sources.link_metadata.fetch import FEED, PageFetcher
    from bot.sources.stream.arxiv_listing import ArxivStreamReader
    from bot.sources.stream.biorxiv import MedrxivServer, PreprintServer
    from bot.sources.stream.feeds import FeedReader
    from bot.sources.stream.huggingface import DailyPapersReader
    from bot.sources.stream.journals import JournalReader
    from bot.sources.stream.openreview import VenueReader

    contact, stream, enter = (
        settings.crossref.mailto or settings.arxiv.contact,
        settings.stream,
        stack.enter_async_context,
    )
    match kind:
        case StreamSourceKind.ARXIV:
            return ArxivStreamReader(arxiv)
        case StreamSourceKind.FEED:
            who = contact or settings.web.public_url or "reads the feeds that a club has chosen"
            return FeedReader(PageFetcher(rate_gate, agent=f"journalclub ({who})", kind=FEED, timeout=FEED_TIMEOUT))
        case StreamSourceKind.BIORXIV:
            return await enter(PreprintServer(rate_gate, base_url=stream.biorxiv_url, contact=contact))
        case StreamSourceKind.MEDRXIV:
            return await enter(MedrxivServer(rate_gate, base_url=stream.biorxiv_url, contact=contact))
        case StreamSourceKind.OPENREVIEW:
            account, url = openreview_credentials(settings), settings.pages.openreview_url
            return await enter(VenueReader(rate_gate, credentials=account, base_url=url, contact=contact))
        case StreamSourceKind.HUGGINGFACE:
            return await enter(DailyPapersReader(rate_gate, base_url=stream.huggingface_url, contact=contact))
        case StreamSourceKind.JOURNAL:
            if not settings.crossref.enabled:
                return None
            return await enter(JournalReader(rate_gate, base_url=settings.crossref.base_url, contact=contact))
        case _:
            assert_never(kind)
