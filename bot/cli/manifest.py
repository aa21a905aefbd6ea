"""Subcommand `manifest`: print the Slack app manifest."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass


async def print_manifest(given: argparse.Namespace) -> int:
    import json

    from adapters.slack.setup.manifest import manifest
    from bot.features.registry import all_commands
    from bot.settings import load

    settings = load()
    print(json.dumps(manifest(all_commands, settings, history=given.history, http=given.http), indent=2))
    return 0
