"""The `journalclub` command line. Each command imports what it needs when it is run, so that help is quick."""

from __future__ import annotations

import argparse
import asyncio
import os
import sqlite3
import sys
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import UserError

if TYPE_CHECKING:
    from bot.app import App
    from bot.settings import Settings

DEMO_FOLDER = Path("demo")
"""Where the demo leaves its club and its edition, unless told otherwise."""

Subcommand = Callable[[argparse.Namespace], Coroutine[Any, Any, int]]


def entry(argv: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 all is well, 1 something failed, 2 a mistake in the words or the settings."""
    parser = build_parser()
    given = parser.parse_args(argv)
    job: Subcommand | None = getattr(given, "job", None)
    if job is None:
        parser.print_help()
        sys.exit(2)
    try:
        sys.exit(asyncio.run(job(given)))
    except UserError as error:
        print(f"journalclub: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read has had enough, as `| head` has. What is still to be flushed must not complain at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def build_parser() -> argparse.ArgumentParser:
    """The words that the command line understands."""
    parser = argparse.ArgumentParser(
        prog="journalclub",
        description="A community bot for people who read research papers together, in Slack, in Discord, or in both.",
        epilog="Settings come from the environment and from .env; docs/settings.md lists them.",
    )
    parser.add_argument("--version", action=_VersionAction, help="say which version this is, and exit")
    jobs = parser.add_subparsers(title="commands", metavar="COMMAND")

    demo = _subcommand(jobs, "demo", run_demo, "play a club's first week here, with real papers, and publish its first edition")
    demo.add_argument("--folder", type=Path, default=DEMO_FOLDER, help="where the edition is left (default: demo)")

    console = _subcommand(jobs, "console", run_console, "talk to a club in the terminal; or pipe commands in, one a line")
    console.add_argument("--as", dest="name", default="you", help="who you are (default: you)")
    rank = console.add_mutually_exclusive_group()
    rank.add_argument("--moderator", dest="role", action="store_const", const="moderator", default="member")
    rank.add_argument("--admin", dest="role", action="store_const", const="admin")
    console.add_argument("--club", default="", help="which club, where there are several")
    console.add_argument(
        "--demo",
        type=Path,
        nargs="?",
        const=DEMO_FOLDER,
        metavar="FOLDER",
        help="enter the club that `journalclub demo` left (also where there is no club of your own yet)",
    )

    _subcommand(jobs, "run", run, "start what is configured: Slack, Discord, the schedule, the web server")
    _subcommand(jobs, "migrate", migrate_database, "bring the database to this version's schema")

    doctor = _subcommand(jobs, "doctor", run_doctor, "check settings, database, tokens and rooms, and say how to mend them")
    doctor.add_argument("--online", action="store_true", help="also ask Slack, Discord, arXiv and the model")

    manifest = _subcommand(jobs, "manifest", print_manifest, "print the app manifest to paste into Slack")
    manifest.add_argument("platform", choices=["slack"])
    manifest.add_argument("--history", action="store_true", help="with the scopes to read channels the bot is in")
    manifest.add_argument("--http", action="store_true", help="for signed HTTP instead of Socket Mode")

    archive = _subcommand(jobs, "archive", export_archive, "write the public editions as a web site of plain files")
    archive.add_argument("what", choices=["export"])
    archive.add_argument("folder", type=Path)
    archive.add_argument("--club", default="", help="only this club")

    purge = _subcommand(jobs, "purge", purge_club, "delete what a club left behind whose workspaces have all removed the bot")
    purge.add_argument("club", nargs="?", type=int, help="its number; without one, those there are get listed")
    purge.add_argument("--sure", action="store_true", help="do it: nothing brings it back but a backup")

    invite = _subcommand(jobs, "invite", print_invite, "print the link that invites the bot into a Discord server")
    invite.add_argument("platform", choices=["discord"])
    return parser


def _subcommand(jobs: Any, name: str, job: Subcommand, summary: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = jobs.add_parser(name, help=summary, description=f"{summary.capitalize()}.")
    parser.set_defaults(job=job)
    return parser


class _VersionAction(argparse.Action):
    """Reads the version only when it is asked for."""

    def __init__(self, option_strings: Sequence[str], dest: str, **kwargs: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, **kwargs)

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from importlib.metadata import version

        print(f"journalclub {version('journalclub')}")
        parser.exit()


def configure_logs(settings: Settings, level: str = "") -> None:
    """Log as the settings say, or at another level, leaving out every secret among them."""
    from bot.logs import configure

    log = settings.log
    configure(level or log.level, log.format, secrets=settings.secrets(), libraries=log.libraries)


async def run_demo(given: argparse.Namespace) -> int:
    from bot.demo import demo

    return await demo(given.folder)


async def run_console(given: argparse.Namespace) -> int:
    from adapters.console.chat import run_session, this_terminal
    from bot.courier import DeliveryWorker
    from bot.program import open_app
    from bot.settings import load

    if not given.name.strip():
        raise UserError("Who are you? Say it with --as NAME.")
    settings = load()
    configure_logs(settings, "warning")
    played = given.demo or DEMO_FOLDER
    gateway = this_terminal()

    async def talk(app: App, folder: Path) -> int:
        tick, drain = _background_round(app), DeliveryWorker(app).drain
        return await run_session(
            app, gateway, given.name, tick=tick, drain=drain, role=given.role, club=given.club, folder=folder
        )

    if given.demo or ((played / "club.db").exists() and not has_own_club(settings)):
        from bot.demo import has_demo, reopen_demo

        if not has_demo(played):
            raise UserError(f"There is no demo in {played}/. `journalclub demo` plays one.")
        print("This is the club that `journalclub demo` left, in its October; your own begins with `journalclub run`.")
        async with reopen_demo(played, [lambda _: gateway]) as app:
            return await talk(app, played)
    async with open_app(settings, [lambda _: gateway]) as app:
        return await talk(app, settings.data_dir)


def _background_round(app: App) -> Callable[[], Awaitable[None]]:
    """Does what is due at the terminal, and tells who follows something."""
    from bot.herald import NotificationWorker
    from bot.schedule import Scheduler

    schedule, notification_worker = Scheduler(app), NotificationWorker(app)

    async def tick() -> None:
        await schedule.tick()
        await notification_worker.round()

    return tick


def has_own_club(settings: Settings) -> bool:
    """Whether there is a club of one's own already: then the console enters that, not the demo's."""
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
            return True  # what is wrong with it is said when it is opened


async def run(given: argparse.Namespace) -> int:
    from bot.program import run
    from bot.settings import load

    settings = load()
    configure_logs(settings)
    return await run(settings)


async def migrate_database(given: argparse.Namespace) -> int:
    import migrations
    from bot.settings import load
    from bot.store.migrate import migrate
    from bot.store.opening import explain_open_errors

    with explain_open_errors():
        before = await asyncio.to_thread(migrate, load().database)
    if before >= migrations.HEAD:
        print(f"The schema is at {before} already.")
    else:
        print(f"The schema is at {migrations.HEAD}, from {before or 'nothing'}.")
    return 0


async def run_doctor(given: argparse.Namespace) -> int:
    from bot.checkup import check_installation
    from bot.settings import load

    return await check_installation(load(), online=given.online)


async def print_manifest(given: argparse.Namespace) -> int:
    import json

    from adapters.slack.manifest import manifest
    from bot.features import all_commands
    from bot.settings import load

    settings = load()
    print(json.dumps(manifest(all_commands, settings, history=given.history, http=given.http), indent=2))
    return 0


async def export_archive(given: argparse.Namespace) -> int:
    from adapters.web.archive import export
    from bot.program import open_app
    from bot.settings import load

    async with open_app(load()) as app:
        files = await export(app, given.folder, club=given.club)
    print(f"{len(files)} files are in {given.folder}.")
    return 0


async def purge_club(given: argparse.Namespace) -> int:
    from bot.program import open_store
    from bot.settings import load

    store = await open_store(load())
    try:
        async with store.read_admin_session() as admin:
            deserted = {club.id: club for club in await admin.purging.deserted()}
        if given.club is None:
            for club in deserted.values():
                print(f"{club.id}  {club.name}, left {club.left_at:%-d %b %Y}")
            print("`journalclub purge NUMBER --sure` deletes one." if deserted else "No club has been left by all.")
            return 0
        if given.club not in deserted:
            raise UserError(f"There is no club {given.club} that all its workspaces have left.")
        if not given.sure:
            raise UserError(f"This deletes all of “{deserted[given.club].name}” for good. Say it again with --sure.")
        async with store.admin_session() as admin:
            await admin.purging.purge(given.club)
        print(f"All of “{deserted[given.club].name}” is gone.")
        return 0
    finally:
        await store.close()


async def print_invite(given: argparse.Namespace) -> int:
    from adapters.discord.invite import invite
    from bot.settings import load

    print(await invite(load().discord))
    return 0


if __name__ == "__main__":
    entry()
