"""Subcommand `purge`: delete a club whose workspaces all removed the bot."""

from __future__ import annotations

import argparse

from bot.cli.checked_database import need_database
from bot.errors import UserError
from bot.runtime.composition import open_store
from bot.settings import load


async def purge_club(given: argparse.Namespace) -> int:
    """List the clubs whose workspaces all removed the bot, or delete one of them for good. Returns the exit code."""
    settings = load()
    need_database(settings)
    store = await open_store(settings)
    try:
        async with store.read_admin_session() as admin:
            deserted = {club.id: club for club in await admin.club_purge.abandoned_clubs()}
        if given.club is None:
            for club in deserted.values():
                print(f"{club.id}  {club.name}, left {club.left_at:%-d %b %Y}")
            print("`journalclub purge NUMBER --sure` deletes one." if deserted else "No club is unused.")
            return 0
        if given.club not in deserted:
            raise UserError(f"There is no club {given.club} that every workspace has left.")
        if not given.sure:
            raise UserError(f"This deletes all of “{deserted[given.club].name}” permanently. Run it again with --sure.")
        async with store.admin_session() as admin:
            await admin.club_purge.purge(given.club)
        print(f"All of “{deserted[given.club].name}” was deleted.")
        return 0
    finally:
        await store.close()
