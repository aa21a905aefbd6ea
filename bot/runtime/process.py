"""Runs gateways, workers and web server side by side until a signal; orderly shutdown."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from contextlib import AbstractAsyncContextManager, AsyncExitStack

from bot.app import App
from bot.errors import UserError
from bot.runtime.composition import open_app, platforms
from bot.runtime.delivery_watchdog import DeliveryWatchdog
from bot.runtime.delivery_worker import DeliveryWorker
from bot.runtime.notification_worker import NotificationWorker
from bot.runtime.platforms import serve_platforms
from bot.runtime.restore_review import RestoreReview
from bot.runtime.scheduler import Scheduler
from bot.runtime.stream_worker import StreamWorker
from bot.settings import Settings

log = logging.getLogger(__name__)


SHUTDOWN_SECONDS = 20.0
"""Seconds that work in progress has to end in after SIGTERM; with closing down that stays below 25 s."""


async def run(settings: Settings) -> int:
    """Start everything that is configured and run until SIGTERM or SIGINT. Returns the exit code."""
    from bot.runtime.status import first_steps_lines, status_lines

    async with open_app(settings, platforms(settings)) as app:
        print("\n".join(await status_lines(settings, app)), flush=True)
        if not app.gateways:
            print("\n".join(first_steps_lines()), flush=True)
            return 1
        return await _serve(settings, app)


async def _serve(settings: Settings, app: App) -> int:
    """Run every part side by side until a signal, or until a worker fails or no platform is left: all end in order."""
    stop = _stop_signal()
    delivery_worker, schedule = DeliveryWorker(app), Scheduler(app)
    async with AsyncExitStack() as stack:
        if settings.web.enabled:
            await stack.enter_async_context(_web_server(settings, app))
        listening = [asyncio.create_task(serve_platforms(app), name="the last platform")]
        working = [
            asyncio.create_task(delivery_worker.run(), name="delivery worker"),
            asyncio.create_task(schedule.run(), name="scheduler"),
            asyncio.create_task(DeliveryWatchdog(app).run(), name="delivery watchdog"),
            asyncio.create_task(NotificationWorker(app).run(), name="notification worker"),
            asyncio.create_task(RestoreReview(app).run(), name="restore review"),
            asyncio.create_task(StreamWorker(app).run(), name="stream worker"),
        ]
        waking = asyncio.create_task(app.store.listen(), name="wake-ups of other processes")
        waiting = asyncio.create_task(stop.wait(), name="signal")
        done, _ = await asyncio.wait([waiting, *listening, *working], return_when=asyncio.FIRST_COMPLETED)
        failed = [task for task in done if task is not waiting and not task.cancelled()]
        for task in failed:
            _log_failure(task.get_name(), task.exception())
        if not failed:
            log.info("stopping: no more questions are taken, what is under way is finished")
        # First nobody new comes in, then what is under way is delivered, then the rest closes.
        await _cancel(listening)
        await _cancel(working)
        waiting.cancel()
        waking.cancel()
    return 1 if failed else 0


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
    await asyncio.wait(tasks, timeout=SHUTDOWN_SECONDS / 2)


def _stop_signal() -> asyncio.Event:
    """An event that is set at the first SIGTERM or SIGINT; at the second the program ends at once, which is always
    safe.
    """
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    def on_signal() -> None:
        if stop.is_set():
            raise SystemExit(1)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, on_signal)
    return stop


def _web_server(settings: Settings, app: App) -> AbstractAsyncContextManager[object]:
    """The web server: health, metrics, and what else is served by HTTP."""
    from adapters.web.archive import archive
    from adapters.web.calendars import calendars
    from adapters.web.site import HasRoutes, site

    link_checker = [
        route for gateway in app.gateways.values() if isinstance(gateway, HasRoutes) for route in gateway.routes()
    ]
    return site(settings, app, metrics=app.metrics, pages=[*archive(app), *calendars(app), *link_checker])
