"""Writes a list of works in the formats that are read, so that reading it again gives the same works."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.domain import citations
from bot.domain.bibliography.csl_items import csl_item
from bot.domain.bibliography.entry import BibliographyEntry
from bot.domain.bibliography.json_lists import OWN_FORMAT, OWN_VERSION, to_own_record
from bot.domain.bibliography.table import COLUMNS, guarded
from bot.domain.citations import Reference
from bot.domain.links.sites import SiteKind

_SIGN = re.compile(r"[{}$~\\]|--+")
_LITERAL = {"~": r"\textasciitilde{}", "\\": r"\textbackslash{}", "--": "-{}-", "---": "-{}-{}-"}
ListFormat = Literal["json", "bibtex", "ris", "csl-json", "csv", "markdown"]


@dataclass(frozen=True, slots=True)
class ListWriter:
    """A format of a list: its label, the extension of its files, and its writer."""

    label: str
    extension: str
    write: Callable[[Sequence[BibliographyEntry]], str]


def to_json(entries: Sequence[BibliographyEntry]) -> str:
    """The club's own format: everything that is known of each work."""
    papers = [to_own_record(entry) for entry in entries]
    return (
        json.dumps({"format": OWN_FORMAT, "version": OWN_VERSION, "papers": papers}, ensure_ascii=False, indent=1)
        + "\n"
    )


def to_bibtex(entries: Sequence[BibliographyEntry]) -> str:
    """BibTeX, with fields of its own for what the club knows of a work."""
    works = [_latex_reference(entry) for entry in entries]
    keys = citations.unique_keys(works)
    records = []
    for key, work, entry in zip(keys, works, entries, strict=True):
        extra = _club_fields(entry, "dateread", bibtex=True)
        records.append(citations.bibtex(work, name=key, with_abstract=True, kind=_kind(entry), extra=extra))
    return "".join(f"{record}\n\n" for record in records).removesuffix("\n")


def to_ris(entries: Sequence[BibliographyEntry]) -> str:
    """RIS, with notes for what the club knows of a work. Lines end as its specification has them."""
    records = []
    for entry in entries:
        fields = _club_fields(entry, "read")
        kind, categories = fields.pop("type", ""), fields.pop("categories", "").split()
        extra = [*([("M3", kind)] if kind else []), *(("KW", category) for category in categories)]
        extra += [("N1", f"{name}: {value}") for name, value in fields.items()]
        records.append(citations.ris(_reference(entry), with_abstract=True, kind=_kind(entry), extra=extra))
    return "".join(f"{record}\n\n" for record in records).removesuffix("\n").replace("\n", "\r\n")


def to_csl(entries: Sequence[BibliographyEntry]) -> str:
    """CSL-JSON, with what the club knows of a work in the field that CSL leaves to programs."""
    works = [_reference(entry) for entry in entries]
    items = []
    for key, work, entry in zip(citations.unique_keys(works), works, entries, strict=True):
        fields = _club_fields(entry, "read")
        genre = fields.pop("type", "")
        if entry.arxiv_id:
            fields["arxiv"] = entry.arxiv_id
        item = csl_item(key, work, kind=_kind(entry))
        items.append(item | ({"genre": genre} if genre else {}) | ({"custom": fields} if fields else {}))
    return json.dumps(items, ensure_ascii=False, indent=1) + "\n"


def to_csv(entries: Sequence[BibliographyEntry]) -> str:
    """A table with one row a work. No cell is a formula of a spreadsheet."""
    out = io.StringIO(newline="")
    table = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    table.writeheader()
    for entry in entries:
        record = to_own_record(entry)
        # A list of one name ends in its separator too, so that "Family, Given" and groups with commas stay one name.
        record["authors"] = "; ".join(entry.authors) + (";" if len(entry.authors) == 1 else "")
        record["categories"] = " ".join(entry.categories)
        table.writerow({name: guarded(str(value)) for name, value in record.items()})
    return out.getvalue()


def to_markdown(entries: Sequence[BibliographyEntry]) -> str:
    """A list to read, under the days on which the works were read, the latest first."""
    lines: list[str] = []
    day = None
    for entry in sorted(entries, key=lambda one: one.read.isoformat() if one.read else "", reverse=True):
        if entry.read != day:
            day = entry.read
            lines += [*([""] if lines else []), f"## {day.isoformat() if day else 'Without a day'}", ""]
        lines.append(f"- {citations.markdown(_reference(entry), max_authors=10)}")
    return "\n".join(lines) + ("\n" if lines else "")


LIST_WRITERS: dict[ListFormat, ListWriter] = {
    "json": ListWriter("Journal Club export", ".json", to_json),
    "bibtex": ListWriter("BibTeX", ".bib", to_bibtex),
    "ris": ListWriter("RIS", ".ris", to_ris),
    "csl-json": ListWriter("CSL-JSON", ".csl.json", to_csl),
    "csv": ListWriter("CSV", ".csv", to_csv),
    "markdown": ListWriter("Markdown", ".md", to_markdown),
}
"""All formats, by the name used in commands."""


def _reference(entry: BibliographyEntry) -> Reference:
    return Reference(
        title=entry.title, authors=entry.authors, url=entry.url, latex_title=entry.title, latex_authors=entry.authors,
        year=int(entry.day[:4]) if entry.day else None, arxiv_id=entry.arxiv_id,
        category=entry.categories[0] if entry.categories else "", doi=entry.doi, journal=entry.venue, day=entry.day,
        abstract=entry.abstract,
    )  # fmt: skip


def _latex_reference(entry: BibliographyEntry) -> Reference:
    """The work for BibTeX: braces of a text are letters, those of a LaTeX title are not."""
    return replace(
        _reference(entry),
        latex_title=entry.latex_title or _literal(entry.title),
        latex_authors=tuple(map(_literal, entry.authors)),
        abstract=_literal(entry.abstract),
        journal=_literal(entry.venue),
    )


def _literal(text: str) -> str:
    """A text for LaTeX in which the signs that a title in LaTeX may use for itself are letters."""
    return _SIGN.sub(lambda sign: _LITERAL.get(sign[0], f"\\{sign[0]}"), text)


def _kind(entry: BibliographyEntry) -> SiteKind:
    return entry.kind or SiteKind.PAPER


def _club_fields(entry: BibliographyEntry, read: str, *, bibtex: bool = False) -> dict[str, str]:
    """Fields that no bibliography has; `read` names the one of the day of reading. Empty ones are left out."""
    fields = {
        "type": "" if _kind(entry) is SiteKind.PAPER else _kind(entry).value,
        "categories": " ".join(entry.categories),
        "comment": entry.comment,
        "topic": entry.topic,
        "why": entry.why,
        read: entry.read.isoformat() if entry.read else "",
    }
    if bibtex and entry.arxiv_id:  # elsewhere in an entry of arXiv it is a mere note
        fields["journal"] = entry.venue
    if bibtex:
        fields = {name: _literal(value) for name, value in fields.items()}
    return {name: value for name, value in fields.items() if value}
