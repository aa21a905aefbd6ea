"""Subcommand `purge`: delete a club whose workspaces all removed the bot."""

from __future__ import annotations

import argparse

from bot.errors import UserError
from bot.runtime.composition import open_store
from bot.settings import load


async def purge_club(given: argparse.Namespace) -> int:
    """List the clubs whose workspaces all removed the bot, or delete one of them for good. Returns the exit code."""
    store = await open_store(load())
    try:
        async with store.read_admin_session() as admin:
            deserted = {club.id: club for club in await admin.club_purge.abandoned_clubs()}
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
            await admin.club_purge.purge(given.club)
        print(f"All of “{deserted[given.club].name}” is gone.")
        return 0
    finally:
        await store.close()
