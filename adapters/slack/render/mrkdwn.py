"""Text for Slack, escaped once when it is rendered.

Only `&`, `<` and `>` have to be escaped (docs.slack.dev, "Formatting message text"): mentions, channels and links are
all between angle brackets. `*`, `_`, `~` and backticks cannot be escaped in mrkdwn, so text goes into `rich_text`
wherever Slack allows it, where formats are never parsed.
"""

from __future__ import annotations

import re
from typing import Any, assert_never

from bot.chat.rich_text import Bold, InlineCode, Italic, Link, Span, Words
from bot.chat.text import clean, cut_escaped, one_line

Element = dict[str, Any]

ZERO_WIDTH = "\u200b"
MARKS = str.maketrans({mark: f"{ZERO_WIDTH}{mark}" for mark in "*_~`"})
"""A zero-width space before a mark keeps mrkdwn from pairing it with another mark."""
QUOTE = re.compile(r"^(\s*)&gt;", re.MULTILINE)
"""The beginning of a block quote, in its escaped form."""
BACKTICK = "ˋ"
"""Replacement for a backtick inside code, where nothing can be escaped."""
URL = 3000
"""Characters of a link's URL; Slack documents this limit for buttons."""


def escape(text: str) -> str:
    """Text that mrkdwn shows literally: it can contain no mention, link or format."""
    return QUOTE.sub(rf"\1{ZERO_WIDTH}&gt;", escape_code(text).translate(MARKS))


def escape_code(text: str) -> str:
    """Text for use in code, where marks are literal and a zero-width space would be copied along."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape_url(url: str) -> str:
    """A URL for use before the `|` of a link."""
    return url.replace("&", "&amp;").replace("|", "%7C").replace("<", "%3C").replace(">", "%3E")


def mrkdwn(words: Words, limit: int) -> str:
    """Words as mrkdwn of at most `limit` characters, cut at a whole character."""
    rendered = ""
    for span in words:
        piece = _mrkdwn(span, limit - len(rendered))
        if len(rendered) + len(piece) > limit:
            break
        rendered += piece
    return rendered


def _mrkdwn(span: Span, limit: int) -> str:
    match span:
        case str():
            return cut_escaped(clean(span), limit, escape)
        case Bold(text):
            return _wrapped("*", one_line(text), limit)
        case Italic(text):
            return _wrapped("_", one_line(text), limit)
        case InlineCode(text):
            inside = one_line(text).replace("`", BACKTICK)
            return f"`{cut_escaped(inside, limit - 2, escape_code)}`" if inside and limit > 3 else ""
        case Link():
            target, label = escape_url(span.url), one_line(span.safe_label)
            room = limit - len(target) - 3
            if not label or not span.is_safe or len(target) > URL or room < 8:
                return cut_escaped(label, limit, escape)
            return f"<{target}|{cut_escaped(label, room, escape)}>"
        case _:
            assert_never(span)


def _wrapped(mark: str, text: str, limit: int) -> str:
    return f"{mark}{cut_escaped(text, limit - 2, escape)}{mark}" if text and limit > 3 else ""


def rich(words: Words, limit: int) -> list[Element]:
    """Words as elements of a `rich_text` block of at most `limit` characters."""
    elements: list[Element] = []
    left = limit
    for span in words:
        element = _rich(span, left)
        if not element["text"]:
            continue
        left -= len(element["text"])
        elements.append(element)
    return elements or [{"type": "text", "text": " "}]  # Slack refuses a section without elements


def _rich(span: Span, limit: int) -> Element:
    match span:
        case str():
            return _plain(span, limit)
        case Bold(text):
            return _plain(text, limit, bold=True)
        case Italic(text):
            return _plain(text, limit, italic=True)
        case InlineCode(text):
            return _plain(text, limit, code=True)
        case Link():
            element = _plain(one_line(span.safe_label), limit)
            if span.is_safe and len(span.url) <= URL:
                return {"type": "link", "url": span.url, "text": element["text"]}
            return element
        case _:
            assert_never(span)


def _plain(text: str, limit: int, **style: bool) -> Element:
    element: Element = {"type": "text", "text": cut_escaped(clean(text), limit, str)}
    if style:
        element["style"] = style
    return element
