"""Manifest of the local Slack's app: what it does not declare does not exist."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.protocol.slack_api.client import Listener
from tests.protocol.slack_server import SlackServer

Json = dict[str, Any]


MANIFEST: Json = {
    "display_information": {"name": "Journal Club"},
    "features": {
        "bot_user": {"display_name": "Journal Club"},
        "app_home": {"home_tab_enabled": True},
        "slash_commands": [{"command": "/paper", "description": "Papers"}],
        "shortcuts": [
            {"name": "Submit a paper", "type": "global", "callback_id": "submit", "description": "Submit a paper"}
        ],
    },
    "oauth_config": {"scopes": {"bot": ["commands", "chat:write", "app_mentions:read"]}},
    "settings": {
        "event_subscriptions": {"bot_events": ["app_mention", "app_home_opened"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


async def test_only_what_the_manifest_declares_is_known(slack: SlackServer) -> None:
    listener = slack.dispatcher.transport = Listener()
    slack.patience = slack.quiet = 0.0
    slack.use_manifest(MANIFEST)
    ada = slack.user("Ada")
    assert (await ada.command("/vote")).failure == "/vote is not a valid command."
    assert (await ada.command("/paper")).failure == ""
    with pytest.raises(AssertionError, match="no message shortcut"):
        await ada.message_shortcut("submit", await ada.post("C1", "hello"))
    await ada.global_shortcut("submit")
    slack.events.archive("C2")
    await slack.settled(quiet=0.05)
    assert [p.payload["type"] for p in listener.parcels if "type" in p.payload] == ["shortcut"]
    assert slack.install("T1").scopes == ["commands", "chat:write", "app_mentions:read"]


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        ("display_information.name", "x" * 36, "1 to 35"),
        ("display_information.description", "x" * 141, "140"),
        ("features.slash_commands", [{"command": "paper", "description": "x"}], "no name"),
        ("features.slash_commands", [{"command": "/p", "description": "x"}] * 2, "2 times"),
        ("features.slash_commands", [{"command": f"/p{i}", "description": "x"} for i in range(51)], "51 of 50"),
        ("features.shortcuts", [{"name": "x" * 25, "type": "global", "callback_id": "a", "description": "x"}], "24"),
        ("oauth_config.scopes.bot", ["chat:write", "app_mentions:read"], "scope commands"),
        ("oauth_config.scopes.bot", ["commands"], "app_mentions:read"),
        ("settings.socket_mode_enabled", False, "request_url"),
        ("colour", "red", "unknown section"),
    ],
)
def test_a_wrong_manifest_is_not_taken(path: str, value: Any, complaint: str) -> None:
    manifest = json.loads(json.dumps(MANIFEST))
    *way, last = path.split(".")
    place = manifest
    for step in way:
        place = place[step]
    place[last] = value
    with pytest.raises(AssertionError, match=complaint):
        SlackServer().use_manifest(manifest)
