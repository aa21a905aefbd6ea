"""Converts Slack's markup in typed text to plain words: links become URLs again.

Slack marks links, people and channels in the text of commands and mentions and escapes the rest (docs.slack.dev,
"Formatting message text", "Retrieving messages").
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

MARKUP = re.compile(r"<([^<>]{1,3000})>")


def parse_command_text(text: str) -> str:
    """The text as it was typed. People, channels and groups keep their markup, which holds their ids."""
    return html.unescape(MARKUP.sub(_plain_markup, text))


def _plain_markup(found: re.Match[str]) -> str:
    inside = found[1]
    if inside.startswith(("@", "#", "!subteam^")):
        return found[0]
    if inside.startswith("!"):  # <!here>, <!date^…|shown>
        special, _, label = inside[1:].partition("|")
        return label or "@" + special.partition("^")[0]
    return inside.partition("|")[0].removeprefix("mailto:")


def links_in(message: Mapping[str, object]) -> str:
    """All text of a message that may hold links: its own, its blocks', and its attachments'."""
    found = [parse_command_text(str(message.get("text") or ""))]
    _collect_urls(message.get("blocks"), found)
    _collect_urls(message.get("attachments"), found)
    return "\n".join(found)


def _collect_urls(node: object, found: list[str]) -> None:
    if isinstance(node, list):
        for item in node:
            _collect_urls(item, found)
    elif isinstance(node, dict):
        for name, value in node.items():
            if name in ("url", "from_url", "original_url", "title_link") and isinstance(value, str):
                found.append(value)
            elif name in ("text", "fallback", "value") and isinstance(value, str):
                found.append(parse_command_text(value))
            else:
                _collect_urls(value, found)
