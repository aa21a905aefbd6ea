"""Works as CSL items, which Zotero, Pandoc and citeproc read."""

from __future__ import annotations

from typing import Any

from bot.domain import citations
from bot.domain.authors import name_parts
from bot.domain.bibliography.kinds import types_of
from bot.domain.citations import Reference
from bot.domain.links.sites import SiteKind


def csl_item(name: str, work: Reference, *, kind: SiteKind = SiteKind.PAPER) -> dict[str, Any]:
    """A CSL item under an id. A preprint is an `article` (CSL 1.0.2), with its number where archives have one."""
    preprint = bool(work.arxiv_id) and not work.journal
    fields = {
        "id": name,
        "type": _csl_type(work, kind),
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


def _issued(work: Reference) -> dict[str, list[list[int]]] | None:
    """The day of publication, else its year; None if neither is known."""
    if work.day:
        return {"date-parts": [[int(part) for part in work.day.split("-")]]}
    return {"date-parts": [[work.year]]} if work.year else None


def _csl_type(work: Reference, kind: SiteKind) -> str:
    if types := types_of(kind):
        return types.csl
    if work.journal:
        return "paper-conference" if citations.is_proceedings(work) else "article-journal"
    return "article" if work.arxiv_id else "document"


def _author(name: str) -> dict[str, str]:
    parts = name_parts(name)
    if not parts.given:
        return {"literal": parts.family}
    suffix = {"suffix": parts.suffix} if parts.suffix else {}
    return {"family": parts.family, "given": parts.given} | suffix
