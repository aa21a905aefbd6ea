"""Writer of Atom feeds in arXiv's format: pages of papers, and error feeds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from lxml import etree

from bot.domain.clock import utc_now
from bot.domain.paper_record import PaperRecord

ATOM = "http://www.w3.org/2005/Atom"
ARXIV = "http://arxiv.org/schemas/atom"
OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"


def page(entries: Sequence[PaperRecord], *, question: str, total: int, start: int, size: int) -> bytes:
    """A feed of these papers, the part from `start` of `total`."""
    root = _feed(f"arXiv Query: {question}", total=total, start=start, size=size)
    for record in entries:
        _entry(root, record)
    return _bytes(root)


def error(message: str) -> bytes:
    """The feed that arXiv sends with HTTP 400: its one entry is titled "Error" and is no paper."""
    root = _feed("arXiv Search Results", total=1, start=0, size=1)
    entry = etree.SubElement(root, _atom("entry"))
    link = f"https://arxiv.org/api/errors#{message.replace(' ', '_')}"
    _add(entry, _atom("id"), link)
    _add(entry, _atom("title"), "Error")
    _add(entry, _atom("updated"), _stamp(utc_now()))
    etree.SubElement(entry, _atom("link"), href=link, rel="alternate", type="text/html")
    _add(entry, _atom("summary"), message)
    _add(etree.SubElement(entry, _atom("author")), _atom("name"), "arXiv api core")
    return _bytes(root)


def _feed(title: str, *, total: int, start: int, size: int) -> etree._Element:
    root = etree.Element(_atom("feed"), nsmap={None: ATOM, "arxiv": ARXIV, "opensearch": OPENSEARCH})
    _add(root, _atom("id"), "https://arxiv.org/api/recorded")
    _add(root, _atom("title"), title)
    _add(root, _atom("updated"), _stamp(utc_now()))
    for name, count in (("itemsPerPage", size), ("totalResults", total), ("startIndex", start)):
        _add(root, f"{{{OPENSEARCH}}}{name}", str(count))
    return root


def _entry(root: etree._Element, record: PaperRecord) -> None:
    name = f"{record.arxiv_id}v{record.version}"
    entry = etree.SubElement(root, _atom("entry"))
    _add(entry, _atom("id"), f"http://arxiv.org/abs/{name}")
    _add(entry, _atom("title"), record.title)
    _add(entry, _atom("updated"), _stamp(record.updated))
    etree.SubElement(entry, _atom("link"), href=f"https://arxiv.org/abs/{name}", rel="alternate", type="text/html")
    if not record.withdrawn:
        etree.SubElement(
            entry,
            _atom("link"),
            href=f"https://arxiv.org/pdf/{name}",
            rel="related",
            type="application/pdf",
            title="pdf",
        )
    _add(entry, _atom("summary"), record.abstract)
    for category in record.categories:
        etree.SubElement(entry, _atom("category"), term=category, scheme=ARXIV)
    _add(entry, _atom("published"), _stamp(record.published))
    for element, text in (
        ("comment", record.comment),
        ("journal_ref", record.journal_ref),
        ("doi", record.doi),
    ):
        if text:
            _add(entry, f"{{{ARXIV}}}{element}", text)
    if record.categories:
        etree.SubElement(entry, f"{{{ARXIV}}}primary_category", term=record.categories[0])
    for author in record.authors:
        _add(etree.SubElement(entry, _atom("author")), _atom("name"), author)


def _add(parent: etree._Element, tag: str, text: str) -> None:
    etree.SubElement(parent, tag).text = text


def _atom(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _stamp(moment: datetime | None) -> str:
    return f"{moment or datetime.fromtimestamp(0, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _bytes(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))
