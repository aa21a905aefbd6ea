"""Subcommand `invite`: print the Discord invite link."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass


async def print_invite(given: argparse.Namespace) -> int:
    from adapters.discord.setup.invite import invite
    from bot.settings import load

    print(await invite(load().discord))
    return 0
