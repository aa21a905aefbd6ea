"""Subcommand `copy`: copy the whole installation into another, empty database of any kind."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from sqlalchemy import make_url

from bot.cli.backup import make_folder
from bot.domain.clock import utc_now
from bot.errors import UserError
from bot.settings import load
from bot.store.database.open_errors import explain_open_errors
from bot.store.transfer.copy_database import copy_database


async def copy_installation(given: argparse.Namespace) -> int:
    """Copy the configured database, and print each table's rows and hash. Gives the exit code."""
    if not given.to.startswith(("sqlite:///", "postgresql://")):
        raise UserError("Give the target as sqlite:///FILE or postgresql://USER@HOST/DATABASE.")
    if given.to.startswith("sqlite:"):
        make_folder(Path(make_url(given.to).database or "").parent)
    with explain_open_errors():
        report = await asyncio.to_thread(copy_database, load().database, given.to, utc_now())
    for table in report.tables:
        print(f"{table.name:<22} {table.rows:>9,}  {table.sha256[:32]}")
    print(f"{len(report.tables)} tables, and the hashes of both databases are equal.")
    if report.running:
        print(
            "A program was at work meanwhile, so this is a backup: a club on it posts nothing until an admin says "
            "`/clubadmin restored start`."
        )
    else:
        print("Set JOURNALCLUB_DATABASE_URL to the new one before you start again, and keep the secret key.")
    return 0
