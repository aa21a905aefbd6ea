"""Every operation this Discord serves, a module a subject."""

from __future__ import annotations

from ..routing import ROUTES, Router
from . import account, callbacks, channels, commands, guilds, messages, scheduled_events, threads, webhooks

__all__ = [
    "TABLE",
    "account",
    "callbacks",
    "channels",
    "commands",
    "guilds",
    "messages",
    "scheduled_events",
    "threads",
    "webhooks",
]

TABLE = Router(ROUTES)
