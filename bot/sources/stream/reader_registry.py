"""Readers of every kind of source of new papers, built from the settings."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AsyncExitStack

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
    from bot.sources.link_metadata.fetch import FEED, PageFetcher
    from bot.sources.stream.arxiv_listing import ArxivStreamReader
    from bot.sources.stream.biorxiv import MedrxivServer, PreprintServer
    from bot.sources.stream.feeds import FeedReader
    from bot.sources.stream.huggingface import DailyPapersReader
    from bot.sources.stream.journals import JournalReader
    from bot.sources.stream.openreview import VenueReader

    contact = settings.crossref.mailto or settings.arxiv.contact
    agent = f"journalclub ({contact or settings.web.public_url or 'reads the feeds that a club has chosen'})"
    fetcher = PageFetcher(rate_gate, agent=agent, kind=FEED, timeout=FEED_TIMEOUT)
    stream = settings.stream
    enter = stack.enter_async_context
    account = openreview_credentials(settings)
    venues = VenueReader(rate_gate, credentials=account, base_url=settings.pages.openreview_url, contact=contact)
    readers: dict[StreamSourceKind, StreamReader] = {
        StreamSourceKind.ARXIV: ArxivStreamReader(arxiv),
        StreamSourceKind.FEED: FeedReader(fetcher),
        StreamSourceKind.BIORXIV: await enter(PreprintServer(rate_gate, base_url=stream.biorxiv_url, contact=contact)),
        StreamSourceKind.MEDRXIV: await enter(MedrxivServer(rate_gate, base_url=stream.biorxiv_url, contact=contact)),
        StreamSourceKind.OPENREVIEW: await enter(venues),
        StreamSourceKind.HUGGINGFACE: await enter(
            DailyPapersReader(rate_gate, base_url=stream.huggingface_url, contact=contact)
        ),
    }
    if settings.crossref.enabled:
        readers[StreamSourceKind.JOURNAL] = await enter(
            JournalReader(rate_gate, base_url=settings.crossref.base_url, contact=contact)
        )
    return readers
