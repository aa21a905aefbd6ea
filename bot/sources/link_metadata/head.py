"""Details in the head of an HTML page: `citation_*`, Dublin Core, Open Graph, and the title."""

from __future__ import annotations

import codecs
import re
from collections import defaultdict
from collections.abc import Iterable

from lxml import etree

from bot.domain.page_details import PageDetails
from bot.sources.record_fields import MAX_AUTHORS, abstract_of, doi_of, one_line, text_date, title_of, work_key

_NO_TITLE = re.compile(
    r"just a moment|attention required|access (?:is )?denied|forbidden|[45]\d\d (?:error|forbidden|not|bad|internal)"
    r"|error\b|not found|page not found|redirecting|loading|please wait|are you (?:a )?(?:human|robot)|robot check"
    r"|checking your browser|security check|verif(?:y|ying) you are human|sign in\b|log ?in\b|untitled|home$|index of /"
    r"|client challenge|cookies? ",
    re.IGNORECASE,
)
"""Beginnings of titles of pages that are shown instead of the right one."""
_SEPARATORS = (" | ", " - ", " – ", " — ", " · ", " :: ")


def read_head(body: bytes, charset: str = "") -> PageDetails | None:
    """Details of a page; None if it has no title of its own. Never raises for any bytes."""
    root = _parsed(body, charset)
    if root is None:
        return None
    values = _meta_values(root)
    title = _title(root, values)
    if not title:
        return None
    doi = next(filter(None, (doi_of(text) for text in _of(values, "citation_doi", "dc.identifier", "prism.doi"))), "")
    arxiv = work_key("arxiv", _first(values, "citation_arxiv_id"))
    if not arxiv and (key := work_key("doi", doi)).startswith("arxiv:"):
        arxiv, doi = key, ""
    return PageDetails(
        title=title,
        authors=tuple(_authors(values)),
        description=abstract_of(_first(values, "citation_abstract", "og:description", "description")),
        venue=title_of(_first(values, "citation_journal_title", "citation_conference_title", "citation_inbook_title")),
        doi=doi,
        arxiv_id=arxiv.removeprefix("arxiv:"),
        published=text_date(
            _first(values, "citation_publication_date", "citation_date", "dc.date", "article:published_time")
        ),
    )


def _parsed(body: bytes, charset: str) -> etree._Element | None:
    for encoding in dict.fromkeys(
        (charset or ("utf-8" if _is_utf8(body) else None), None)
    ):  # an unknown charset is read as the page declares it
        try:
            parser = etree.HTMLParser(
                no_network=True, huge_tree=False, recover=True, remove_comments=True, encoding=encoding
            )
            root: etree._Element | None = etree.fromstring(body, parser)
        except (LookupError, etree.LxmlError, ValueError):
            continue
        return root
    return None


def _is_utf8(body: bytes) -> bool:
    """True if the bytes are UTF-8, perhaps cut within the last character."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(body)
    except UnicodeDecodeError:
        return False
    return True


def _meta_values(root: etree._Element) -> dict[str, list[str]]:
    """Contents of the meta elements by name, in lower case, in the page's order."""
    values: dict[str, list[str]] = defaultdict(list)
    for element in root.iter("meta"):
        name = (element.get("name") or element.get("property") or "").strip().lower()
        content = (element.get("content") or "").strip()
        if name and content and len(values[name]) < MAX_AUTHORS:
            values[name].append(content)
    return values


def _title(root: etree._Element, values: dict[str, list[str]]) -> str:
    if cited := title_of(_first(values, "citation_title", "dc.title")):
        return cited
    shown = title_of(_first(values, "og:title", "twitter:title"))
    if not shown:
        heading = next(root.iter("title"), None)
        shown = title_of("".join(heading.itertext()).replace("<", "&lt;")) if heading is not None else ""
    site = one_line(_first(values, "og:site_name"))
    for separator in _SEPARATORS:
        if site and shown.casefold().endswith(f"{separator}{site}".casefold()):
            shown = shown[: -len(separator + site)].strip()
    return "" if _NO_TITLE.match(shown) or shown.casefold() == site.casefold() else shown


def _authors(values: dict[str, list[str]]) -> Iterable[str]:
    names = _of(values, "citation_author") or [
        name for text in _of(values, "citation_authors") for name in text.split(";")
    ]
    for name in names or _of(values, "dc.creator"):
        family, comma, given = one_line(name).partition(", ")
        if found := f"{given} {family}".strip() if comma and ", " not in given else one_line(name):
            yield found


def _of(values: dict[str, list[str]], *names: str) -> list[str]:
    return [value for name in names for value in values.get(name, ())]


def _first(values: dict[str, list[str]], *names: str) -> str:
    return next(iter(_of(values, *names)), "")
