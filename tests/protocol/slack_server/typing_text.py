"""What Slack makes of text that a person types: escaped, links in angle brackets, and a rich_text block."""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]
_PIECE = re.compile(r"<@[A-Z0-9]+>|https?://[^\s<>|]+")


def _pieces(text: str) -> list[str]:
    """The text cut at mentions and addresses, which stay whole."""
    out, at = [], 0
    for found in _PIECE.finditer(text):
        out += [text[at : found.start()], found[0]]
        at = found.end()
    return [p for p in (*out, text[at:]) if p]


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def as_markup(text: str) -> str:
    """The `text` of the message a person sends."""
    shown = []
    for piece in _pieces(text):
        if piece.startswith("<@"):
            shown.append(piece)
        elif _PIECE.fullmatch(piece):
            shown.append(f"<{_escape(piece)}>")
        else:
            shown.append(_escape(piece))
    return "".join(shown)


def as_blocks(text: str) -> list[Json]:
    """The `blocks` of the message a person sends."""
    parts: list[Json] = []
    for piece in _pieces(text):
        if piece.startswith("<@"):
            parts.append({"type": "user", "user_id": piece[2:-1]})
        elif _PIECE.fullmatch(piece):
            parts.append({"type": "link", "url": piece})
        else:
            parts.append({"type": "text", "text": piece})
    return [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": parts}]}]
