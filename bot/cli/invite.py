"""Subcommand `invite`: print the Discord invite link."""

from __future__ import annotations

import argparse

from adapters.discord.setup.invite import invite
from bot.settings import load


async def print_invite(given: argparse.Namespace) -> int:
    """Print the link with which the bot is added to a Discord server. Gives the exit code."""
    print(await invite(load().discord))
    return 0
