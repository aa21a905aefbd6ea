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
from datetime import UTC, datetime, timedelta
from functools import partial

import migrations
from bot.app import App, Home
from bot.chat.gateway import Gateway
from bot.courier import Courier
from bot.errors import UserError
from bot.features import commands
from bot.herald import Herald
from bot.metrics import Metrics
from bot.ports import DoiRegistry, LinkChecker, Writer
from bot.schedule import Schedule
from bot.settings import Settings, former_keys, secret_key
from bot.sources.fetch import Manners
from bot.store import Store
from bot.store.migrate import migrate
from bot.store.opening import in_words
from bot.store.schema import versions
from bot.store.turns import SharedTurns

log = logging.getLogger(__name__)

GRACE = 20.0
"""Seconds that work under way has to finish in after SIGTERM; with closing down that stays below 25 s."""


@asynccontextmanager
async def open_app(settings: Settings, platforms: Sequence[Callable[[App], Gateway]] = ()) -> AsyncIterator[App]:
    """An App on the configured database and these platforms, with arXiv, Crossref and the writer behind it.

    Closes them when left.

    Raises UserError where the database cannot be used: newer than the program, not migrated, taken by another.
    """
    from bot.sources.arxiv import Arxiv

    async with AsyncExitStack() as stack:
        store = await open_store(settings)
        stack.push_async_callback(store.close)
        turns = SharedTurns(store)
        metrics = Metrics()
        contact = settings.arxiv.contact or settings.web.public_url or "no contact given"
        arxiv = await stack.enter_async_context(
            Arxiv(
                turns,
                contact=contact,
                base_url=settings.arxiv.base_url,
                html_url=settings.arxiv.html_url,
                manners=_manners(settings),
                tell=metrics.arxiv,
            )
        )
        link_checker: LinkChecker | None = None
        if settings.links.check:
            from bot.sources.doors import HttpLinkChecker

            link_checker = await stack.enter_async_context(HttpLinkChecker(agent=f"journalclub ({contact})"))
        registry: DoiRegistry | None = None
        if settings.crossref.enabled:
            from bot.sources.crossref import Crossref

            crossref = Crossref(turns, mailto=settings.crossref.mailto, base_url=settings.crossref.base_url)
            registry = await stack.enter_async_context(crossref)
        yield App(
            commands=commands,
            store=store,
            paper_source=arxiv,
            doi_registry=registry,
            metrics=metrics,
            paper_counter=arxiv,
            link_checker=link_checker,
            full_text_source=arxiv if settings.llm.on and settings.arxiv.full_text else None,
            writer=await _writer(settings, store, stack),
            home=Home(
                public_url=settings.web.public_url,
                timezone=settings.club.timezone,
                digest_at=settings.club.digest_at,
                secret=secret_key(settings),
                former_secrets=former_keys(settings),
            ),
            platforms=platforms,
        )


async def open_store(settings: Settings) -> Store:
    """Open the database. SQLite is migrated at once; PostgreSQL by `journalclub migrate`, since others may use it."""
    with in_words():
        store = Store.open(settings.database)
        try:
            await _match_schema(store, settings.database)
            await store.catch_up()
            await store.take_stock()
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
    from bot.report import how_to_start, what_is_on

    async with open_app(settings, platforms(settings)) as app:
        print("\n".join(await what_is_on(settings, app)), flush=True)
        if not app.gateways:
            print("\n".join(how_to_start()), flush=True)
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
    stop = _signalled()
    courier, schedule = Courier(app), Schedule(app)
    async with AsyncExitStack() as stack:
        if settings.web.enabled:
            await stack.enter_async_context(_web(settings, app))
        listening = [asyncio.create_task(g.serve(), name=g.name) for g in app.gateways.values()]
        working = [
            asyncio.create_task(courier.run(), name="courier"),
            asyncio.create_task(schedule.run(), name="schedule"),
            asyncio.create_task(Herald(app).run(), name="herald"),
        ]
        waiting = asyncio.create_task(stop.wait(), name="signal")
        done, _ = await asyncio.wait([waiting, *listening, *working], return_when=asyncio.FIRST_COMPLETED)
        failed = [task for task in done if task is not waiting and not task.cancelled()]
        for task in failed:
            _mourn(task.get_name(), task.exception())
        if not failed:
            log.info("stopping: no more questions are taken, what is under way is finished")
        # First nobody new comes in, then what is under way is delivered, then the rest closes.
        await _end(listening)
        await _end(working)
        waiting.cancel()
    return 1 if failed else 0


def _mourn(part: str, error: BaseException | None) -> None:
    """Say why a part has stopped: where it is for whoever runs this to mend, in a sentence and no traceback."""
    if isinstance(error, UserError):
        log.error("%s has stopped: %s", part, error)
        print(f"journalclub: {error}", file=sys.stderr, flush=True)
    else:
        log.error("%s has stopped", part, exc_info=error)


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks, timeout=GRACE / 2)


def _signalled() -> asyncio.Event:
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
    from adapters.web.site import Serves, site

    doors = [route for gateway in app.gateways.values() if isinstance(gateway, Serves) for route in gateway.routes()]
    return site(settings, app, metrics=app.metrics, pages=[*archive(app), *doors])


async def _writer(settings: Settings, store: Store, stack: AsyncExitStack) -> Writer:
    """The model behind its checks and its budget where there is a key; else the abstract's own sentences."""
    from bot.editions.writing.writer import ExtractiveWriter, careful_writer

    if not settings.llm.on:
        return ExtractiveWriter()
    from bot.editions.writing.budget import BudgetedWriter, Prices

    async def spent(club: int) -> tuple[float, float]:
        month = datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        async with store.look() as house:
            return await house.spent(club, month)

    llm = settings.llm
    prices = Prices(llm.monthly_budget, llm.club_budget, llm.input_price, llm.output_price)
    return BudgetedWriter(await careful_writer(llm, stack), ExtractiveWriter(), spent, prices, llm.parallel)


def _manners(settings: Settings) -> Manners:
    """How arXiv is asked: the gap between requests is a setting, the rest follows its terms of use."""
    return Manners(gap=timedelta(seconds=settings.arxiv.gap_seconds))
