"""Subcommand `demo`: play a club's first week and publish its first edition."""

from __future__ import annotations

import argparse
import shlex
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import time

from adapters.console.gateway import ConsoleGateway
from adapters.console.render import TerminalStyle
from adapters.console.screen import Screen
from adapters.console.session import open_club, person, terminal_workspace_id
from bot.app import App
from bot.chat.gateway import Gateway, Location
from bot.cli.demo_script import AFTERWARDS, CLUB, DUE, ENDED, PEOPLE, SCRIPT, ZONE, ScriptedDay
from bot.domain.clock import utc_now
from bot.domain.models import Club
from bot.editions.writing.writer import ExtractiveWriter
from bot.features.editions.publishing.publish import export
from bot.runtime.composition import open_app
from bot.runtime.delivery_worker import DeliveryWorker
from bot.runtime.scheduler import Scheduler
from bot.settings import ArxivSettings, ClubDefaults, LlmSettings, Settings, load
from bot.sources.recorded_arxiv import RecordedArxiv


async def run_demo(given: argparse.Namespace) -> int:
    """Play the demo's week and leave its edition in a folder. Returns the exit code."""
    llm = load().llm
    if llm.on:
        print(f"The summaries are written by {llm.model}, the model that is configured.")
    return await demo(given.folder, llm)


Platforms = Sequence[Callable[[App], Gateway]]
"""Makers of the demo's gateways."""


NAME = "journalclub"


DATABASE = "club.db"


PAGE = "edition-1.html"


REFUSED = ["/paper submit https://arxiv.org/abs/2510.99999 a slip of the finger"]
"""The one line of the script that must be refused: arXiv does not know the paper."""


GOODBYE = """
The edition is in {folder}/: open {page} in a browser. The Markdown and JSON files are beside it.

What next? Type one of these:
  {me} console{club} --as Ada                  join this club (try /help, /paper top, /my home)
  {me} console{club} --as Barbara --moderator  join as a moderator (try /curate queue)
  {me} run{room}                               shows how to connect Slack or Discord
"""


class DemoClock:
    """The clock of the script."""

    def __init__(self) -> None:
        self.at = SCRIPT[0].at

    def __call__(self) -> datetime:
        """The current time of the script."""
        return self.at


async def demo(folder: Path, llm: LlmSettings | None = None) -> int:
    """Play the week and leave its edition in a folder. Returns the exit code."""
    _clear(folder)
    clock = DemoClock()
    paint = TerminalStyle(min(shutil.get_terminal_size().columns, 110), color=sys.stdout.isatty(), buttons=False)
    gateway = ConsoleGateway(print, paint)
    async with _opened(folder, clock, [lambda _: gateway], llm) as app:
        club = await open_club(app, CLUB)
        failed = await _play(app, club, clock, paint, SCRIPT)
        clock.at = DUE
        print(paint.ink("1;35", "\n━━ Monday, 09:00: the edition is due\n"))
        await _morning(app)
        files = await export(app, club.id, 1, folder)
        failed += await _play(app, club, clock, paint, (AFTERWARDS,))
    club_there = "" if folder == Path("demo") else f" --demo {shlex.quote(str(folder))}"
    room = " " * len(club_there)
    print(GOODBYE.format(folder=folder, page=files[0].name, me=_me(), club=club_there, room=room))
    return 1 if failed != REFUSED else 0


def _me() -> str:
    """The command that starts this program: `make demo` calls it by a path that is not on the shell's PATH."""
    called = sys.argv[0]
    return called if Path(called).name == NAME and shutil.which(NAME) != called else NAME


def _clear(folder: Path) -> None:
    """Remove the files of an earlier demo; other files in the folder stay."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in (*folder.glob(f"{DATABASE}*"), *folder.glob("edition-*")):
        old.unlink()


async def _play(app: App, club: Club, clock: DemoClock, paint: TerminalStyle, days: Sequence[ScriptedDay]) -> list[str]:
    """Run every line of some days, and return the lines that were refused."""
    screens = {name: Screen(app, person(name, role), _place(club), print, paint) for name, role in PEOPLE.items()}
    delivery_worker = DeliveryWorker(app)
    failed = []
    for day in days:
        clock.at = day.at
        print(paint.ink("1;35", f"\n━━ {day.title}"))
        await _morning(app)
        for answer_card in day.lines:
            clock.at += timedelta(minutes=7)
            print(f"\n{paint.ink('1', answer_card.by + '>')} {answer_card.line}")
            if not await screens[answer_card.by].handle_line(answer_card.line):
                failed.append(answer_card.line)
            await delivery_worker.drain()
    return failed


async def _morning(app: App) -> None:
    """Run the schedule: draft ahead of the deadline, post an approved edition."""
    schedule, delivery_worker = Scheduler(app), DeliveryWorker(app)
    for _ in range(3):
        await schedule.tick()
        await delivery_worker.drain()


def _place(club: Club) -> Location:
    return Location("console", terminal_workspace_id(club), "general")


@asynccontextmanager
async def _opened(
    folder: Path, clock: Callable[[], datetime], platforms: Platforms, llm: LlmSettings | None = None
) -> AsyncIterator[App]:
    """The demo's App: its database in the folder, a recorded arXiv on this machine.

    No other requests are made, except to the model if there is one.
    """
    async with RecordedArxiv() as arxiv:
        settings = Settings(
            data_dir=folder,
            database_url=f"sqlite:///{folder / DATABASE}",  # type: ignore[arg-type] # pydantic makes a secret of it
            arxiv=ArxivSettings(base_url=arxiv.url, gap_seconds=0),
            club=ClubDefaults(timezone=ZONE),
            llm=llm or LlmSettings(),
        )
        async with open_app(settings, platforms) as app:
            yield replace(app, now=clock, writer=app.writer if settings.llm.on else ExtractiveWriter(clock))


def has_demo(folder: Path) -> bool:
    """True if a folder holds a demo."""
    return (folder / DATABASE).exists()


@asynccontextmanager
async def reopen_demo(folder: Path, platforms: Platforms = (), llm: LlmSettings | None = None) -> AsyncIterator[App]:
    """The demo's club as it was left. Its clock continues from the script's last time."""
    page = folder / PAGE
    ended = datetime.fromtimestamp(page.stat().st_mtime if page.exists() else time(), UTC)
    async with _opened(folder, lambda: ENDED + (utc_now() - ended), platforms, llm) as app:
        yield app
