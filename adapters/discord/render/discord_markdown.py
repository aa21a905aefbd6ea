"""Text for Discord, escaped once when it is rendered.

Discord reads Markdown everywhere. A backslash before any character that is neither a letter, a digit nor white space
makes it plain (its parser is simple-markdown, whose rule for it is `\\\\([^0-9A-Za-z\\s])`), so every character that
could begin a format, a link or a mention gets one. Lengths are counted in UTF-16 units, the largest count that any
client uses.
"""

from __future__ import annotations

import re
from typing import assert_never

from bot.chat.rich_text import Bold, ChannelName, InlineCode, Italic, Link, LocalTime, Span, Words
from bot.chat.text import clean, one_line, truncate

LINE_START = re.compile(r"^([^\S\n]*)([-+#])", re.MULTILINE)
"""The beginning of a list, a heading or small print."""
LATER_LINE_START = re.compile(r"(\n[^\S\n]*)([-+#])")
MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\*_~|`<>@[]"})
"""The characters of formats, quotes, mentions and masked links."""
RARE_MARKS = re.compile(r":(?=//)|(?:(?<=http)|(?<=https)|(?<=discord)):(?=/?\Z)|(?<=\d)[.)](?=\s)")
"""The colon of a bare URL, even one that continues in the next words; the point of a numbered list."""
URL_MARKS = str.maketrans({"(": "%28", ")": "%29", "[": "%5B", "]": "%5D", "*": "%2A", "@": "%40"})
EMPHASIS = ("*", "`")
MAX_READ_FACTOR = 4
"""Multiple of the limit up to which a text is read: the rest could only show if most characters were invisible."""
HAIR_SPACE = "\u200a"
"""Keeps two adjacent emphasized words from being read as one."""


def utf16_length(text: str) -> int:
    """The length of a text for Discord, in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def escape(text: str, *, within: bool = False) -> str:
    """Text that Discord shows literally: it can contain no mention, link or format. `within`: the text continues a
    line.
    """
    escaped = RARE_MARKS.sub(r"\\\g<0>", text.translate(MARKS))
    return (LATER_LINE_START if within else LINE_START).sub(r"\1\\\2", escaped)


def escape_url(url: str) -> str:
    """A URL that may be used in a masked link."""
    return url.translate(URL_MARKS)


def cut_escaped(text: str, limit: int, *, within: bool = False) -> str:
    """The text cleaned, escaped and cut to `limit` UTF-16 units, counted before the escaping."""
    cleaned = clean(text[: MAX_READ_FACTOR * (limit + 1)])
    shown = escape(cleaned, within=within)
    if utf16_length(shown) + within <= limit:  # a mark at the start is escaped too, as in the cut text
        return shown
    return escape(truncate(cleaned, limit, measure=lambda part: utf16_length(escape(part))), within=within)


def label(text: str, limit: int) -> str:
    """Text for a place without Markdown (a button, a title, an option): cleaned, on one line and cut."""
    return truncate(one_line(text[: MAX_READ_FACTOR * (limit + 1)]), limit, measure=utf16_length) or "…"


def markdown(words: Words, limit: int) -> str:
    """Words as Markdown of at most `limit` UTF-16 units, cut at a whole character."""
    rendered = ""
    for span in words:
        piece = _span(span, limit - utf16_length(rendered), within=bool(rendered.rpartition("\n")[2].strip()))
        if rendered[-1:] in EMPHASIS and piece[:1] in EMPHASIS:
            piece = HAIR_SPACE + piece
        if utf16_length(rendered) + utf16_length(piece) > limit:
            break
        rendered += piece
    return rendered


def code_block(text: str, limit: int) -> str:
    """Several lines of code, such as a BibTeX entry, unchanged but for fences inside it."""
    inside = clean(text).strip("\n").replace("```", "ˋˋˋ")
    return f"```\n{truncate(inside, limit - 8, measure=utf16_length)}\n```" if inside and limit > 9 else ""


def _span(span: Span, limit: int, *, within: bool) -> str:
    match span:
        case str():
            return cut_escaped(span, limit, within=within)
        case Bold(text):
            return _wrapped("**", text, limit)
        case Italic(text):
            return _wrapped("*", text, limit)
        case InlineCode(text):
            inside = one_line(text.replace("`", "ˋ"))
            return f"`{truncate(inside, limit - 2, measure=utf16_length)}`" if inside and limit > 3 else ""
        case Link(_, url):
            name, target = span.safe_label, escape_url(url)
            room = limit - utf16_length(target) - 4
            if not span.is_safe or room < 8:
                return cut_escaped(name, limit, within=within)
            return f"[{cut_escaped(one_line(name), room, within=True) or '…'}]({target})"
        case ChannelName():
            shown = f"<#{span.id}>" if span.platform == "discord" and span.id.isdigit() else ""
            if shown and utf16_length(shown) <= limit:
                return shown
            return cut_escaped(span.text, limit, within=within)
        case LocalTime():
            shown = f"**{_timestamps(span)}** · {cut_escaped(span.local, limit, within=True)}"
            return shown if utf16_length(shown) <= limit else cut_escaped(span.text, limit, within=within)
        case _:
            assert_never(span)


def _timestamps(time: LocalTime) -> str:
    """A time as Discord shows it in each reader's zone (Discord's documentation, "Message formatting")."""
    until = f"\u2013<t:{int(time.until.timestamp())}:t>" if time.until else ""
    return f"<t:{int(time.at.timestamp())}:F>{until}"


def _wrapped(mark: str, text: str, limit: int) -> str:
    """Words between two marks. Spaces at the ends stay outside, since marks do not work next to spaces."""
    cleaned = clean(text)
    inside = cleaned.strip()
    before, after = cleaned[: len(cleaned) - len(cleaned.lstrip())], cleaned[len(cleaned.rstrip()) :]
    room = limit - 2 * len(mark) - len(before) - len(after)
    return f"{before}{mark}{cut_escaped(inside, room, within=True)}{mark}{after}" if inside and room > 1 else ""
