"""The whole text of a paper from the web page that arXiv makes of it, section by section, without what is no prose.

arXiv turns LaTeX into HTML with LaTeXML, whose classes (`ltx_…`) say what is what
(https://math.nist.gov/~BMiller/LaTeXML/manual/). What is taken are the headings and paragraphs, each formula as the
LaTeX it was written in. Tables, pictures, footnotes, the bibliography and appendices are left out, and so is all that
could do anything: what comes out is plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree, html

from bot.chat.text import clean, one_line, truncate
from bot.domain.summary_values import Passage

MAX_CHARACTERS = 180_000
"""Characters that are kept of a paper: as much as a model is given (`bot.sources.llm.chunks`)."""
_MAX_HEADING_LENGTH = 120
_MAX_DEPTH = 200
"""Elements inside each other; LaTeXML makes some twenty."""

_SKIPPED_CLASSES = frozenset((
    "ltx_abstract", "ltx_acknowledgements", "ltx_appendix", "ltx_authors", "ltx_bibliography", "ltx_dates",
    "ltx_eqn_eqno", "ltx_ERROR", "ltx_figure", "ltx_float", "ltx_index", "ltx_keywords", "ltx_listing", "ltx_note",
    "ltx_pagination", "ltx_picture", "ltx_rule", "ltx_table", "ltx_tabular", "ltx_TOC",
))  # fmt: skip
"""Classes of what is no prose, or stands in the record already."""
_SKIPPED_TAGS = frozenset(
    ("script", "style", "noscript", "template", "svg", "img", "nav", "header", "footer", "button", "form")
)
_PARAGRAPH = frozenset(("ltx_p", "ltx_title", "ltx_item", "ltx_equation", "ltx_equationgroup", "ltx_para"))
_SPACE = re.compile(r"\s+")


class NoHtmlVersion(Exception):
    """The page is not a paper that arXiv has turned into HTML."""


def read(body: bytes) -> tuple[Passage, ...]:
    """The sections of a paper's page in order, each with its heading. Raises NoPaper for any other page."""
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        tree = html.document_fromstring(body, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise NoHtmlVersion("it cannot be read") from None
    papers = tree.xpath("//*[contains(concat(' ', normalize-space(@class), ' '), ' ltx_document ')]")
    if not papers:
        raise NoHtmlVersion("it is no page of LaTeXML")
    found: list[Passage] = []
    left = MAX_CHARACTERS
    for section in papers[0].xpath("./section | ./*[contains(@class, 'ltx_page_main')]/section"):
        if _classes(section) & _SKIPPED_CLASSES or not (text := _text(section)):
            continue
        found.append(Passage(_heading(section) or f"section {len(found) + 1}", truncate(text, left)))
        left -= len(text)
        if left <= 0:
            break
    return tuple(found)


def _heading(section: Any) -> str:
    titles = section.xpath("./*[contains(concat(' ', @class, ' '), ' ltx_title ')]")
    return truncate(one_line(clean("".join(_pieces(titles[0], 0)))), _MAX_HEADING_LENGTH) if titles else ""


def _text(section: Any) -> str:
    """The paragraphs of a section and of those within it, a blank line between them, without its own heading."""
    heading = section.xpath("./*[contains(concat(' ', @class, ' '), ' ltx_title ')]")[:1]
    pieces = "".join(_pieces(section, 0, skip=heading[0] if heading else None)).split("\n\n")
    paragraphs = (_SPACE.sub(" ", clean(piece)).strip() for piece in pieces)
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _pieces(node: Any, depth: int, skip: Any = None) -> Iterator[str]:
    """The text of an element in pieces; a blank line stands around what is a paragraph."""
    if depth > _MAX_DEPTH or not isinstance(node.tag, str):
        return
    classes = _classes(node)
    if node.tag == "math":
        yield f"${node.get('alttext') or ''}$" if (node.get("alttext") or "").strip() else " "
        return
    if node.tag in _SKIPPED_TAGS or classes & _SKIPPED_CLASSES or node is skip:
        return
    around = "\n\n" if classes & _PARAGRAPH else ""
    yield around
    yield _SPACE.sub(" ", node.text or "")
    for child in node:
        yield from _pieces(child, depth + 1, skip)
        yield _SPACE.sub(" ", child.tail or "")
    yield around


def _classes(node: Any) -> frozenset[str]:
    return frozenset((node.get("class") or "").split())
