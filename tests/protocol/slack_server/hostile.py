"""Text that would harm people: mentions that ring everybody's bell, and links that say one thing and lead elsewhere."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any
from urllib.parse import urlsplit

Json = dict[str, Any]

_BROADCAST = re.compile(r"<!(channel|here|everyone|subteam(\^[^>|]*)?)[^>]*>?")
_USER = re.compile(r"<@([A-Z0-9]+)[^>]*>?")
_LINK = re.compile(r"<((?:https?|mailto|ftp)[^|>]*)\|([^>]*)>|\[([^\]]*)\]\(([^)\s]*)\)")
_LOOKS_LIKE_ADDRESS = re.compile(r"\s*(?:https?://)?((?:[\w-]+\.)+[a-z]{2,})(?:[/?#]\S*)?\s*", re.IGNORECASE)


def text_harms(text: str, allowed: Collection[str]) -> Iterator[str]:
    """The mentions and disguised links in one piece of Slack markup.

    `allowed` are the user ids that the test says may be mentioned.
    """
    for found in _BROADCAST.finditer(text):
        if found[2] in allowed:
            continue
        yield f"unescaped mention {found[0]!r}"
    for found in _USER.finditer(text):
        if found[1] not in allowed:
            yield f"unescaped mention {found[0]!r}"
    for found in _LINK.finditer(text):
        url, label = (found[1], found[2]) if found[1] else (found[4], found[3])
        claimed = _LOOKS_LIKE_ADDRESS.fullmatch(label)
        if claimed and (urlsplit(url).hostname or "").lower() != claimed[1].lower():
            yield f"a link that says {label!r} leads to {url!r}"


def block_harms(node: Any, allowed: Collection[str]) -> Iterator[str]:
    """The same for every piece of markup inside blocks; plain_text shows markup as it is, so it is harmless."""
    if isinstance(node, list):
        for item in node:
            yield from block_harms(item, allowed)
    elif isinstance(node, dict):
        kind = node.get("type")
        if kind in ("mrkdwn", "markdown") and isinstance(node.get("text"), str):
            yield from text_harms(node["text"], allowed)
        elif kind == "user" and node.get("user_id") not in allowed:
            yield f"mention of {node.get('user_id')!r} in rich text"
        elif kind in ("broadcast", "usergroup"):
            yield f"{kind} in rich text"
        for value in node.values():
            yield from block_harms(value, allowed)
