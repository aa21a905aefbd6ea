"""The app's manifest, read from the declared commands: what to paste at api.slack.com/apps.

Slack's own description of the format: docs.slack.dev/reference/app-manifest.
"""

from __future__ import annotations

from typing import Any

from adapters.slack.shortcuts import SHORTCUTS
from bot.chat.commands import Commands
from bot.settings import Settings

NAME = "Journal Club"
DESCRIPTION = "Read papers together: submit, vote, discuss, and get a weekly edition."

SCOPES = {
    "commands": "slash commands and shortcuts",
    "chat:write": "post papers' cards and editions where it is invited",
    "app_mentions:read": "answer in threads, where slash commands do not work",
    "im:write": "tell you in a direct message what must not be lost",
    "users:read": "know names, and who administers the workspace",
    "usergroups:read": "let a user group be the club's moderators",
    "channels:read": "check that its channels are in order",
    "groups:read": "check that its private channels are in order",
}
"""Every scope that is needed, and what it buys."""

HISTORY = {
    "channels:history": "count replies and find a post of doubtful outcome by itself",
    "groups:history": "the same in private channels",
}
"""Scopes that are optional: without them a moderator is asked about a post of doubtful outcome."""

EVENTS = ["app_home_opened", "app_mention", "app_uninstalled", "tokens_revoked", "channel_archive", "channel_deleted"]
HISTORY_EVENTS = ["message.channels", "message.groups"]


def manifest(commands: Commands, settings: Settings, *, history: bool = False, http: bool = False) -> dict[str, Any]:
    """The manifest as JSON values. `http`: signed requests to `web.public_url` instead of Socket Mode."""
    base = settings.web.public_url or "https://your-address.example.org"
    url = {"url": f"{base}/slack/commands"} if http else {}
    events = [*EVENTS, *(HISTORY_EVENTS if history else ())]
    return {
        "display_information": {"name": NAME, "description": DESCRIPTION, "background_color": "#26323a"},
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": NAME, "always_online": True},
            "shortcuts": [
                {"name": s.name, "type": s.kind, "callback_id": s.id, "description": s.description} for s in SHORTCUTS
            ],
            "slash_commands": [
                {
                    "command": f"/{settings.slack.command_prefix}{root}",
                    "description": commands.about.get(root, commands.under(root)[0].summary)[:2000],
                    "usage_hint": _hint(commands, root),
                    "should_escape": False,
                    **url,
                }
                for root in commands.roots
            ],
        },
        "oauth_config": {
            "scopes": {"bot": [*SCOPES, *(HISTORY if history else ())]},
            **({"redirect_urls": [f"{base}/slack/oauth_redirect"]} if http else {}),
        },
        "settings": {
            "event_subscriptions": {
                "bot_events": sorted(events),
                **({"request_url": f"{base}/slack/events"} if http else {}),
            },
            "interactivity": {
                "is_enabled": True,
                **({"request_url": f"{base}/slack/interactions"} if http else {}),
            },
            "org_deploy_enabled": False,
            "socket_mode_enabled": not http,
            "token_rotation_enabled": False,
        },
    }


def _hint(commands: Commands, root: str) -> str:
    """The verbs of a root, as Slack shows them while somebody types."""
    verbs = dict.fromkeys(c.name.removeprefix(root).strip().partition(" ")[0] for c in commands.under(root))
    hint = "[" + "|".join(verb for verb in verbs if verb) + "]"
    return hint if len(hint) > 2 else "[topic]"
