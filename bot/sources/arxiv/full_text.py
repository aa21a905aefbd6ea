"""Full text of a paper, section by section, from its HTML page on arXiv.

arXiv converts LaTeX to HTML with LaTeXML and its classes, `ltx_…` (https://math.nist.gov/~BMiller/LaTeXML/manual/).
Headings and paragraphs are extracted as plain text, formulas as LaTeX. Where LaTeXML did not know a command, or dropped
a word or a formula, the text has a mark (`GAP`), so that nobody takes the rest for the authors' sentence. Tables,
figures, footnotes, bibliography, appendices and scripts are omitted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree, html

from bot.chat.text import clean, one_line, truncate
from bot.domain.summary_values import GAP, MAX_FULL_TEXT, Passage

_MAX_HEADING_LENGTH = 120
_MAX_DEPTH = 200
"""Elements inside each other; LaTeXML makes some twenty."""

_SKIPPED_CLASSES = frozenset((
    "ltx_abstract", "ltx_acknowledgements", "ltx_appendix", "ltx_authors", "ltx_bibliography", "ltx_dates",
    "ltx_eqn_eqno", "ltx_figure", "ltx_float", "ltx_index", "ltx_keywords", "ltx_listing", "ltx_note",
    "ltx_pagination", "ltx_picture", "ltx_rule", "ltx_table", "ltx_tabular", "ltx_TOC",
))  # fmt: skip
"""Classes of elements that are not prose, or are part of the metadata."""
_SKIPPED_TAGS = frozenset(
    ("script", "style", "noscript", "template", "svg", "img", "nav", "header", "footer", "button", "form")
)
_PARAGRAPH = frozenset(("ltx_p", "ltx_title", "ltx_item", "ltx_equation", "ltx_equationgroup", "ltx_para"))
_SPACE = re.compile(r"\s+")
_DROPPED = re.compile(r"(?<=[^\W_]) (?=[,.](?:\s|$))|(?<=\s)\(\s*\)(?=[\s.,;:)]|$)")
"""Places where something printed is missing: "We propose , which", "(see the table ( ))"."""
_SETTINGS = """
abovedisplayskip addbibresource addtolength appendix belowdisplayskip bibliographystyle captionsetup clearpage crefname
definecolor flushbottom geometry graphicspath hypersetup icmltitlerunning linespread lstset newcolumntype newtheorem
noindent nolinenumbers pagestyle printbibliography providecommand raggedbottom renewcommand setcitestyle setcounter
setlength sisetup theoremstyle thispagestyle titleformat titlespacing urlstyle usetikzlibrary vskip vspace
"""
_PRINTS_NOTHING = frozenset(_SETTINGS.split())
"""Commands without which no sentence has lost anything."""


class NoHtmlVersion(Exception):
    """The page is not a paper that arXiv has turned into HTML."""


def read(body: bytes) -> tuple[Passage, ...]:
    """The sections of a paper's page in order, each with its heading; its paragraphs, if it has no sections.

    Raises NoHtmlVersion for any other page.
    """
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        tree = html.document_fromstring(body, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise NoHtmlVersion("it cannot be read") from None
    papers = tree.xpath("//*[contains(concat(' ', normalize-space(@class), ' '), ' ltx_document ')]")
    if not papers:
        raise NoHtmlVersion("it is no page of LaTeXML")
    found: list[Passage] = []
    remaining = MAX_FULL_TEXT
    for section in papers[0].xpath("./section | ./*[contains(@class, 'ltx_page_main')]/section"):
        if _classes(section) & _SKIPPED_CLASSES or not (text := _text(section)):
            continue
        found.append(Passage(_heading(section) or f"section {len(found) + 1}", truncate(text, remaining)))
        remaining -= len(text)
        if remaining <= 0:
            break
    if not found and (text := _text(papers[0])):
        found.append(Passage("text", truncate(text, remaining)))
    return tuple(found)


def _heading(section: Any) -> str:
    titles = section.xpath("./*[contains(concat(' ', @class, ' '), ' ltx_title ')]")
    return truncate(one_line(clean("".join(_pieces(titles[0], 0)))), _MAX_HEADING_LENGTH) if titles else ""


def _text(section: Any) -> str:
    """The paragraphs of a section and of those within it, a blank line between them, without its own heading."""
    heading = section.xpath("./*[contains(concat(' ', @class, ' '), ' ltx_title ')]")[:1]
    pieces = "".join(_pieces(section, 0, skip=heading[0] if heading else None)).split("\n\n")
    paragraphs = (_marked(_SPACE.sub(" ", clean(piece)).strip()) for piece in pieces)
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _marked(paragraph: str) -> str:
    """A paragraph with a mark wherever punctuation shows that a word before it is missing."""
    return _DROPPED.sub(f" {GAP}", paragraph).replace(f"  {GAP}", f" {GAP}")


def _pieces(node: Any, depth: int, skip: Any = None) -> Iterator[str]:
    """Yield the text of an element in pieces, with blank lines around paragraphs."""
    if depth > _MAX_DEPTH or not isinstance(node.tag, str):
        return
    classes = _classes(node)
    if node.tag == "math":
        yield f"${node.get('alttext')}$" if (node.get("alttext") or "").strip() else GAP
        return
    if "ltx_ERROR" in classes:
        yield "" if "".join(node.itertext()).strip().lstrip("\\") in _PRINTS_NOTHING else GAP
        return
    if node.tag in _SKIPPED_TAGS or classes & _SKIPPED_CLASSES or node is skip:
        return
    separator = "\n\n" if classes & _PARAGRAPH else ""
    yield separator
    yield _SPACE.sub(" ", node.text or "")
    for child in node:
        yield from _pieces(child, depth + 1, skip)
        yield _SPACE.sub(" ", child.tail or "")
    yield separator


def _classes(node: Any) -> frozenset[str]:
    return frozenset((node.get("class") or "").split())
