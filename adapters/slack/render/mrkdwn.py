"""Text for Slack, escaped once when it is rendered.

Only `&`, `<` and `>` have to be escaped (docs.slack.dev, "Formatting message text"): mentions, channels and links are
all between angle brackets. `*`, `_`, `~` and backticks cannot be escaped in mrkdwn, so text goes into `rich_text`
wherever Slack allows it, where formats are never parsed.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, assert_never

from bot.chat.rich_text import Bold, ChannelName, InlineCode, Italic, Link, LocalTime, TextSpan, Words
from bot.chat.text import clean, cut_escaped, one_line

Element = dict[str, Any]

ZERO_WIDTH = "\u200b"
MARK = re.compile(r"[*~`]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
"""A mark that mrkdwn may pair with another; an underscore within a word, as in `digest_at`, is none."""
QUOTE = re.compile(r"^([^\S\n]{0,20})&gt;", re.MULTILINE)
"""The beginning of a block quote, in its escaped form."""
BACKTICK = "ˋ"
"""Replacement for a backtick inside code, where nothing can be escaped."""
DATE_AND_TIME, TIME = "{date_long}, {time}", "{time}"
"""Formats of Slack's dates (docs.slack.dev, "Formatting message text")."""
MAX_LOCAL = 120
"""Characters of a time of day with its zone; the longest zone has 32."""
URL = 3000
"""Characters of a link's URL; Slack documents this limit for buttons."""


def escape(text: str) -> str:
    """Text that mrkdwn shows literally: it can contain no mention, link or format.

    A zero-width space before a mark keeps mrkdwn from pairing it with another. Words to type have none in them.
    """
    return QUOTE.sub(rf"\1{ZERO_WIDTH}&gt;", MARK.sub(rf"{ZERO_WIDTH}\g<0>", escape_code(text)))


def escape_code(text: str) -> str:
    """Text for use in code, where marks are literal and a zero-width space would be copied along."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape_url(url: str) -> str:
    """A URL for use before the `|` of a link."""
    return url.replace("&", "&amp;").replace("|", "%7C").replace("<", "%3C").replace(">", "%3E")


def mrkdwn(words: Words, limit: int) -> str:
    """Words as mrkdwn of at most `limit` characters, cut at a whole character."""
    rendered = ""
    for span in _without_channels(words):
        piece = _mrkdwn(span, limit - len(rendered))
        if len(rendered) + len(piece) > limit:
            break
        rendered += piece
    return rendered


def _without_channels(words: Words) -> list[TextSpan | LocalTime]:
    """Words with the names of channels in the text: Slack shows a link to a private one as "private channel" to all
    who are not in it.
    """
    joined: list[TextSpan | LocalTime] = []
    for span in words:
        shown = one_line(span.text) if isinstance(span, ChannelName) else span
        if isinstance(shown, str) and joined and isinstance(last := joined[-1], str):
            joined[-1] = last + shown
        else:
            joined.append(shown)
    return joined


def _mrkdwn(span: TextSpan | LocalTime, limit: int) -> str:
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
        case LocalTime():
            shown = f"*{_date_tokens(span)}* · {escape(span.local)}"
            return shown if len(shown) <= limit else cut_escaped(span.text, limit, escape)
        case _:
            assert_never(span)


def _date_tokens(time: LocalTime) -> str:
    """A time as Slack shows it in each reader's zone, with the words for programs that cannot."""
    shown = f"<!date^{int(time.at.timestamp())}^{DATE_AND_TIME}|{escape(time.start)}>"
    return shown + (f"\u2013<!date^{int(time.until.timestamp())}^{TIME}|{escape(time.end)}>" if time.until else "")


def _wrapped(mark: str, text: str, limit: int) -> str:
    return f"{mark}{cut_escaped(text, limit - 2, escape)}{mark}" if text and limit > 3 else ""


def rich(words: Words, limit: int) -> list[Element]:
    """Words as elements of a `rich_text` block of at most `limit` characters."""
    elements: list[Element] = []
    left = limit
    for span in _without_channels(words):
        added = _time(span, left) if isinstance(span, LocalTime) else [_rich(span, left)]
        elements += [element for element in added if shown_text(element)]
        left -= sum(len(shown_text(element)) for element in added)
    return elements or [{"type": "text", "text": " "}]  # Slack refuses a section without elements


def shown_text(element: Element) -> str:
    """Text of an element; of a date the words for programs that cannot show it."""
    text: str = element["fallback"] if element["type"] == "date" else element["text"]
    return text


def _time(time: LocalTime, limit: int) -> list[Element]:
    """A time as elements that Slack shows in each reader's zone, and the time of day in the zone that it has.

    Where these do not fit, its words, cut to the limit.
    """
    elements = [_date(time.at, DATE_AND_TIME, time.start)]
    if time.until:
        elements += [_plain("\u2013", 1, bold=True), _date(time.until, TIME, time.end)]
    elements.append(_plain(f" · {time.local}", MAX_LOCAL))
    fits = sum(len(shown_text(element)) for element in elements) <= limit
    return elements if fits else [_plain(time.text, limit)]


def _date(at: datetime, shown: str, fallback: str) -> Element:
    style = {"bold": True}
    return {"type": "date", "timestamp": int(at.timestamp()), "format": shown, "fallback": fallback, "style": style}


def _rich(span: TextSpan, limit: int) -> Element:
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
