"""Subcommand `copy`: copy the whole installation into another, empty database of any kind."""

from __future__ import annotations

import argparse
import asyncio
import re
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from bot.cli.backup import make_folder
from bot.domain.clock import utc_now
from bot.errors import UserError
from bot.settings import load
from bot.store.database.open_errors import explain_open_errors
from bot.store.transfer.copy_database import copy_database
from bot.store.transfer.postgresql_tools import plain
from bot.telemetry.redaction import redact


async def copy_installation(given: argparse.Namespace) -> int:
    """Copy the configured database, and print each table's rows and hash. Gives the exit code."""
    target = re.sub(r"\Apostgres://", "postgresql://", given.to)
    if not target.startswith(("sqlite:///", "postgresql://")):
        raise UserError("Give the target as sqlite:///FILE or postgresql://USER@HOST/DATABASE.")
    source = load().database
    if target.startswith("sqlite:"):
        make_folder(Path(make_url(target).database or "").parent)
    else:
        await asyncio.to_thread(_try_target, target)
    with explain_open_errors():
        report = await asyncio.to_thread(copy_database, source, target, utc_now())
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


def _try_target(url: str) -> None:
    """Raises UserError if nothing can connect to a PostgreSQL database to copy to."""
    try:
        psycopg.connect(plain(url), connect_timeout=10).close()
    except psycopg.Error as error:
        reason = redact(str(error).strip().partition("\n")[0]).rstrip(".")
        raise UserError(f"The target cannot be used: {reason}. Look at the address after --to.") from error
