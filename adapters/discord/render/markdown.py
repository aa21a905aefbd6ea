"""Text for Discord: escaped once, when it is drawn.

Discord reads Markdown everywhere. A backslash before any character that is neither a letter, a digit nor white space
makes it plain (its parser is simple-markdown, whose rule for it is `\\\\([^0-9A-Za-z\\s])`), so everything that could
begin a format, a link or a mention gets one. Lengths are counted in UTF-16 units, the most that any client counts.
"""

from __future__ import annotations

import re
from typing import assert_never

from bot.chat.rich_text import Bold, InlineCode, Italic, Link, Span, Words
from bot.chat.text import clean, one_line, truncate

LINE_START = re.compile(r"^([^\S\n]*)([-+#])", re.MULTILINE)
"""Where a list, a heading or small print would begin."""
LATER_LINE_START = re.compile(r"(\n[^\S\n]*)([-+#])")
MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\*_~|`<>@[]"})
"""Formats, quotes, mentions and masked links."""
RARE_MARKS = re.compile(r":(?=//)|(?:(?<=http)|(?<=https)|(?<=discord)):(?=/?\Z)|(?<=\d)[.)](?=\s)")
"""The colon of a bare address, even one that goes on in the next words; the point of a numbered list."""
URL_MARKS = str.maketrans({"(": "%28", ")": "%29", "[": "%5B", "]": "%5D", "*": "%2A", "@": "%40"})
EMPHASIS = ("*", "`")
MAX_READ_FACTOR = 4
"""A text is looked at as far as four times its room: the rest cannot show, unless it is mostly invisible."""
HAIR_SPACE = "\u200a"
"""Keeps two emphasised words that touch from being read as one."""


def utf16_length(text: str) -> int:
    """How long a text is for Discord: its UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def escape(text: str, *, within: bool = False) -> str:
    """Text as Discord shows it: no mention, no link, no format can come of it. `within`: it goes on in a line."""
    escaped = RARE_MARKS.sub(r"\\\g<0>", text.translate(MARKS))
    return (LATER_LINE_START if within else LINE_START).sub(r"\1\\\2", escaped)


def escape_url(url: str) -> str:
    """A URL that may stand between the brackets of a masked link."""
    return url.translate(URL_MARKS)


def cut_escaped(text: str, limit: int, *, within: bool = False) -> str:
    """The text cleaned, escaped, and at most `limit` units long however much escaping makes it grow."""
    cleaned = clean(text[: MAX_READ_FACTOR * (limit + 1)])
    shown = escape(cleaned, within=within)
    if utf16_length(shown) + within <= limit:  # a mark at its start is counted too, as it is where the text is cut
        return shown
    return escape(truncate(cleaned, limit, measure=lambda part: utf16_length(escape(part))), within=within)


def label(text: str, limit: int) -> str:
    """Text for a place that reads no Markdown (a button, a title, an option): cleaned, on one line and cut."""
    return truncate(one_line(text[: MAX_READ_FACTOR * (limit + 1)]), limit, measure=utf16_length) or "…"


def markdown(words: Words, limit: int) -> str:
    """Words as Markdown of at most `limit` units; what does not fit is cut at a whole character."""
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
    """Code of several lines (a BibTeX entry), as it is: in a fence only a second fence means anything."""
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
        case Link(name, url):
            target = escape_url(url)
            room = limit - utf16_length(target) - 4
            if not span.is_safe or room < 8:
                return cut_escaped(name, limit, within=within)
            return f"[{cut_escaped(one_line(name), room, within=True) or '…'}]({target})"
        case _:
            assert_never(span)


def _wrapped(mark: str, text: str, limit: int) -> str:
    """Words between two marks; the space at their ends stays outside, where the marks would not work with it."""
    cleaned = clean(text)
    inside = cleaned.strip()
    before, after = cleaned[: len(cleaned) - len(cleaned.lstrip())], cleaned[len(cleaned.rstrip()) :]
    room = limit - 2 * len(mark) - len(before) - len(after)
    return f"{before}{mark}{cut_escaped(inside, room, within=True)}{mark}{after}" if inside and room > 1 else ""
