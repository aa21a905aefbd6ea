"""Cards of programs for newsletters (Substack, beehiiv, Ghost) in the elements that other pages have for the same.

A pulled quote is a quote, the small print of a picture its caption, a card of another page a link, and a box with an
emoji a paragraph. Forms and buttons to subscribe are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import html

_PAGE_FIELDS = (("title", "canonical_url"), ("title", "url"), ("name", "url"))
"""Fields with the title and the address of another page, in what Substack stores of a card."""
_SIGN_UP = re.compile(r"#/?portal|/subscribe\b|/signup\b|action=share")


def prepare_newsletter_page(tree: html.HtmlElement) -> None:
    """Change the elements of such a page in place; those of other pages stay as they are."""
    for node in _of(tree, "pullquote"):
        node.tag = "blockquote"
    for node in _of(tree, "blockquote__byline"):
        node.tag = "p"
        node.text = f"— {(node.text or '').lstrip()}"
    for node in _of(tree, "image__source"):
        node.tag = "figcaption"
    for node in (*_of(tree, "kg-signup-card"), *_buttons(tree)):
        node.drop_tree()
    for node in _of(tree, "kg-callout-card"):
        _as_paragraph(node)
    for node in _of(tree, "kg-bookmark-card"):
        _as_link(node, _text(node, "kg-bookmark-title"), _target(node), _text(node, "kg-bookmark-description"))
    for node in (
        *_of(tree, "digest-post-embed"),
        *_of(tree, "embedded-post-wrap"),
        *_of(tree, "embedded-publication-wrap"),
    ):
        _as_link(node, *_stored_page(node))


def _of(tree: html.HtmlElement, name: str) -> list[html.HtmlElement]:
    """The elements of this class that are still in the page."""
    found = tree.xpath(f"//*[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]")
    return [node for node in found if node.getparent() is not None]


def _text(node: html.HtmlElement, name: str) -> str:
    return next((" ".join(inner.text_content().split()) for inner in node.find_class(name)), "")


def _target(node: html.HtmlElement) -> str:
    return next((str(link.get("href")) for link in node.iter("a") if link.get("href")), "")


def _buttons(tree: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """Buttons that subscribe or share; one that leads to another page says something."""
    for node in (*_of(tree, "kg-button-card"), *_of(tree, "kg-cta-card")):
        if _SIGN_UP.search(_target(node)) and len(node.text_content()) < 200:
            yield node


def _as_paragraph(node: html.HtmlElement) -> None:
    """Put the emoji of a box before its text, if it has running text alone."""
    emojis, texts = node.find_class("kg-callout-emoji"), node.find_class("kg-callout-text")
    if len(emojis) != 1 or len(texts) != 1:
        return
    first = next(texts[0].iter("p"), texts[0])
    first.text = f"{emojis[0].text_content().strip()} {(first.text or '').lstrip()}"
    emojis[0].drop_tree()


def _as_link(node: html.HtmlElement, title: str, url: str, about: str = "") -> None:
    """Leave a link of a card, and the sentence about its page."""
    if not title or not url.startswith(("http://", "https://")):
        return
    for inner in list(node):
        inner.drop_tree()
    node.tag, node.text = "p", ""
    link = html.Element("a", href=url)
    link.text = title
    link.tail = f": {about}" if about else ""
    node.append(link)


def _stored_page(node: html.HtmlElement) -> tuple[str, str]:
    """Title and address of the page that a card of Substack shows; empty if it stores none."""
    try:
        stored: Any = json.loads(node.get("data-attrs", ""))
    except ValueError:
        return "", ""
    if isinstance(stored, dict):
        for title, url in _PAGE_FIELDS:
            if isinstance(stored.get(title), str) and isinstance(stored.get(url), str):
                return " ".join(stored[title].split()), stored[url]
    return "", ""
