"""Subcommand `console`: talk to a club in the terminal."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from adapters.console.session import run_session, this_terminal
from bot.app import App
from bot.cli.demo import has_demo, reopen_demo
from bot.cli.parser import DEMO_FOLDER, configure_logs
from bot.errors import UserError
from bot.runtime.composition import open_app
from bot.runtime.delivery_worker import DeliveryWorker
from bot.runtime.notification_worker import NotificationWorker
from bot.runtime.restore_review import RestoreReview
from bot.runtime.scheduler import Scheduler
from bot.runtime.stream_worker import StreamWorker
from bot.settings import Settings, load
from bot.store.database.database_errors import logged_reason

log = logging.getLogger(__name__)

READING_SECONDS = 20.0
"""Seconds that a line waits for sources of new papers to be read."""


async def run_console(given: argparse.Namespace) -> int:
    """Talk to the club at the prompt, or run piped commands, one a line. Returns the exit code."""
    if not given.name.strip():
        raise UserError("Who are you? Add --as NAME.")
    settings = load()
    configure_logs(settings, "warning")
    played = given.demo or DEMO_FOLDER
    gateway = this_terminal()

    async def talk(app: App, folder: Path) -> int:
        tick, drain = attempted(_background_round(app)), attempted(DeliveryWorker(app).drain)
        return await run_session(
            app, gateway, given.name, tick=tick, drain=drain, role=given.role, club=given.club, folder=folder
        )

    if given.demo or ((played / "club.db").exists() and not has_own_club(settings)):
        if not has_demo(played):
            raise UserError(f"There is no demo in {played}/. Run `journalclub demo` first.")
        print("This is the demo club, at its own date in October. Start your own with `journalclub run`.")
        async with reopen_demo(played, [lambda _: gateway], settings.llm) as app:
            return await talk(app, played)
    try:
        async with open_app(settings, [lambda _: gateway]) as app:
            return await talk(app, settings.data_dir)
    except SQLAlchemyError as error:
        if reason := logged_reason(error):
            raise UserError(f"{reason}.") from error
        raise


def _background_round(app: App) -> Callable[[], Awaitable[None]]:
    """A function that runs the schedule, sends notifications and reads sources, for the terminal."""
    schedule, notification_worker, restore_review = Scheduler(app), NotificationWorker(app), RestoreReview(app)
    stream_worker = StreamWorker(app)

    async def tick() -> None:
        await restore_review.round()
        await schedule.tick()
        await notification_worker.round()
        with suppress(TimeoutError):  # what was not read yet is read after the next line
            async with asyncio.timeout(READING_SECONDS):
                await stream_worker.round()

    return tick


def attempted(job: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    """The job, left for the next line where the database's disk is full or the like: commands are answered all the
    same. Each reason is logged once.
    """
    logged: set[str] = set()

    async def attempt() -> None:
        try:
            await job()
        except Exception as error:
            if not (reason := logged_reason(error)):
                raise
            if reason not in logged:
                logged.add(reason)
                log.warning("what is due is tried again with the next line (%s)", reason)

    return attempt


def has_own_club(settings: Settings) -> bool:
    """True if there is a club of one's own already, which the console then opens instead of the demo's."""
    url = settings.database
    if not url.startswith("sqlite"):
        return True
    path = Path(url.removeprefix("sqlite:///"))
    if not path.exists():
        return False
    with closing(sqlite3.connect(path)) as database:
        try:
            return bool(database.execute("SELECT 1 FROM club").fetchone())
        except sqlite3.DatabaseError:
            return True  # errors are reported when it is opened
