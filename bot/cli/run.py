"""Subcommand `run`: start everything that is configured."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from bot.cli.parser import configure_logs

if TYPE_CHECKING:
    pass


async def run(given: argparse.Namespace) -> int:
    from bot.runtime.process import run
    from bot.settings import load

    settings = load()
    configure_logs(settings)
    return await run(settings)
