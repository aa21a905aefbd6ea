"""Inline Markdown as prose: the inverse of how the export writes running text."""

from __future__ import annotations

import re

from bot.chat.rich_text import Bold, InlineCode, Italic, Link
from bot.editions.model.prose import Citation, Prose, ProseSpan

_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_MARK = re.compile(
    r"""
      \\\[(?P<bound>\d{1,3})\\\]
    | \\(?P<escaped>[!-/:-@\[-`{-~])
    | ``(?P<ticks>.+?)``(?!`)
    | `(?P<code>[^`\n]+)`
    | \[(?P<label>(?:\\.|[^\[\]\\])*)\]\(<?(?P<target>https?://[^\s()<>"]+)>?\)
    | <(?P<auto>https?://[^\s<>]+)>
    | (?P<url>https?://[^\s<>"`|\\]{1,2000}[^\s<>"`|\\.,;:!?)\]'’”*])
    | \*\*(?P<bold>(?:\\.|[^*\\])+)\*\*
    | (?<![\w*])\*(?P<italic>(?=\S)(?:\\.|[^*\\])+)\*(?!\*)
    | (?<!\w)__(?P<strong>(?:\\.|[^_\\])+)__(?!\w)
    | (?<!\w)_(?P<stressed>(?=\S)(?:\\.|[^_\\])+)_(?!\w)
    | \[(?P<cite>\d{1,3})\]
    """,
    re.VERBOSE | re.DOTALL,
)


def unescape(text: str) -> str:
    """The text without the backslashes that Markdown needs."""
    return _ESCAPED.sub(r"\1", text)


def parse_inline(text: str, cited: frozenset[int] = frozenset(), *, bare_links: bool = True) -> Prose:
    """Running text with links, emphasis and citations as values; every other character stays.

    `cited` are the numbers that `[3]` may mean. `bare_links` makes a link of an address that is typed as it is.
    """
    spans: list[ProseSpan] = []
    at = 0
    for found in _MARK.finditer(text):
        if found["url"] and not bare_links:
            continue
        _add(spans, text[at : found.start()])
        for span in _spans(found, cited):
            _add(spans, span)
        at = found.end()
    _add(spans, text[at:])
    return tuple(spans)


def _add(spans: list[ProseSpan], span: ProseSpan) -> None:
    """Append a span; plain text is joined with the plain text before it."""
    if isinstance(span, str) and spans and isinstance(spans[-1], str):
        spans[-1] += span
    elif span != "":
        spans.append(span)


def _spans(found: re.Match[str], cited: frozenset[int]) -> Prose:
    if number := found["bound"] or found["cite"]:
        return (Citation(int(number)) if int(number) in cited else f"[{number}]",)
    if found["escaped"]:
        return (found["escaped"],)
    if code := found["ticks"] or found["code"]:
        return (InlineCode(code),)
    if found["target"]:
        return (Link(unescape(found["label"]), found["target"]),)
    if url := found["auto"] or found["url"]:
        return (Link(url, url),)
    strong, inside = found["bold"] or found["strong"], found["italic"] or found["stressed"]
    if re.search(r"(?<!\\)\]\(", strong or inside):  # a link in bold: the link is kept
        return parse_inline(strong or inside, cited)
    return (Bold(unescape(strong)),) if strong else (Italic(unescape(inside)),)
