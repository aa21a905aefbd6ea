"""Subcommand `invite`: print the Discord invite link."""

from __future__ import annotations

import argparse

from adapters.discord.setup.invite import invite
from bot.settings import load


async def print_invite(given: argparse.Namespace) -> int:
    """Print the link that adds the bot to a Discord server. Returns the exit code."""
    print(await invite(load().discord))
    return 0
