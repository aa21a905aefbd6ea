"""Rows of a table that a spreadsheet saved (CSV, TSV) as Markdown: an item for each row, under its section."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence

from bot.editions.importing.label_words import INSIGHTS, LINK_LINE, WHY

MAX_CELL = 100_000
"""Characters of one cell."""
_TITLES = re.compile(r"(?:paper|title|name|work|article|titel|titre|título|titolo|titulo)s?", re.IGNORECASE)
_AUTHORS = re.compile(r"(?:author\(?s?\)?|autor(?:en|es|in)?|auteurs?|autori|by|von)", re.IGNORECASE)
_ADDRESSES = re.compile(r"(?:url|link|paper link|paper url|address|href|adresse|lien|enlace)s?", re.IGNORECASE)
_SECTIONS = re.compile(
    r"(?:section|topic|theme|category|rubrik|abschnitt|thema|kategorie|rubrique|thème|sección|tema|categoría|sezione)",
    re.IGNORECASE,
)
_REASONS = re.compile(r"(?:comments?|remarks?|summary|kommentar|bemerkung|grund|commentaire|comentario)", re.IGNORECASE)
_QUOTES = re.compile(r"(?:quote|quotation|highlight|zitat|citation|cita|citazione)s?", re.IGNORECASE)
_NOTES = re.compile(r"(?:notes?|notiz(?:en)?|anmerkung(?:en)?|notas?)", re.IGNORECASE)
_NUMBER = re.compile(r"#|no\.?|nr\.?|n°|number|nummer|", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S+")


def is_rows(text: str) -> bool:
    """True for a table whose first row names a title, and that has an address in another row."""
    rows = _rows(text[:20_000])
    if len(rows) < 2 or len(rows[0]) < 2 or "|" in rows[0][0] or not any(map(_is_title, rows[0])):
        return False
    whole = rows[1:-1] or rows[1:]  # the last may be cut off
    return all(len(row) <= len(rows[0]) for row in whole) and any(
        _ADDRESS.search(cell) for row in whole for cell in row
    )


def rows_as_markdown(text: str) -> str:
    """The rows as Markdown. Cells of columns that an item has no part for are points with the column's name."""
    head, *rows = _rows(text)
    names = [" ".join(name.split()) for name in head]
    out: list[str] = []
    section = ""
    by_section: dict[str, list[str]] = {}
    for row in rows:
        cells = [
            (name, re.sub(r"[ \t]+", " ", cell).strip()) for name, cell in zip(names, row, strict=False) if cell.strip()
        ]
        found = dict(cells)
        section = next((cell for name, cell in cells if _SECTIONS.fullmatch(name)), section)
        by_section.setdefault(section, []).extend(_item(found))
    for name, lines in by_section.items():
        out += [*([f"## {name}"] if name else []), *lines]
    return "\n\n".join(out) + "\n"


def _item(cells: Mapping[str, str]) -> list[str]:
    """The heading of an item and what stands below it."""
    title = next((cell for name, cell in cells.items() if _is_title(name)), "")
    link = next((cell for name, cell in cells.items() if _ADDRESSES.fullmatch(name) and _ADDRESS.fullmatch(cell)), "")
    link = link or next((cell for cell in cells.values() if _ADDRESS.fullmatch(cell)), "")
    words = re.sub(r"([\[\]])", r"\\\1", " ".join(title.split())) or link
    lines = [f"### [{words}]({link})" if link else f"### {words}"] if words else []
    links: list[str] = []
    reasons = False
    for name, cell in cells.items():
        if cell in (title, link) or _SECTIONS.fullmatch(name) or (_NUMBER.fullmatch(name) and cell.isdigit()):
            continue
        if _ADDRESS.fullmatch(cell):
            (links if LINK_LINE.match(name) else lines).append(f"[{name}]({cell})")
        elif _AUTHORS.fullmatch(name):
            lines.append(f"*By {cell}*" if "*" not in cell else f"By {cell}")
        elif INSIGHTS.match(name):
            lines.append(f"**{name}** →\n\n{cell}")
        elif not reasons and (WHY.match(name) or _REASONS.fullmatch(name)):
            lines.append(f"**Why** → {cell}")
            reasons = True
        elif _QUOTES.fullmatch(name):
            lines.append("\n".join(f"> {line}" for line in cell.strip('“”"„«» ').split("\n")))
        else:
            lines.append(cell if _NOTES.fullmatch(name) else f"{name}: {cell}")
    return [*lines[:1], *([" | ".join(links)] if links else []), *lines[1:]]


def _is_title(name: str) -> bool:
    return bool(_TITLES.fullmatch(name.strip().removeprefix("\ufeff")))


def _rows(text: str) -> list[Sequence[str]]:
    """The rows that have a cell with words; none if it cannot be a table."""
    first = text.lstrip("\ufeff\n ").partition("\n")[0]
    if len(first) > MAX_CELL:
        return []
    csv.field_size_limit(max(MAX_CELL, csv.field_size_limit()))
    lines = io.StringIO(text.lstrip("\ufeff\n "), newline="")
    try:
        rows = list(csv.reader(lines, delimiter=max("\t;,", key=first.count)))
    except csv.Error:
        return []
    return [row for row in rows if any(cell.strip() for cell in row)]
