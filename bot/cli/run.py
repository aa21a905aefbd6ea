"""Subcommand `run`: start everything that is configured."""

from __future__ import annotations

import argparse

from bot.cli.parser import configure_logs
from bot.runtime.process import run
from bot.settings import load


async def run_program(given: argparse.Namespace) -> int:
    """Run the platforms that have tokens, the workers and the web server until a signal. Returns the exit code."""
    settings = load()
    configure_logs(settings)
    return await run(settings)
