"""Where the house is put together: settings in, a running program out.

Everything heavy is imported when it is needed: a platform that is off costs neither time nor memory.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial

import migrations
from bot.app import App, InstallationInfo
from bot.chat.gateway import Gateway
from bot.courier import DeliveryWorker
from bot.domain.clock import utc_now
from bot.errors import UserError
from bot.features import all_commands
from bot.herald import NotificationWorker
from bot.metrics import Metrics
from bot.ports import DoiRegistry, LinkChecker, Writer
from bot.schedule import Scheduler
from bot.settings import Settings, former_keys, current_key
from bot.sources.fetch import RequestPolicy
from bot.store import Store
from bot.store.migrate import migrate
from bot.store.opening import explain_open_errors
from bot.store.schema import versions
from bot.store.turns import SharedRateGate

log = logging.getLogger(__name__)

SHUTDOWN_SECONDS = 20.0
"""Seconds that work under way has to finish in after SIGTERM; with closing down that stays below 25 s."""


@asynccontextmanager
async def open_app(settings: Settings, platforms: Sequence[Callable[[App], Gateway]] = ()) -> AsyncIterator[App]:
    """An App on the configured database and these platforms, with arXiv, Crossref and the writer behind it.

    Closes them when left.

    Raises UserError where the database cannot be used: newer than the program, not migrated, taken by another.
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
                tell=metrics.arxiv,
            )
        )
        link_checker: LinkChecker | None = None
        if settings.links.check:
            from bot.sources.doors import HttpLinkChecker

            link_checker = await stack.enter_async_context(HttpLinkChecker(agent=f"journalclub ({contact})"))
        registry: DoiRegistry | None = None
        if settings.crossref.enabled:
            from bot.sources.crossref import CrossrefClient

            crossref = CrossrefClient(rate_gate, mailto=settings.crossref.mailto, base_url=settings.crossref.base_url)
            registry = await stack.enter_async_context(crossref)
        yield App(
            commands=all_commands,
            store=store,
            paper_source=arxiv,
            doi_registry=registry,
            metrics=metrics,
            paper_counter=arxiv,
            link_checker=link_checker,
            full_text_source=arxiv if settings.llm.on and settings.arxiv.full_text else None,
            writer=await _build_writer(settings, store, stack),
            installation=InstallationInfo(
                public_url=settings.web.public_url,
                timezone=settings.club.timezone,
                digest_at=settings.club.digest_at,
                repost_after=timedelta(minutes=settings.posts.repost_minutes),
                secret=current_key(settings),
                former_secrets=former_keys(settings),
            ),
            platforms=platforms,
        )


async def open_store(settings: Settings) -> Store:
    """Open the database. SQLite is migrated at once; PostgreSQL by `journalclub migrate`, since others may use it."""
    with explain_open_errors():
        store = Store.open(settings.database)
        try:
            await _match_schema(store, settings.database)
            await store.rebuild_search_index()
            await store.analyze()
        except BaseException:
            await store.close()
            raise
    return store


async def _match_schema(store: Store, url: str) -> None:
    """Bring an older SQLite file to the program's schema. Raises UserError where the schema is not one it runs on."""
    version = await store.version()
    old = not version or (version in versions() and version != migrations.HEAD)
    if old and not url.startswith("postgresql"):
        await asyncio.to_thread(migrate, url)
    await store.check_schema()


async def run(settings: Settings) -> int:
    """Start whatever is configured and run until SIGTERM or SIGINT. Gives the exit code."""
    from bot.report import first_steps_lines, status_lines

    async with open_app(settings, platforms(settings)) as app:
        print("\n".join(await status_lines(settings, app)), flush=True)
        if not app.gateways:
            print("\n".join(first_steps_lines()), flush=True)
            return 1
        return await _serve(settings, app)


def platforms(settings: Settings) -> list[Callable[[App], Gateway]]:
    """Makers of the gateways of the platforms that have tokens. Each is imported only when it is on."""
    makers: list[Callable[[App], Gateway]] = []
    if settings.slack.on:
        from adapters.slack.gateway import SlackGateway

        makers.append(partial(SlackGateway, settings=settings.slack))
    if settings.discord.on:
        from adapters.discord.gateway import DiscordGateway

        makers.append(partial(DiscordGateway, settings=settings.discord))
    return makers


async def _serve(settings: Settings, app: App) -> int:
    """Run every part side by side; the first to fail, or a signal, ends them all in order."""
    stop = _stop_signal()
    delivery_worker, schedule = DeliveryWorker(app), Scheduler(app)
    async with AsyncExitStack() as stack:
        if settings.web.enabled:
            await stack.enter_async_context(_web(settings, app))
        listening = [asyncio.create_task(g.serve(), name=g.name) for g in app.gateways.values()]
        working = [
            asyncio.create_task(delivery_worker.run(), name="courier"),
            asyncio.create_task(schedule.run(), name="schedule"),
            asyncio.create_task(NotificationWorker(app).run(), name="herald"),
        ]
        waiting = asyncio.create_task(stop.wait(), name="signal")
        done, _ = await asyncio.wait([waiting, *listening, *working], return_when=asyncio.FIRST_COMPLETED)
        failed = [task for task in done if task is not waiting and not task.cancelled()]
        for task in failed:
            _log_failure(task.get_name(), task.exception())
        if not failed:
            log.info("stopping: no more questions are taken, what is under way is finished")
        # First nobody new comes in, then what is under way is delivered, then the rest closes.
        await _end(listening)
        await _end(working)
        waiting.cancel()
    return 1 if failed else 0


def _log_failure(part: str, error: BaseException | None) -> None:
    """Say why a part has stopped: where it is for whoever runs this to mend, in a sentence and no traceback."""
    if isinstance(error, UserError):
        log.error("%s has stopped: %s", part, error)
        print(f"journalclub: {error}", file=sys.stderr, flush=True)
    else:
        log.error("%s has stopped", part, exc_info=error)


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks, timeout=SHUTDOWN_SECONDS / 2)


def _stop_signal() -> asyncio.Event:
    """Set at the first SIGTERM or SIGINT; at the second the program ends at once, which is safe at any time."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    def told() -> None:
        if stop.is_set():
            raise SystemExit(1)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told)
    return stop


def _web(settings: Settings, app: App) -> AbstractAsyncContextManager[object]:
    """The web server: health, metrics, and what else is served by HTTP."""
    from adapters.web.archive import archive
    from adapters.web.site import HasRoutes, site

    link_checker = [route for gateway in app.gateways.values() if isinstance(gateway, HasRoutes) for route in gateway.routes()]
    return site(settings, app, metrics=app.metrics, pages=[*archive(app), *link_checker])


async def _build_writer(settings: Settings, store: Store, stack: AsyncExitStack) -> Writer:
    """The model behind its checks and its budget where there is a key; else the abstract's own sentences."""
    from bot.editions.writing.writer import ExtractiveWriter, checked_model_writer

    if not settings.llm.on:
        return ExtractiveWriter()
    from bot.editions.writing.budget import BudgetedWriter, Prices

    async def spent(club: int) -> tuple[float, float]:
        month = utc_now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        async with store.read_admin_session() as admin:
            return await admin.spent(club, month)

    llm = settings.llm
    prices = Prices(llm.monthly_budget, llm.club_budget, llm.input_price, llm.output_price)
    return BudgetedWriter(await checked_model_writer(llm, stack), ExtractiveWriter(), spent, prices, llm.parallel)


def _arxiv_request_policy(settings: Settings) -> RequestPolicy:
    """How arXiv is asked: the gap between requests is a setting, the rest follows its terms of use."""
    return RequestPolicy(gap=timedelta(seconds=settings.arxiv.gap_seconds))
