"""Figures of a paper from its HTML page on arXiv, with the paper's license.

LaTeXML makes `<figure class="ltx_figure">` with `img` and `figcaption`; arXiv's own header names the license, in an
element whose id is `license-tr`.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin

from lxml import etree, html

from bot.chat.text import clean, one_line
from bot.domain.paper_figures import License, PaperFigure, PaperFigures, read_license
from bot.sources.arxiv.full_text import NoHtmlVersion

MAX_FIGURES = 60
_NUMBER = re.compile(r"\d{1,3}")


def read_figures(body: bytes, url: str) -> PaperFigures:
    """The figures of a paper's page at an address. Raises NoHtmlVersion for any other page."""
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        tree = html.document_fromstring(body, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise NoHtmlVersion("it cannot be read") from None
    if not tree.xpath("//*[contains(concat(' ', normalize-space(@class), ' '), ' ltx_document ')]"):
        raise NoHtmlVersion("it is no page of LaTeXML")
    base = urljoin(url, next(iter(tree.xpath("//head/base/@href")), ""))
    found: list[PaperFigure] = []
    for node in tree.xpath("//figure[contains(concat(' ', normalize-space(@class), ' '), ' ltx_figure ')]"):
        # Panels are figures within a figure: the outer one has the label.
        sources = node.xpath(".//img/@src")
        caption = node.xpath("./figcaption")
        label, words = _caption(caption[0]) if caption else ("", "")
        if not sources or not (number := _NUMBER.search(label)):
            continue
        found.append(PaperFigure(int(number[0]), label, words, urljoin(base, sources[0].strip())))
    return PaperFigures(_license(tree), tuple(found[:MAX_FIGURES]))


def _caption(node: Any) -> tuple[str, str]:
    """Label and text of a caption: "Figure 2", "The model"."""
    tags = node.xpath(".//*[contains(concat(' ', @class, ' '), ' ltx_tag ')]")
    label = _words(tags[0]) if tags else ""
    return label.rstrip(" :."), _words(node).removeprefix(label).strip(" :")


def _words(node: Any) -> str:
    """Text of an element, formulas as their LaTeX."""
    pieces = [node.text or ""]
    for child in node:
        if isinstance(child.tag, str):
            pieces.append(f"${child.get('alttext')}$" if child.tag == "math" else _words(child))
        pieces.append(child.tail or "")
    return one_line(clean("".join(pieces)))


def _license(tree: Any) -> License:
    """The license that arXiv's header names; nothing where it names none."""
    found = tree.xpath("//*[@id='license-tr']")
    if not found:
        return License("")
    named, linked = read_license(found[0].text_content()), read_license(str(found[0].get("href") or ""))
    return named if named.url or not linked.url else linked
