"""Marks of site generators and of sending programs in Markdown: shortcodes, Liquid tags, boxes, queries."""

from __future__ import annotations

import re
from collections.abc import Iterator

_FIGURE = re.compile(r"\{\{[<%]\s*(?:figure|image|img)\s([^{}]{1,1000}?)\s*/?[>%]\}\}")
_VIDEO = re.compile(r"\{\{[<%]\s*youtube\s+(?:id=)?[\"']?([\w-]{6,20})[\"']?[^{}]*[>%]\}\}")
_QUOTED = re.compile(r"(\w+)=\"([^\"]*)\"|(\w+)='([^']*)'")
_BOX = re.compile(
    r"\{\{[<%]\s*(?:notice|callout|admonition|alert|hint|details|tip|note)\b[^{}]*[>%]\}\}\n?(.{0,5000}?)\n?\{\{[<%]\s*/\s*\w+\s*[>%]\}\}",
    re.DOTALL,
)
_SHORTCODE = re.compile(r"\{\{[<%]\s*/?\s*[\w/-]+[^{}]*?[>%]\}\}")
_HIGHLIGHT = re.compile(r"\{%-?\s*highlight\s+([\w+#.-]+)[^%]*%\}\n?(.*?)\n?\{%-?\s*endhighlight\s*-?%\}", re.DOTALL)
_LIQUID_LINK = re.compile(r"(?<!!)\[([^\[\]\n]{1,300})\]\(\s*(?:\{[{%][^{}]*[%}]\}[^()\s]*)+\s*\)")
_LIQUID = re.compile(r"\{%-?[^{}]*-?%\}")
_ATTRIBUTES = re.compile(r"^\{:[^{}\n]*\}[ \t]*(?:\n|\Z)|(?<=\S)\{:[^{}\n]*\}", re.MULTILINE)
_FENCED_BOX = re.compile(r"^:{3,}[ \t]*\{?\.?([\w-]+)\}?[ \t]*(?:\[([^\[\]\n]*)\]|(\S.*?))?[ \t]*$", re.MULTILINE)
_BOX_END = re.compile(r"^:{3,}[ \t]*(?:\n|\Z)", re.MULTILINE)
_INDENTED_BOX = re.compile(
    r"^(?:!!!|\?\?\?\+?)[ \t]+(\w+)(?:[ \t]+\"([^\"\n]*)\")?[ \t]*\n((?:(?: {4}|\t).*\n|[ \t]*\n)*)", re.M
)
_FIELD = re.compile(r"^([ \t]*(?:[-*+][ \t]+)?)\[?([\w -]{1,30})::[ \t]+(\S.*?)\]?[ \t]*$", re.MULTILINE)
_QUERY = re.compile(
    r"^[ ]{0,3}(`{3,}|~{3,})[ \t]*(dataview(?:js)?|tasks|query|button|toc)\b[^\n]*\n.*?^[ ]{0,3}\1[ \t]*(?:\n|\Z)",
    re.M | re.S,
)
_INLINE_QUERY = re.compile(r"`\$?= ?(?:this|dv)\.[^`\n]{1,200}`")
PLACEHOLDER = re.compile(r"\*\|[A-Z_:0-9 ]{2,40}\|\*|\{\{\{?\s*[a-z_][\w. |'\"]{0,60}\}\}\}?|%%?[A-Z_]{4,30}%%?")
"""A place that a sending program fills: `*|FNAME|*`, `{{ first_name }}`."""


def without_site_marks(text: str) -> str:
    """The text with shortcodes as what they show. Tags, attributes and queries, which no reader sees, are left out."""
    text = _QUERY.sub("", text) if "```" in text or "~~~" in text else text
    if "{{" in text or "{%" in text or "{:" in text:
        text = _VIDEO.sub(r"<https://www.youtube.com/watch?v=\1>", _FIGURE.sub(_figure, text))
        text = _SHORTCODE.sub("", _BOX.sub(r"\1", text))
        text = _HIGHLIGHT.sub(r"```\1\n\2\n```", text)
        text = _LIQUID.sub("", _LIQUID_LINK.sub(r"\1", text))
        text = _ATTRIBUTES.sub("", text)
    text = _INDENTED_BOX.sub(_indented_box, text)
    if ":::" in text:
        text = _BOX_END.sub("\n", _FENCED_BOX.sub(_fenced_box, text))
    return _FIELD.sub(r"\1\2: \3", _INLINE_QUERY.sub("", text))


def queries_in(text: str) -> Iterator[str]:
    """The kinds of the queries that `without_site_marks` leaves out."""
    yield from (found[2] for found in _QUERY.finditer(text))


def _figure(found: re.Match[str]) -> str:
    values = {key or other: value or second for key, value, other, second in _QUOTED.findall(found[1])}
    if not (source := values.get("src") or values.get("link")):
        return found[0]
    caption = " ".join(filter(None, (values.get("title"), values.get("caption"), values.get("attr"))))
    return f"\n\n![{values.get('alt', '')}]({source})\n{f'*{caption}*' if caption else ''}\n"


def _fenced_box(found: re.Match[str]) -> str:
    title = found[2] or found[3] or found[1].capitalize()
    return f"\n**{title}**\n"


def _indented_box(found: re.Match[str]) -> str:
    body = re.sub(r"^(?: {4}|\t)", "", found[3], flags=re.MULTILINE).strip()
    title = found[2] if found[2] is not None else found[1].capitalize()
    return f"\n**{title}**\n\n{body}\n\n" if title else f"\n{body}\n\n"
