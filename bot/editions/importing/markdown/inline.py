"""Inline Markdown as prose: the inverse of how the export writes running text."""

from __future__ import annotations

import re

from bot.chat.rich_text import LINK_TARGET, Bold, InlineCode, Italic, Link, whole_address
from bot.editions.model.prose import CITED_PLACE, Prose, ProseSpan, citations, placed_citations

_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_MARK = re.compile(
    rf"""
      \\\[(?P<bound>\d{{1,3}})\\\]
    | \\(?P<escaped>[!-/:-@\[-`{{-~])
    | ``(?P<ticks>.+?)``(?!`)
    | `(?P<code>[^`\n]+)`
    | \[(?P<label>(?:\\.|[^\[\]\\])*)\]\(<?(?P<target>{LINK_TARGET})>?\)
    | <(?P<auto>https?://[^\s<>]+)>
    | (?P<url>https?://[^\s<>"`|\\]{{1,2000}}[^\s<>"`|\\.,;:!?)\]'’”*])
    | (?<![\w/.:=-])(?P<work>(?i:arxiv):\s?(?P<arxiv>\d{{4}}\.\d{{4,5}}(?:v\d+)?|[a-z-]{{2,12}}/\d{{7}})
      | (?:(?i:doi):\s?)?(?P<doi>10\.\d{{4,9}}/[^\s<>"`|\\]{{1,200}}[^\s<>"`|\\.,;:!?)\]'’”*]))(?!\w)
    | \*\*(?P<bold>(?:\\.|[^*\\]|(?<!\*)\*(?![\s*])(?:\\.|[^*\n\\]){{1,200}}(?<!\s)\*(?!\*))+)\*\*
    | (?:(?<![\w*])|(?<=[^*\s]\*\*))\*(?P<italic>(?=\S)(?:\\.|[^*\\])+)\*(?!\*)
    | (?<!\w)__(?P<strong>(?:\\.|[^_\\])+)__(?!\w)
    | (?<!\w)_(?P<stressed>(?=\S)(?:\\.|[^_\\])+)_(?!\w)
    | \[(?P<cite>\d{{1,3}}(?:\s?[,;–-]\s?\d{{1,3}})*){CITED_PLACE}\]
    """,
    re.VERBOSE | re.DOTALL,
)


_STRESSED_WITHIN = re.compile(
    r"(?<![\\\w])(?:_(?=\S)(?P<one>[^_\\]{1,300})(?<=\S)_(?!\w)|\*(?=[^\s*])(?P<other>(?:\\.|[^*\\]){1,300})(?<=\S)\*)"
)
"""Emphasis within bold text, which is bold alone."""


def unescape(text: str) -> str:
    """The text without the backslashes that Markdown needs."""
    return _ESCAPED.sub(r"\1", text)


def parse_inline(text: str, cited: frozenset[int] = frozenset(), *, bare_links: bool = True) -> Prose:
    """Running text with links, emphasis and citations as values; every other character stays.

    `cited` are the numbers that `[3]` may mean. `bare_links` makes a link of an address that is typed as it is, and
    of `arXiv:2401.00001` and `doi:10.1000/1`.
    """
    spans: list[ProseSpan] = []
    at = 0
    for found in _MARK.finditer(text):
        if (found["url"] or found["work"]) and not bare_links:
            continue
        _add(spans, text[at : found.start()])
        at = found.end()
        if found["url"]:
            url = whole_address(text, at, found["url"])
            spans.append(Link(url, url))
            at = found.start() + len(url)
            continue
        for span in _spans(found, cited):
            _add(spans, span)
    _add(spans, text[at:])
    return tuple(spans)


def _add(spans: list[ProseSpan], span: ProseSpan) -> None:
    """Append a span; plain text is joined with the plain text before it."""
    if isinstance(span, str) and spans and isinstance(spans[-1], str):
        spans[-1] += span
    elif span != "":
        spans.append(span)


def _spans(found: re.Match[str], cited: frozenset[int]) -> Prose:
    if found["cite"]:
        return placed_citations(found, cited) or (found[0],)
    if numbers := found["bound"]:
        return citations(numbers, cited) or (f"[{numbers}]",)
    if found["escaped"]:
        return (found["escaped"],)
    if code := found["ticks"] or found["code"]:
        return (InlineCode(code),)
    if found["target"]:
        return (Link.as_shown(unescape(found["label"]), found["target"]),)
    if url := found["auto"]:
        return (Link(url, url),)
    if found["work"]:
        url = f"https://arxiv.org/abs/{found['arxiv']}" if found["arxiv"] else f"https://doi.org/{found['doi']}"
        return (Link(found["work"], url),)
    strong, inside = found["bold"] or found["strong"], found["italic"] or found["stressed"]
    strong = _STRESSED_WITHIN.sub(lambda one: one["one"] or one["other"], strong) if strong else strong
    if re.search(r"(?<!\\)\]\(", strong or inside):  # a link in bold: the link is kept
        return parse_inline(strong or inside, cited)
    return (Bold(unescape(strong)),) if strong else (Italic(unescape(inside)),)
