"""The argument parser: subcommands, their options and help.

A subcommand is named by `module:function` and imported when it is run, so that help is quick.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Coroutine, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.cli.command_line import CommandLineParser

if TYPE_CHECKING:
    from bot.settings import Settings

Subcommand = Callable[[argparse.Namespace], Coroutine[Any, Any, int]]
"""Runs one subcommand with the parsed arguments and returns the exit code."""

DEMO_FOLDER = Path("demo")
"""Default folder for the demo's club and its edition."""


def build_parser() -> argparse.ArgumentParser:
    """The parser of the command line."""
    parser = CommandLineParser(
        prog="journalclub",
        description="A community bot for people who read research papers together, in Slack, in Discord, or in both.",
        epilog="Settings come from the environment and from .env; docs/settings.md lists them.",
    )
    parser.add_argument("--version", action=_VersionAction, help="print the version and exit")
    jobs = parser.add_subparsers(title="commands", metavar="COMMAND")

    _add_trial(jobs)
    _add_running(jobs)
    _add_database(jobs)
    _add_clubs(jobs)
    return parser


def _add_trial(jobs: Any) -> None:
    """Subcommands for getting to know the program."""
    demo = _subcommand(
        jobs, "demo", "demo:run_demo", "play a club's first week in this terminal and publish its first edition"
    )
    demo.add_argument("--folder", type=Path, default=DEMO_FOLDER, help="the folder for the edition (default: demo)")

    console = _subcommand(
        jobs, "console", "console:run_console", "use a club in the terminal; or pipe commands in, one per line"
    )
    console.add_argument("--as", dest="name", type=_name, default="you", help="who you are (default: you)")
    rank = console.add_mutually_exclusive_group()
    moderator, admin = "with a moderator's rights", "with an admin's rights"
    rank.add_argument(
        "--moderator", dest="role", action="store_const", const="moderator", default="member", help=moderator
    )
    rank.add_argument("--admin", dest="role", action="store_const", const="admin", help=admin)
    console.add_argument("--club", default="", help="which club, where there are several")
    console.add_argument(
        "--demo",
        type=Path,
        nargs="?",
        const=DEMO_FOLDER,
        metavar="FOLDER",
        help="open the demo club of `journalclub demo`",
    )


def _add_running(jobs: Any) -> None:
    """Subcommands that set the program up, run it and check it."""
    setup = _subcommand(
        jobs, "setup", "setup:run_setup", "connect Slack or Discord: ask for the tokens, test them, save them in .env"
    )
    setup.add_argument(
        "--env-file", type=Path, default=Path(".env"), metavar="FILE", help="where they are saved (default: .env)"
    )

    _subcommand(
        jobs, "run", "run:run_program", "start what is configured: Slack, Discord, the schedule, the web server"
    )
    _subcommand(jobs, "migrate", "migrate:migrate_database", "update the database schema to this version")

    doctor = _subcommand(
        jobs,
        "doctor",
        "doctor:run_doctor",
        "check settings, database, tokens and channels, and say how to fix what is wrong",
    )
    doctor.add_argument("--online", action="store_true", help="also check Slack, Discord, arXiv and the model")

    model = _subcommand(
        jobs, "model", "model:test_model", "have the model write about one paper: what it says, its checks, its cost"
    )
    model.add_argument("what", choices=["test"])

    manifest = _subcommand(jobs, "manifest", "manifest:print_manifest", "print the app manifest to paste into Slack")
    manifest.add_argument("platform", choices=["slack"])
    manifest.add_argument("--history", action="store_true", help="with the scopes to read channels the bot is in")
    manifest.add_argument(
        "--links",
        action="store_true",
        help="with the scope to ask people who post a link to arXiv whether to submit it",
    )
    manifest.add_argument("--reactions", action="store_true", help="with the scope to count reactions as votes")
    manifest.add_argument("--http", action="store_true", help="for signed HTTP instead of Socket Mode")


def _add_database(jobs: Any) -> None:
    """Subcommands about the whole database."""
    backup = _subcommand(
        jobs, "backup", "backup:back_up", "write a checked copy of the database into a folder, while the program runs"
    )
    backup.add_argument(
        "folder", type=Path, help="the folder; the newest backup of each of the last 7 days and 4 weeks is kept"
    )
    backup.add_argument(
        "--passphrase-file",
        type=Path,
        metavar="FILE",
        help="also keep the secret key, encrypted with the passphrase in this file",
    )

    restore = _subcommand(
        jobs, "restore", "restore:restore_backup", "check a backup, and put it in the place of the database"
    )
    restore.add_argument("file", type=Path, help="the file that `backup` wrote")
    restore.add_argument("--sure", action="store_true", help="put it in place; the current database is kept beside it")
    restore.add_argument("--key", type=Path, metavar="FILE", help="also put back the secret key in this file")
    restore.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help="the passphrase that the key was kept with"
    )

    copy = _subcommand(
        jobs, "copy", "copy:copy_installation", "copy everything into another database, SQLite or PostgreSQL"
    )
    copy.add_argument(
        "--to",
        required=True,
        metavar="URL",
        help="an empty database: sqlite:///FILE or postgresql://… (a password is better given in PGPASSWORD)",
    )


def _add_clubs(jobs: Any) -> None:
    """Subcommands about single clubs."""
    archive = _subcommand(
        jobs, "archive", "archive:archive_command", "export or publish the public editions as a static web site"
    )
    archive.add_argument(
        "what", choices=["export", "publish"], help="publish also removes old files, and runs git or your command"
    )
    archive.add_argument(
        "folder",
        type=Path,
        nargs="?",
        help="the folder to write to; publish takes JOURNALCLUB_PUBLISH__FOLDER if it is left out",
    )
    archive.add_argument("--club", default="", help="only this club")

    export = _subcommand(jobs, "export", "export:export_papers", "write the papers or meetings of a club into a file")
    export.add_argument("file", type=Path, help="papers.json keeps everything; .bib, .ris, .csl.json, .csv and .md too")
    export.add_argument(
        "--format", choices=["json", "bibtex", "ris", "csl-json", "csv", "markdown"], help="if the name does not say it"
    )
    export.add_argument("--club", default="", help="which club, where there are several")
    export.add_argument("--read", action="store_true", help="only what the club has read")
    export.add_argument("--meetings", action="store_true", help="its meetings with their notes: .json, .csv or .md")

    purge = _subcommand(jobs, "purge", "purge:purge_club", "delete a club that every workspace has left")
    purge.add_argument("club", nargs="?", type=int, help="its number; without one, such clubs are listed")
    purge.add_argument("--sure", action="store_true", help="really delete it; only a backup can restore it")

    invite = _subcommand(
        jobs, "invite", "invite:print_invite", "print the link that invites the bot into a Discord server"
    )
    invite.add_argument("platform", choices=["discord"])


def _name(typed: str) -> str:
    """A name on one line. Raises ArgumentTypeError if it is empty."""
    if not (name := " ".join(typed.split())):
        raise argparse.ArgumentTypeError("give a name")
    return name


def _subcommand(jobs: Any, name: str, place: str, summary: str) -> argparse.ArgumentParser:
    description = f"{summary[0].upper()}{summary[1:]}."
    parser: argparse.ArgumentParser = jobs.add_parser(name, help=summary, description=description)
    parser.set_defaults(subcommand=place)
    return parser


def load_subcommand(place: str) -> Subcommand:
    """The function at `module:function` of this package."""
    module, _, function = place.partition(":")
    subcommand: Subcommand = getattr(import_module(f"bot.cli.{module}"), function)
    return subcommand


class _VersionAction(argparse.Action):
    """Reads the version only when it is requested."""

    def __init__(self, option_strings: Sequence[str], dest: str, **kwargs: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, **kwargs)

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from importlib.metadata import version

        print(f"journalclub {version('journalclub')}")
        parser.exit()


def configure_logs(settings: Settings, level: str = "") -> None:
    """Configure logging from the settings, or at another level, with every secret redacted."""
    from bot.store.database.database_errors import logged_reason
    from bot.telemetry.logs import configure

    log = settings.log
    secrets = settings.secrets()
    configure(level or log.level, log.format, secrets=secrets, libraries=log.libraries, reason=logged_reason)
