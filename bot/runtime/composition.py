"""Composition: builds the running program from the settings.

Heavy modules are imported when needed: a platform that is off costs neither time nor memory.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import migrations
from bot.app import App, InstallationInfo
from bot.chat.gateway import Gateway
from bot.domain.clock import utc_now
from bot.features.registry import all_commands
from bot.ports import Answerer, DoiRegistry, LinkChecker, PageReader, RateGate, Writer
from bot.runtime.ranking_process import ProcessRanker
from bot.runtime.subject_learning import FileSubjectLearner
from bot.settings import Settings, current_key, former_keys
from bot.sources.http_client import RequestPolicy
from bot.sources.stream.reader_registry import open_stream_readers, openreview_credentials
from bot.store import Store
from bot.store.admin.restored_database import BACKED_UP_AT
from bot.store.database.migrate import migrate
from bot.store.database.open_errors import explain_open_errors
from bot.store.database.schema_check import known_versions
from bot.store.delivery.key_prefix import KEY_PREFIX
from bot.store.posting_mark import PostingMark
from bot.store.rate_gate import SharedRateGate
from bot.telemetry.metrics import Metrics

if TYPE_CHECKING:
    from bot.editions.writing.budget import Prices
    from bot.sources.link_metadata.openreview import OpenReviewClient
    from bot.sources.openalex import OpenAlexClient

log = logging.getLogger(__name__)


@asynccontextmanager
async def open_app(settings: Settings, platforms: Sequence[Callable[[App], Gateway]] = ()) -> AsyncIterator[App]:
    """An App on the configured database and these platforms, with its sources and the writer; closed at the end.

    Raises UserError if the database cannot be used: newer than the program, not migrated, or used by another process.
    """
    from bot.sources.arxiv import ArxivClient

    async with AsyncExitStack() as stack:
        store = await open_store(settings)
        stack.push_async_callback(store.close)
        rate_gate = SharedRateGate(store)
        metrics = Metrics()
        contact = settings.arxiv.contact or settings.web.public_url or "no contact given"
        arxiv = await stack.enter_async_context(
            ArxivClient(
                rate_gate,
                contact=contact,
                base_url=settings.arxiv.base_url,
                html_url=settings.arxiv.html_url,
                policy=_arxiv_request_policy(settings),
                on_outcome=metrics.arxiv,
            )
        )
        openalex = await _open_openalex(settings, rate_gate, stack) if settings.openalex.enabled else None
        openreview = await _open_openreview(settings, rate_gate, stack)
        yield App(
            commands=all_commands,
            store=store,
            paper_source=arxiv,
            doi_registry=await _open_doi_registry(settings, rate_gate, openalex, stack),
            work_finder=openalex,
            page_reader=await _open_page_reader(settings, rate_gate, openreview, stack)
            if settings.pages.read
            else None,
            service_checks=(openreview,),
            stream_readers=await open_stream_readers(settings, rate_gate, arxiv, stack) if settings.stream.read else {},
            ranker=stack.enter_context(ProcessRanker(settings.data_dir / "shortlist")),
            subject_learner=FileSubjectLearner(settings.data_dir / "shortlist"),
            metrics=metrics,
            paper_counter=arxiv,
            link_checker=await _open_link_checker(contact, stack) if settings.links.check else None,
            full_text_source=arxiv if settings.arxiv.full_text else None,
            figure_source=arxiv if settings.arxiv.full_text else None,
            writer=await _build_writer(settings, store, stack),
            answerer=await _build_answerer(settings, store, stack),
            installation=InstallationInfo(
                public_url=settings.web.public_url,
                timezone=settings.club.timezone,
                digest_at=settings.club.digest_at,
                repost_after=timedelta(minutes=settings.posts.repost_minutes),
                stream_days=settings.stream.keep_days,
                secret=current_key(settings),
                former_secrets=former_keys(settings),
            ),
            platforms=platforms,
            posting_mark=PostingMark(settings.data_dir),
        )


@asynccontextmanager
async def open_reading_app(settings: Settings) -> AsyncIterator[App]:
    """An App without platforms that can only read the database, also while another process runs the clubs.

    Raises UserError if the database is not there, or not at this program's schema.
    """
    from bot.editions.writing.writer import ExtractiveWriter
    from bot.sources.arxiv import ArxivClient

    async with AsyncExitStack() as stack:
        with explain_open_errors():
            store = Store.open_for_reading(settings.database)
            stack.push_async_callback(store.close)
            await store.check_schema()
        arxiv = await stack.enter_async_context(ArxivClient(SharedRateGate(store), contact="nothing is asked"))
        installation = InstallationInfo(public_url=settings.web.public_url, timezone=settings.club.timezone)
        yield App(
            commands=all_commands,
            store=store,
            paper_source=arxiv,
            writer=ExtractiveWriter(),
            installation=installation,
        )


def _contact(settings: Settings) -> str:
    """Mail address by which the operators of a source can reach those of this program; empty if none is given."""
    return settings.crossref.mailto or settings.arxiv.contact


async def _open_link_checker(contact: str, stack: AsyncExitStack) -> LinkChecker:
    from bot.sources.link_checker import HttpLinkChecker

    return await stack.enter_async_context(HttpLinkChecker(agent=f"journalclub ({contact})"))


async def _open_openalex(settings: Settings, rate_gate: RateGate, stack: AsyncExitStack) -> OpenAlexClient:
    from bot.sources.openalex import OpenAlexClient

    contact = _contact(settings)
    client = OpenAlexClient(rate_gate, base_url=settings.openalex.base_url, contact=contact)
    client.api_key = settings.openalex.api_key.get_secret_value()
    return await stack.enter_async_context(client)


async def _open_doi_registry(
    settings: Settings, rate_gate: RateGate, openalex: OpenAlexClient | None, stack: AsyncExitStack
) -> DoiRegistry | None:
    """The enabled sources of details for DOIs, as one registry; None if all are off."""
    from bot.sources.crossref import CrossrefClient
    from bot.sources.datacite import DataCiteClient
    from bot.sources.doi_sources import DoiSource, DoiSources

    contact = _contact(settings)
    sources: list[DoiSource] = []
    if settings.crossref.enabled:
        crossref = CrossrefClient(rate_gate, base_url=settings.crossref.base_url, contact=contact)
        sources.append(await stack.enter_async_context(crossref))
    if settings.datacite.enabled:
        datacite = DataCiteClient(rate_gate, base_url=settings.datacite.base_url, contact=contact)
        sources.append(await stack.enter_async_context(datacite))
    if openalex:
        sources.append(openalex)
    return DoiSources(sources) if sources else None


async def _open_openreview(settings: Settings, rate_gate: RateGate, stack: AsyncExitStack) -> OpenReviewClient:
    """OpenReview, with its account if there is one."""
    from bot.sources.link_metadata.openreview import OpenReviewClient

    contact = _contact(settings)
    account = openreview_credentials(settings)
    client = OpenReviewClient(rate_gate, credentials=account, base_url=settings.pages.openreview_url, contact=contact)
    return await stack.enter_async_context(client)


async def _open_page_reader(
    settings: Settings, rate_gate: RateGate, openreview: OpenReviewClient, stack: AsyncExitStack
) -> PageReader:
    """Reader of linked pages: the APIs of known sites, and the head of any other public page."""
    from bot.sources.link_metadata.fetch import PageFetcher
    from bot.sources.link_metadata.github import GitHubClient
    from bot.sources.link_metadata.huggingface import HuggingFaceClient
    from bot.sources.link_metadata.page_reader import PageSources
    from bot.sources.link_metadata.pubmed import PubMedClient
    from bot.sources.link_metadata.youtube import YouTubeClient

    pages = settings.pages
    contact = _contact(settings)
    sites = (
        YouTubeClient(rate_gate, base_url=pages.youtube_url, contact=contact),
        GitHubClient(rate_gate, base_url=pages.github_url, contact=contact),
        openreview,
        PubMedClient(rate_gate, base_url=pages.pubmed_url, contact=contact),
        HuggingFaceClient(rate_gate, base_url=settings.stream.huggingface_url, contact=contact),
    )
    for site in sites:
        if site is not openreview:
            await stack.enter_async_context(site)
    agent = f"journalclub ({contact or settings.web.public_url or 'reads the title of a link that a member shared'})"
    return PageSources(PageFetcher(rate_gate, agent=agent), sites)


async def open_store(settings: Settings) -> Store:
    """Open the database. SQLite is migrated at once; PostgreSQL by `journalclub migrate`, since other processes may use
    it.
    """
    with explain_open_errors():
        store = Store.open(settings.database)
        try:
            await _match_schema(store, settings.database)
            await prepare_database(store, PostingMark(settings.data_dir))
            await store.rebuild_search_index()
            await store.analyze()
        except BaseException:
            await store.close()
            raise
    return store


async def prepare_database(store: Store, mark: PostingMark | None = None) -> None:
    """Give the database its key prefix; if it is a backup, or older than its mark, put its clubs in quarantine.

    Leases of a dead process end here if no other process can be running.
    """
    if store.is_exclusive:
        async with store.admin_session() as admin:
            await admin.leases.free_all()
    async with store.read_admin_session() as admin:
        known = await admin.facts.values((KEY_PREFIX, BACKED_UP_AT))
        is_older = mark is not None and await admin.restored.is_older(mark.read) is not None
    if KEY_PREFIX in known and BACKED_UP_AT not in known and not is_older:
        return
    async with store.admin_session() as admin:
        restored = await admin.restored.prepare(utc_now(), mark.read if mark else None)
    if restored:
        what = "is a backup" if BACKED_UP_AT in known else "is older than what was posted"
        log.warning("this database %s: nothing is posted until an admin says `/clubadmin restored start`", what)


async def _match_schema(store: Store, url: str) -> None:
    """Migrate an older SQLite file to the program's schema. Raises UserError if the program cannot run on the
    schema.
    """
    version = await store.version()
    old = not version or (version in known_versions() and version != migrations.HEAD)
    if old and not url.startswith("postgresql"):
        await asyncio.to_thread(migrate, url)
    await store.check_schema()


def platforms(settings: Settings) -> list[Callable[[App], Gateway]]:
    """Makers of the gateways of the platforms that have tokens. Each platform is imported only if it is on."""
    makers: list[Callable[[App], Gateway]] = []
    if settings.slack.on:
        from adapters.slack.gateway import SlackGateway

        makers.append(partial(SlackGateway, settings=settings.slack))
    if settings.discord.on:
        from adapters.discord.gateway import DiscordGateway

        makers.append(partial(DiscordGateway, settings=settings.discord))
    return makers


async def _build_writer(settings: Settings, store: Store, stack: AsyncExitStack) -> Writer:
    """The model with its checks and its budget if there is a key; else the abstract's own sentences."""
    from bot.editions.writing.writer import ExtractiveWriter, checked_model_writer

    if not settings.llm.on:
        return ExtractiveWriter()
    from bot.editions.writing.budget import BudgetedWriter

    llm = settings.llm
    writer = await checked_model_writer(llm, stack)
    return BudgetedWriter(writer, ExtractiveWriter(), _spending(store), _prices(settings), llm.parallel)


async def _build_answerer(settings: Settings, store: Store, stack: AsyncExitStack) -> Answerer | None:
    """The model that answers questions, with its checks and its budget; None without a key."""
    if not settings.llm.on:
        return None
    from bot.editions.paper_questions.model_answerer import ModelAnswerer
    from bot.editions.writing.writer import open_model
    from bot.sources.llm.paper_questions import QuestionModel

    return ModelAnswerer(QuestionModel(open_model(settings.llm, stack)), _spending(store), _prices(settings))


def _spending(store: Store) -> Callable[[int], Awaitable[tuple[float, float]]]:
    """Function that looks up this month's cost of all clubs, and of one."""

    async def spent(club: int) -> tuple[float, float]:
        month = utc_now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        async with store.read_admin_session() as admin:
            return await admin.spending_since(club, month)

    return spent


def _prices(settings: Settings) -> Prices:
    """Prices and budgets of the configured model."""
    from bot.editions.writing.budget import Prices

    llm = settings.llm
    return Prices(llm.monthly_budget, llm.club_budget, llm.input_price, llm.output_price)


def _arxiv_request_policy(settings: Settings) -> RequestPolicy:
    """Policy of requests to arXiv: the gap between them is a setting, the rest follows its terms of use."""
    return RequestPolicy(min_interval=timedelta(seconds=settings.arxiv.gap_seconds))
