"""Readable text of a saved HTML page: its paragraphs, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

_SKIPPED = frozenset(
    ("script", "style", "noscript", "template", "svg", "nav", "header", "footer", "form", "button", "head", "iframe")
)
_BLOCKS = frozenset(
    ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "div", "section", "article", "td", "th", "pre", "br")
)
_MAX_DEPTH = 200
"""Elements inside each other that are followed; deeper ones are left out."""


def page_text(body: bytes) -> str:
    """Text of a page with a blank line between paragraphs; empty for bytes that are no page. Never raises."""
    try:
        parser = etree.HTMLParser(
            no_network=True, huge_tree=False, recover=True, remove_comments=True, encoding="utf-8"
        )
        root = etree.fromstring(body, parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    if root is None:
        return ""
    paragraphs = "".join(_pieces(root, 0)).split("\n\n")
    return "\n\n".join(joined for paragraph in paragraphs if (joined := " ".join(paragraph.split())))


def _pieces(node: Any, depth: int) -> Iterator[str]:
    if depth > _MAX_DEPTH or not isinstance(node.tag, str) or node.tag in _SKIPPED:
        return
    if node.tag == "math":
        yield f"${node.get('alttext')}$" if node.get("alttext") else " "
        return
    separator = "\n\n" if node.tag in _BLOCKS else ""
    yield separator
    yield node.text or ""
    for child in node:
        yield from _pieces(child, depth + 1)
        yield child.tail or ""
    yield separator
