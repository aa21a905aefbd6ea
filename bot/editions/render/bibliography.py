"""The references of an edition for reference managers and for LaTeX: BibTeX, RIS and CSL-JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from bot.domain import citations
from bot.domain.authors import name_parts
from bot.editions.model.document import Document, NumberedReference, Work


def bibtex(document: Document) -> str:
    """Every reference as a BibTeX entry, each under a key of its own: `vaswani2017attention`, `…b`, `…c`."""
    return _joined(citations.bibtex(work, name=name, with_abstract=True) for name, work in _named(document.references))


def ris(document: Document) -> str:
    """Every reference as an RIS record, for Zotero, EndNote and Mendeley. Lines end as its specification has them."""
    return _joined(citations.ris(reference.work, with_abstract=True) for reference in document.references).replace(
        "\n", "\r\n"
    )


def csl_json(document: Document) -> str:
    """Every reference as CSL-JSON, which Zotero, Pandoc and citeproc read. Titles are as a reader sees them."""
    items = [_csl(name, reference) for name, reference in _with_names(document.references)]
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def _csl(name: str, reference: NumberedReference) -> dict[str, Any]:
    """A CSL item. A preprint is an `article` (CSL 1.0.2), with its number where archives have one."""
    work = reference.work
    preprint = bool(work.arxiv_id) and not work.journal
    fields = {
        "id": name,
        "type": _csl_type(work),
        "title": work.title,
        "author": [_author(author) for author in work.authors],
        "issued": _issued(work),
        "container-title": work.journal,
        "publisher": "arXiv" if preprint else "",
        "number": f"arXiv:{work.arxiv_id}" if preprint else "",
        "DOI": work.any_doi,
        "URL": work.url,
        "note": work.withdrawn,
        "abstract": work.abstract,
    }
    return {field: value for field, value in fields.items() if value}


def _issued(work: Work) -> dict[str, list[list[int]]] | None:
    """The day of publication, else its year; None if neither is known."""
    if work.day:
        return {"date-parts": [[int(part) for part in work.day.split("-")]]}
    return {"date-parts": [[work.year]]} if work.year else None


def _csl_type(work: Work) -> str:
    if work.journal:
        return "paper-conference" if citations.is_proceedings(work) else "article-journal"
    return "article" if work.arxiv_id else "document"


def _author(name: str) -> dict[str, str]:
    parts = name_parts(name)
    if not parts.given:
        return {"literal": parts.family}
    suffix = {"suffix": parts.suffix} if parts.suffix else {}
    return {"family": parts.family, "given": parts.given} | suffix


def _named(references: Sequence[NumberedReference]) -> Iterator[tuple[str, Work]]:
    """Each work with its citation key; a work with truncated authors ends in "and others"."""
    for name, reference in _with_names(references):
        work = reference.work
        yield name, replace(work, latex_authors=(*work.latex_authors, "others")) if reference.et_al else work


def _with_names(references: Sequence[NumberedReference]) -> Iterator[tuple[str, NumberedReference]]:
    """Each reference with a key that no other has: the second of two gets a `b`, and so on through the alphabet."""
    used: set[str] = set()
    for reference in references:
        name = base = citations.citation_key(reference.work)
        count = 1
        while name in used:
            count += 1
            name = base + (chr(ord("a") + count - 1) if count <= 26 else str(count))
        used.add(name)
        yield name, reference


def _joined(records: Iterator[str]) -> str:
    return "".join(f"{record}\n\n" for record in records).removesuffix("\n")
