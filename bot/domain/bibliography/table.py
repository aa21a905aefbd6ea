"""Reads tables: CSV with any usual separator, from Zotero, a spreadsheet, or the club's own export."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from datetime import date

from bot.domain.bibliography import fields
from bot.domain.bibliography.entry import BibliographyEntry, ListProblem, ReadList, parse_day, read_day
from bot.domain.bibliography.kinds import kind_of
from bot.domain.bibliography.unnamed_columns import MAX_GUESSED, guessed_columns
from bot.locale.current import _

COLUMNS = (
    "title", "authors", "abstract", "published", "arxiv", "doi", "url", "venue", "kind", "categories", "comment",
    "topic", "why", "read",
)  # fmt: skip
"""Columns of the club's own export, in order."""

_ALIASES = {
    "title": ("title", "paper", "paper title", "name", "titel", "titre", "título", "titulo"),
    "authors": ("authors", "author", "author(s)", "by", "autoren", "autor", "autor/in", "autor:in", "verfasser",
                "auteurs", "auteur", "autores"),
    "abstract": ("abstract", "abstract note", "summary", "zusammenfassung", "résumé"),
    "published": ("published", "publication date", "publication year", "year", "date published", "jahr",
                  "erscheinungsjahr", "veröffentlicht", "année", "año"),
    "arxiv": ("arxiv", "arxiv id", "arxiv_id", "eprint"),
    "doi": ("doi",),
    "url": ("url", "link", "paper link", "paper url", "href", "adresse", "webadresse", "lien"),
    "venue": ("venue", "journal", "publication title", "conference", "source", "zeitschrift", "konferenz", "revue"),
    "kind": ("kind",),
    "categories": ("categories",),
    "comment": ("comment",),
    "topic": ("topic", "thema"),
    "why": ("why", "reason", "warum", "grund", "notes", "note", "remark", "remarks", "notiz", "notizen", "bemerkung",
            "remarque", "remarques", "notas"),
    "read": ("read", "date read", "read on", "discussed", "discussed on", "meeting", "meeting date", "session",
             "presented", "date discussed", "date presented", "discussion date", "session date", "gelesen",
             "gelesen am", "besprochen", "besprochen am", "treffen"),
}  # fmt: skip
_DATE = ("date", "day", "when", "datum", "tag")
"""Names of a column that is the day of reading, unless there is another for it; with Zotero's it is of publication."""
_FORMULA = re.compile(r"'*[\s\x00-\x1f\u200b\u2060\ufeff]*[=+\-@＝＋－＠\t\r\n]")
"""Beginning of a cell that spreadsheets take for a formula: also behind white space, and in East Asia's wide signs."""
MAX_CELL = 1_000_000
"""Characters of one cell."""


def is_table(text: str) -> bool:
    """True if the first line is a row of column names, one of which says where the work is or what it is called.

    A table without names is one if its rows have a link or an id in the same column.
    """
    return _has_names(text) or bool(guessed_columns(_first_rows(text)))


def _has_names(text: str) -> bool:
    return bool(_columns(_header(text)).keys() & {"title", "url", "doi", "arxiv"}) and len(_header(text)) > 1


def read_table(text: str) -> ReadList:
    """Works of a table, one a row."""
    named = _has_names(text)
    columns = _columns(_header(text)) if named else guessed_columns(_first_rows(text))
    entries: list[BibliographyEntry] = []
    problems: list[ListProblem] = []
    csv.field_size_limit(MAX_CELL)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=False)
    if named:
        next(rows, None)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            break
        except csv.Error as error:
            problems.append(
                ListProblem(
                    _("line {number}", number=rows.line_num), _("The row cannot be read: {error}.", error=error)
                )
            )
            continue
        if any(cell.strip() for cell in row):
            values = {name: unguarded(row[at]).strip() for name, at in columns.items() if at < len(row)}
            try:
                entries.append(_entry(values))
            except ValueError as error:
                problems.append(ListProblem(_("line {number}", number=rows.line_num), str(error)))
    return ReadList("CSV", tuple(entries), tuple(problems))


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe is put before its sign."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """The cell without the apostrophe of `guarded`."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _entry(values: Mapping[str, str]) -> BibliographyEntry:
    """The work of a row. Raises ValueError, with a sentence, if there is nothing to know it by."""

    def get(name: str) -> str:
        return values.get(name, "")

    arxiv_id, doi = fields.identifiers(get("doi"), get("arxiv"), get("url"))
    if not (get("title") or arxiv_id or doi or get("url")):
        raise ValueError(_("The row has no title, no id and no link."))
    read: date | None = None
    if get("read") and not (read := read_day(get("read"))):
        raise ValueError(_("I cannot tell which day “{day}” is. Write it like 2024-05-31.", day=get("read")[:40]))
    separator = ";" if ";" in get("authors") else "|" if "|" in get("authors") else ""
    people = get("authors").split(separator) if separator else _by_commas(get("authors"))
    return BibliographyEntry(
        title=fields.title(fields.plain(get("title"))),
        authors=fields.names(list(map(fields.plain, people))),
        abstract=fields.abstract(fields.plain(get("abstract"))),
        day=parse_day(get("published")),
        arxiv_id=arxiv_id,
        doi=doi,
        url=get("url"),
        venue=fields.plain(get("venue")),
        kind=kind_of(get("kind"), csl="article") if get("kind") or not get("url") else None,
        categories=tuple(get("categories").split()),
        comment=fields.plain(get("comment")),
        topic=fields.plain(get("topic")),
        why=fields.plain(get("why")),
        read=read,
    )


def _by_commas(people: str) -> list[str]:
    """Names parted by commas or "and"; a single "Family, Given" is one name."""
    pieces = re.split(r" and | und | & ", people)
    if len(pieces) > 1 and all(piece.count(",") == 1 for piece in pieces):
        return pieces  # "Lee, Ada and Li, Wei"
    parts = [part.strip() for part in re.split(r",| and | und | & ", people) if part.strip()]
    is_one = len(parts) == 2 and "," in people and all(" " not in part for part in parts)
    return [people] if is_one else parts


def _first_rows(text: str) -> list[list[str]]:
    lines = text.lstrip("\ufeff\n ").split("\n", MAX_GUESSED + 1)[:MAX_GUESSED]
    try:
        return [row for row in csv.reader(lines, delimiter=_delimiter(text)) if any(cell.strip() for cell in row)]
    except csv.Error:
        return []


def _delimiter(text: str) -> str:
    first = text.lstrip("\ufeff\n ").partition("\n")[0]
    return max(",;\t", key=first.count)


def _header(text: str) -> list[str]:
    """Names of the columns, in lower case."""
    try:
        row = next(csv.reader([text.lstrip("\ufeff\n ").partition("\n")[0]], delimiter=_delimiter(text)), [])
    except csv.Error:
        return []
    return [" ".join(name.strip().lower().replace("_", " ").split()) for name in row]


def _columns(names: list[str]) -> dict[str, int]:
    """Places of the known columns."""
    found = {
        column: names.index(alias)
        for column, aliases in _ALIASES.items()
        for alias in reversed(aliases)
        if alias in names
    }
    for alias in _DATE:
        if alias in names:
            found.setdefault(
                "published" if "publication title" in names or "item type" in names else "read", names.index(alias)
            )
    return found
