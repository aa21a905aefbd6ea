"""Runs gateways, workers and web server side by side until a signal; orderly shutdown."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import Coroutine
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import TYPE_CHECKING, Any

from bot.app import App
from bot.errors import UserError
from bot.runtime.composition import open_app, platforms
from bot.runtime.delivery_watchdog import DeliveryWatchdog
from bot.runtime.delivery_worker import DeliveryWorker
from bot.runtime.notification_worker import NotificationWorker
from bot.runtime.platforms import serve_platforms
from bot.runtime.pruning_worker import PruningWorker
from bot.runtime.restore_review import RestoreReview
from bot.runtime.scheduler import Scheduler
from bot.runtime.shutdown_timeout import exit_within
from bot.runtime.stream_worker import StreamWorker
from bot.settings import Settings

if TYPE_CHECKING:
    from adapters.web.server import ListenAddress

log = logging.getLogger(__name__)


SHUTDOWN_SECONDS = 20.0
"""Seconds that work in progress has to end in after SIGTERM; with closing down that stays below 25 s."""
EXIT_SECONDS = 30.0
"""Seconds after SIGTERM in which the program ends in any case, also if something does not heed that it is cancelled."""


async def run(settings: Settings) -> int:
    """Start everything that is configured and run until SIGTERM or SIGINT. Returns the exit code."""
    from bot.runtime.status import first_steps_lines, status_lines

    async with open_app(settings, platforms(settings)) as app:
        print("\n".join(await status_lines(settings, app)), flush=True)
        if not app.gateways:
            print("\n".join(first_steps_lines()), flush=True)
            if not settings.web.enabled or not await _has_club(app):
                return 1
        return await _serve(settings, app)


async def _has_club(app: App) -> bool:
    async with app.store.read_admin_session() as admin:
        return bool(await admin.directory.all_clubs())


async def _serve(settings: Settings, app: App) -> int:
    """Run every part side by side until a signal, or until a worker fails or no platform is left: all end in order.

    Without any platform only the web is served.
    """
    stop = _stop_signal()
    async with AsyncExitStack() as stack:
        if settings.web.enabled:
            address = await stack.enter_async_context(_web_server(settings, app))
            if not app.gateways:
                print(f"\nUntil then only the web archive is served: {address.url}", flush=True)
        listening = [asyncio.create_task(serve_platforms(app), name="the last platform")] if app.gateways else []
        working = _workers(settings, app)
        waking = asyncio.create_task(app.store.listen(), name="wake-ups of other processes")
        waiting = asyncio.create_task(stop.wait(), name="signal")
        done, _ = await asyncio.wait([waiting, *listening, *working], return_when=asyncio.FIRST_COMPLETED)
        exit_within(EXIT_SECONDS)
        failed = [task for task in done if task is not waiting and not task.cancelled()]
        for task in failed:
            _log_failure(task.get_name(), task.exception())
        if not failed:
            log.info("stopping: new requests are refused, those in progress are finished")
        # First no new requests, then posts in progress, then the rest.
        await _cancel(listening)
        await _cancel(working)
        waiting.cancel()
        waking.cancel()
    return 1 if failed else 0


def _workers(settings: Settings, app: App) -> list[asyncio.Task[None]]:
    """The tasks of all workers. Without a platform none posts or reads anything: at most the archive is published."""
    workers: dict[str, Coroutine[Any, Any, None]] = {}
    if app.gateways:
        workers = {
            "delivery worker": DeliveryWorker(app).run(),
            "scheduler": Scheduler(app).run(),
            "delivery watchdog": DeliveryWatchdog(app).run(),
            "notification worker": NotificationWorker(app).run(),
            "restore review": RestoreReview(app).run(),
            "stream worker": StreamWorker(app).run(),
            "pruning worker": PruningWorker(app).run(),
        }
    if settings.publish.folder:
        from bot.runtime.archive_publisher import ArchivePublisher

        workers["archive publisher"] = ArchivePublisher(app, settings.publish).run()
    return [asyncio.create_task(work, name=name) for name, work in workers.items()]


def _log_failure(part: str, error: BaseException | None) -> None:
    """Log the failure of a part: a UserError, which an operator can fix, as a sentence; any other error with its
    traceback.
    """
    if isinstance(error, UserError):
        log.error("%s has stopped: %s", part, error)
        print(f"journalclub: {error}", file=sys.stderr, flush=True)
    else:
        log.error("%s has stopped", part, exc_info=error)


async def _cancel(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=SHUTDOWN_SECONDS / 2)


def _stop_signal() -> asyncio.Event:
    """An event that is set at the first SIGTERM or SIGINT; at the second the program ends at once, which is always
    safe.
    """
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    def on_signal() -> None:
        if stop.is_set():
            exit_within(1.0)
            raise SystemExit(1)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, on_signal)
    return stop


def _web_server(settings: Settings, app: App) -> AbstractAsyncContextManager[ListenAddress]:
    """The web server: health, metrics, and what else is served by HTTP."""
    from adapters.web.archive import archive
    from adapters.web.calendars import calendars
    from adapters.web.site import HasRoutes, site

    link_checker = [
        route for gateway in app.gateways.values() if isinstance(gateway, HasRoutes) for route in gateway.routes()
    ]
    return site(settings, app, metrics=app.metrics, pages=[*archive(app), *calendars(app), *link_checker])
