"""Subcommand `archive export`: write the public editions as static files."""

from __future__ import annotations

import argparse

from adapters.web.archive import export
from bot.runtime.composition import open_app
from bot.settings import load


async def export_archive(given: argparse.Namespace) -> int:
    """Write the public editions of all clubs, or of one, into a folder. Returns the exit code."""
    async with open_app(load()) as app:
        files = await export(app, given.folder, club=given.club)
    print(f"{len(files)} files are in {given.folder}.")
    return 0
