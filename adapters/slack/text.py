"""Text for Slack: escaped once, when it is drawn.

Only `&`, `<` and `>` have to be escaped (docs.slack.dev, "Formatting message text"): mentions, channels and links all
live between angle brackets. `*`, `_`, `~` and backticks cannot be escaped in mrkdwn, so wherever Slack allows it
text goes into `rich_text`, where it is never read as a format at all.
"""

from __future__ import annotations

from typing import Any, assert_never

from bot.chat.rich import Bold, Code, Italic, Link, Span, Words
from bot.chat.text import clean, cut_escaped

Element = dict[str, Any]

ZERO_WIDTH = "\u200b"
MARKS = str.maketrans({mark: f"{ZERO_WIDTH}{mark}" for mark in "*_~`"})
"""A zero-width space before a mark keeps mrkdwn from pairing it with another."""


def escape(text: str) -> str:
    """Text as mrkdwn shows it: no mention, no link, no format can come of it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").translate(MARKS)


def escape_url(url: str) -> str:
    """A URL that may stand before the `|` of a link."""
    return url.replace("&", "&amp;").replace("|", "%7C").replace("<", "%3C").replace(">", "%3E")


def mrkdwn(words: Words, limit: int) -> str:
    """Words as mrkdwn of at most `limit` characters; what does not fit is cut at a whole character."""
    drawn, left = [], limit
    for span in words:
        piece = _mrkdwn(span, left)
        drawn.append(piece)
        left -= len(piece)
        if left <= 1:
            break
    return "".join(drawn)[:limit] if left >= 0 else "".join(drawn[:-1])


def _mrkdwn(span: Span, limit: int) -> str:
    match span:
        case str():
            return cut_escaped(clean(span), limit, escape)
        case Bold(text):
            return _wrapped("*", text, limit)
        case Italic(text):
            return _wrapped("_", text, limit)
        case Code(text):
            return _wrapped("`", text, limit)
        case Link(label, url):
            target = escape_url(url)
            room = limit - len(target) - 3
            if not span.safe or room < 8:
                return cut_escaped(clean(label), limit, escape)
            return f"<{target}|{cut_escaped(clean(label), room, escape)}>"
        case _:
            assert_never(span)


def _wrapped(mark: str, text: str, limit: int) -> str:
    inside = clean(text).strip()
    return f"{mark}{cut_escaped(inside, limit - 2, escape)}{mark}" if inside and limit > 3 else ""


def rich(words: Words, limit: int) -> list[Element]:
    """Words as elements of a `rich_text` block: what is text stays text."""
    elements: list[Element] = []
    left = limit
    for span in words:
        if left <= 0:
            break
        element, used = _rich(span, left)
        left -= used
        if used:
            elements.append(element)
    return elements or [{"type": "text", "text": " "}]


def _rich(span: Span, limit: int) -> tuple[Element, int]:
    match span:
        case str():
            return _plain(span, limit)
        case Bold(text):
            return _plain(text, limit, bold=True)
        case Italic(text):
            return _plain(text, limit, italic=True)
        case Code(text):
            return _plain(text, limit, code=True)
        case Link(label, url):
            element, used = _plain(label, limit)
            return ({"type": "link", "url": url, "text": element["text"]} if span.safe else element), used
        case _:
            assert_never(span)


def _plain(text: str, limit: int, **style: bool) -> tuple[Element, int]:
    shown = cut_escaped(clean(text), limit, str)
    element: Element = {"type": "text", "text": shown}
    if style:
        element["style"] = style
    return element, len(shown)
