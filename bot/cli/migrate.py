"""Subcommand `migrate`: update the database schema to this version."""

from __future__ import annotations

import argparse
import asyncio

import migrations
from bot.settings import load
from bot.store.database.migrate import migrate
from bot.store.database.open_errors import explain_open_errors


async def migrate_database(given: argparse.Namespace) -> int:
    """Apply the missing migrations and print the versions before and after. Returns the exit code."""
    with explain_open_errors():
        before = await asyncio.to_thread(migrate, load().database)
    if before >= migrations.HEAD:
        print(f"The schema is already at {before}.")
    else:
        print(f"The schema is at {migrations.HEAD}, from {before or 'nothing'}.")
    return 0
