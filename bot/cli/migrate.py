"""Subcommand `migrate`: bring the database to this version's schema."""

from __future__ import annotations

import argparse
import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass


async def migrate_database(given: argparse.Namespace) -> int:
    import migrations
    from bot.settings import load
    from bot.store.database.migrate import migrate
    from bot.store.database.open_errors import explain_open_errors

    with explain_open_errors():
        before = await asyncio.to_thread(migrate, load().database)
    if before >= migrations.HEAD:
        print(f"The schema is at {before} already.")
    else:
        print(f"The schema is at {migrations.HEAD}, from {before or 'nothing'}.")
    return 0
