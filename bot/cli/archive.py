"""Subcommands `archive export` and `archive publish`: the public editions as static files, also while the club runs."""

from __future__ import annotations

import argparse
from pathlib import Path

from adapters.web.archive import export
from bot.app import App
from bot.cli.checked_database import need_database
from bot.errors import UserError
from bot.runtime.archive_publisher import publish
from bot.runtime.composition import open_reading_app
from bot.settings import Settings, load


async def archive_command(given: argparse.Namespace) -> int:
    """Write the public editions of all clubs, or of one, into a folder. Returns the exit code."""
    settings = load()
    need_database(settings)
    folder = str(given.folder or (settings.publish.folder if given.what == "publish" else ""))
    if not folder:
        where = " or set JOURNALCLUB_PUBLISH__FOLDER" if given.what == "publish" else ""
        raise UserError(f"Name the folder to write to: `journalclub archive {given.what} FOLDER`{where}.")
    async with open_reading_app(settings) as app:
        try:
            print(await _written(app, given, settings, folder))
        except OSError as error:
            raise UserError(f"I cannot write to {error.filename or folder}: {error.strerror or error}.") from None
    return 0


async def _written(app: App, given: argparse.Namespace, settings: Settings, folder: str) -> str:
    """Write the files. Returns a sentence about it; raises OSError if the folder cannot be written."""
    if given.what == "export":
        return f"{len(await export(app, Path(folder), club=given.club))} files are in {folder}."
    return await publish(app, settings.publish.model_copy(update={"folder": folder}), club=given.club)
