"""The app's manifest, as Slack's configuration page would take it.

Limits from docs.slack.dev/reference/app-manifest. Once a manifest is in use, this Slack knows only the commands,
shortcuts, events and scopes declared there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.protocol.slack_server.delivery import NEEDS

Json = dict[str, Any]

SECTIONS = {"_metadata", "display_information", "settings", "features", "oauth_config", "functions", "outgoing_domains"}
NAME, DESCRIPTION, LONG_DESCRIPTION, COMMANDS, SHORTCUTS = 35, 140, (174, 4000), 50, 10
COMMAND_DESCRIPTION, USAGE_HINT, SHORTCUT_NAME, SHORTCUT_DESCRIPTION, BOT_NAME = 2000, 1000, 24, 150, 80
_COMMAND = re.compile(r"/[a-z0-9_\-]{1,31}")
_COLOR = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}")


@dataclass(frozen=True, slots=True)
class Declared:
    """What a manifest declares."""

    commands: frozenset[str] = frozenset()
    shortcuts: dict[str, str] = field(default_factory=dict)  # callback_id to global or message
    events: frozenset[str] = frozenset()
    scopes: tuple[str, ...] = ()
    redirect_urls: tuple[str, ...] = ()
    home_tab: bool = False


def read_manifest(manifest: Json) -> Declared:
    """What the manifest declares; AssertionError with all its faults if Slack would not take it."""
    found = list(faults(manifest))
    assert not found, "Slack does not take this manifest: " + "; ".join(found)
    features, oauth = manifest.get("features", {}), manifest.get("oauth_config", {})
    subscriptions = manifest.get("settings", {}).get("event_subscriptions", {})
    return Declared(
        frozenset(c["command"] for c in features.get("slash_commands", ())),
        {s["callback_id"]: s["type"] for s in features.get("shortcuts", ())},
        frozenset(subscriptions.get("bot_events", ())),
        tuple(oauth.get("scopes", {}).get("bot", ())),
        tuple(oauth.get("redirect_urls", ())),
        bool(features.get("app_home", {}).get("home_tab_enabled")),
    )


def faults(manifest: Json) -> Iterator[str]:
    """What Slack would complain of."""
    for unknown in sorted(set(manifest) - SECTIONS):
        yield f"unknown section {unknown!r}"
    features = manifest.get("features", {})
    yield from _display(manifest.get("display_information", {}))
    yield from _commands(features.get("slash_commands", []), _is_socket(manifest))
    yield from _shortcuts(features.get("shortcuts", []))
    yield from _settings(manifest)
    if len(features.get("bot_user", {}).get("display_name", "x")) > BOT_NAME:
        yield f"bot_user display_name is over {BOT_NAME} characters"


def _is_socket(manifest: Json) -> bool:
    return bool(manifest.get("settings", {}).get("socket_mode_enabled"))


def _display(display: Json) -> Iterator[str]:
    if not 0 < len(display.get("name", "")) <= NAME:
        yield f"display_information.name must have 1 to {NAME} characters"
    if len(display.get("description", "")) > DESCRIPTION:
        yield f"display_information.description is over {DESCRIPTION} characters"
    low, high = LONG_DESCRIPTION
    if "long_description" in display and not low <= len(display["long_description"]) <= high:
        yield f"display_information.long_description must have {low} to {high} characters"
    if "background_color" in display and not _COLOR.fullmatch(display["background_color"]):
        yield "display_information.background_color is no color"


def _commands(commands: list[Json], socket: bool) -> Iterator[str]:
    if len(commands) > COMMANDS:
        yield f"{len(commands)} of {COMMANDS} slash commands"
    for name, times in Counter(c.get("command") for c in commands).items():
        if times > 1:
            yield f"command {name} is declared {times} times"
        if not isinstance(name, str) or not _COMMAND.fullmatch(name):
            yield f"{name!r} is no name for a command"
    for command in commands:
        if not 0 < len(command.get("description", "")) <= COMMAND_DESCRIPTION:
            yield f"{command.get('command')}: description must have 1 to {COMMAND_DESCRIPTION} characters"
        if len(command.get("usage_hint", "")) > USAGE_HINT:
            yield f"{command.get('command')}: usage_hint is over {USAGE_HINT} characters"
        if not socket and not command.get("url"):
            yield f"{command.get('command')}: without Socket Mode it needs a url"


def _shortcuts(shortcuts: list[Json]) -> Iterator[str]:
    if len(shortcuts) > SHORTCUTS:
        yield f"{len(shortcuts)} of {SHORTCUTS} shortcuts"
    for name, times in Counter(s.get("callback_id") for s in shortcuts).items():
        if times > 1:
            yield f"shortcut {name} is declared {times} times"
    for shortcut in shortcuts:
        name = shortcut.get("callback_id", "?")
        if not 0 < len(shortcut.get("name", "")) <= SHORTCUT_NAME:
            yield f"shortcut {name}: name must have 1 to {SHORTCUT_NAME} characters"
        if not 0 < len(shortcut.get("description", "")) <= SHORTCUT_DESCRIPTION:
            yield f"shortcut {name}: description must have 1 to {SHORTCUT_DESCRIPTION} characters"
        if shortcut.get("type") not in ("global", "message"):
            yield f"shortcut {name}: type is global or message"


def _settings(manifest: Json) -> Iterator[str]:
    settings, socket = manifest.get("settings", {}), _is_socket(manifest)
    scopes = set(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", ()))
    subscriptions, features = settings.get("event_subscriptions", {}), manifest.get("features", {})
    for event in subscriptions.get("bot_events", ()):
        if event in NEEDS and NEEDS[event] not in scopes:
            yield f"event {event} needs the scope {NEEDS[event]}"
    if features.get("slash_commands") and "commands" not in scopes:
        yield "slash commands need the scope commands"
    if features.get("shortcuts") and "commands" not in scopes:
        yield "shortcuts need the scope commands"
    if "app_home_opened" in subscriptions.get("bot_events", ()) and not features.get("app_home"):
        yield "app_home_opened without features.app_home"
    if not socket and subscriptions.get("bot_events") and not subscriptions.get("request_url"):
        yield "without Socket Mode events need a request_url"
    interactivity = settings.get("interactivity", {})
    if not socket and interactivity.get("is_enabled") and not interactivity.get("request_url"):
        yield "without Socket Mode interactivity needs a request_url"
