"""Subcommand `manifest`: print the Slack app manifest."""

from __future__ import annotations

import argparse
import json

from adapters.slack.setup.manifest import manifest
from bot.features.registry import all_commands
from bot.settings import load


async def print_manifest(given: argparse.Namespace) -> int:
    """Print the manifest as JSON, for Slack's form for a new app. Returns the exit code."""
    settings = load()
    optional = {name: getattr(given, name) for name in ("history", "links", "reactions", "http")}
    print(json.dumps(manifest(all_commands, settings, **optional), indent=2))
    return 0
