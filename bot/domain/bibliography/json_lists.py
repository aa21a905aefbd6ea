"""Reads lists in JSON: CSL-JSON, as Zotero and Pandoc write it, Zotero's own items, and the club's own export."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.domain.bibliography import fields
from bot.domain.bibliography.entry import BibliographyEntry, ListProblem, ReadList, parse_day, read_day
from bot.domain.bibliography.kinds import kind_of
from bot.domain.bibliography.zotero_items import is_part_of_item, is_zotero_item, zotero_entry
from bot.domain.links.sites import SiteKind
from bot.locale.current import _

OWN_FORMAT = "journalclub-papers"
"""Name of the club's own format, which is in its files."""
OWN_VERSION = 1
_ARXIV_NAMES = ("arxiv", "arxiv_id", "arxivId", "arXiv", "eprint")
"""Names that people's own lists have for an id of arXiv, beside those of CSL."""


def read_json(text: str) -> ReadList:
    """Works of a JSON file. Raises ValueError, with a sentence, if it is no list of works."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        if (found := _of_lines(text)) is None:
            raise ValueError(_("The JSON is damaged: {error}.", error=error)) from None
    own = isinstance(found, dict) and found.get("format") == OWN_FORMAT
    if own and found.get("version") != OWN_VERSION:
        raise ValueError(_("That export comes from a newer version of this program. Update the program first."))
    if isinstance(found, dict):
        found = found.get("papers" if own else "items", found)
    if isinstance(found, dict) and found.keys() & {"title", "DOI", "name", "paper", "link", "url", *_ARXIV_NAMES}:
        found = [found]
    if not isinstance(found, list):
        say = _("That JSON is not a list of papers. I read CSL-JSON and this program’s own export.")
        raise ValueError(say)  # noqa: TRY004  a fault of the file
    entries, problems = [], []
    for number, record in enumerate(found, 1):
        record = record["data"] if isinstance(record, dict) and isinstance(record.get("data"), dict) else record
        if is_zotero_item(record) and is_part_of_item(record):
            continue
        try:
            entries.append(zotero_entry(record) if is_zotero_item(record) else _entry(record, own=own))
        except ValueError as error:
            problems.append(ListProblem(_("record {number}", number=number), str(error)))
    return ReadList(_("Journal Club export") if own else "CSL-JSON", tuple(entries), tuple(problems))


def _of_lines(text: str) -> list[object] | None:
    """The records of a text that has one in each line; None if it has another shape."""
    lines = [line for line in text.splitlines() if line.strip()]
    try:
        return [json.loads(line) for line in lines] if len(lines) > 1 else None
    except (ValueError, RecursionError):
        return None


def _entry(record: object, *, own: bool) -> BibliographyEntry:
    """The work of a record. Raises ValueError, with a sentence, if it is none."""
    if not isinstance(record, dict):
        raise ValueError(_("It is not a record."))  # noqa: TRY004  a fault of the file
    return _own_entry(record) if own else _csl_entry(record)


def to_own_record(entry: BibliographyEntry) -> dict[str, Any]:
    """A work as the club's own format has it; what is empty is left out."""
    values: dict[str, Any] = {
        "title": entry.title, "authors": list(entry.authors), "abstract": entry.abstract, "published": entry.day,
        "arxiv": entry.arxiv_id, "doi": entry.doi, "url": entry.url, "venue": entry.venue,
        "kind": entry.kind.value if entry.kind else "", "categories": list(entry.categories),
        "comment": entry.comment, "topic": entry.topic, "why": entry.why,
        "read": entry.read.isoformat() if entry.read else "",
    }  # fmt: skip
    return {name: value for name, value in values.items() if value}


def _own_entry(record: Mapping[str, Any]) -> BibliographyEntry:
    """The work of a record of the club's own format. Raises ValueError if a field has another type than it must."""
    text = _RecordTexts(record)
    kind, read = text("kind"), text("read")
    if kind and kind not in SiteKind._value2member_map_:
        raise ValueError(_("“{kind}” is not a kind of link.", kind=kind[:40]))
    try:
        day = date.fromisoformat(read) if read else None
    except ValueError:
        raise ValueError(_("“{day}” is not a date.", day=read[:40])) from None
    entry = BibliographyEntry(
        title=fields.title(text("title")),
        authors=tuple(_names(record, "authors")),
        abstract=fields.abstract(text("abstract")),
        day=parse_day(text("published")),
        arxiv_id=fields.identifiers("", text("arxiv"), "")[0],
        doi=fields.identifiers(text("doi"), "", "")[1],
        url=text("url"),
        venue=text("venue"),
        kind=SiteKind(kind) if kind else None,
        categories=tuple(_names(record, "categories")),
        comment=text("comment"),
        topic=text("topic"),
        why=text("why"),
        read=day,
    )
    return _usable(entry)


def _csl_entry(record: Mapping[str, Any]) -> BibliographyEntry:
    """The work of a CSL item. Raises ValueError, with a sentence, if there is nothing to know it by."""
    text = _RecordTexts(record, lenient=True)
    custom = record.get("custom")
    own = _RecordTexts(custom if isinstance(custom, dict) else {}, lenient=True)
    number = text("number")
    noted = re.search(r"\barXiv:\s?(\d{4}\.\d{4,5})", f"{number} {text('note')}", re.IGNORECASE)
    eprint = own("arxiv") or text.first(*_ARXIV_NAMES) or (noted[1] if noted else "")
    arxiv_id, doi = fields.identifiers(text.first("DOI", "doi"), eprint, url := text.first("URL", "url", "link"))
    people = record.get("author") or record.get("authors")
    entry = BibliographyEntry(
        title=fields.title(fields.plain(text.first("title", "paper", "name"))),
        authors=fields.names(_csl_names(people), ordered=not isinstance(people, str)),
        abstract=fields.abstract(fields.plain(text.first("abstract", "summary"))),
        day=_issued(record.get("issued")) or parse_day(text.first("published", "date", "year")),
        arxiv_id=arxiv_id,
        doi=doi,
        url=url,
        venue=fields.plain(text.first("container-title", "venue", "journal")),
        kind=kind_of(text("genre"), csl=text("type") or "article"),
        categories=tuple(own("categories").split()),
        comment=own("comment"),
        topic=own("topic") or text("topic"),
        why=own("why") or text("why"),
        read=read_day(own("read") or text("read")),
    )
    return _usable(entry)


def _usable(entry: BibliographyEntry) -> BibliographyEntry:
    if not (entry.title or entry.arxiv_id or entry.doi or entry.url):
        raise ValueError(_("It has no title, no id and no link."))
    return entry


class _RecordTexts:
    """Reads texts of a record. Raises ValueError for a value of another type, which `lenient` takes as missing."""

    def __init__(self, record: Mapping[str, Any], *, lenient: bool = False) -> None:
        self._record = record
        self._lenient = lenient

    def __call__(self, name: str) -> str:
        value = self._record.get(name, "")
        if self._lenient:
            value = value[0] if isinstance(value, list) and value else value
            value = str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
            return value if isinstance(value, str) else ""
        if not isinstance(value, str):
            raise ValueError(_("The field “{name}” must be text.", name=name))  # noqa: TRY004  a fault of the file
        return value

    def first(self, *names: str) -> str:
        """The first text that is not empty of fields with these names."""
        return next((found for name in names if (found := self(name))), "")


def _names(record: Mapping[str, Any], field: str) -> list[str]:
    found = record.get(field, [])
    if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
        raise ValueError(_("The field “{name}” must be a list of names.", name=field))
    return found


def _csl_names(people: object) -> list[str]:
    """Names of a CSL field, which some programs write as one text."""
    if isinstance(people, str):
        return [fields.plain(name) for name in re.split(r";| and |, (?=[^,]+ [^,]+)", people) if name.strip()]
    return [_csl_name(one) for one in people] if isinstance(people, list) else []


def _csl_name(value: object) -> str:
    """A name as it is spoken. East Asian names keep their family name first."""
    if not isinstance(value, dict):
        return fields.plain(value) if isinstance(value, str) else ""
    text = _RecordTexts(value, lenient=True)
    if literal := text.first("literal", "name"):
        return fields.plain(literal)
    family = " ".join(filter(None, (text("non-dropping-particle") or text("dropping-particle"), text("family"))))
    given, suffix = text("given"), text("suffix")
    order = (family, given) if re.search(r"[\u3040-\u9fff\uac00-\ud7af]", family) else (given, family)
    return fields.plain(" ".join(filter(None, (*order, suffix))))


def _issued(value: object) -> str:
    """Day of publication of a CSL date, as far as it is known; "" if it has another shape."""
    if not isinstance(value, dict):
        return parse_day(value) if isinstance(value, str) else ""
    parts = value.get("date-parts")
    if isinstance(parts, list) and parts and isinstance(parts[0], list):
        return parse_day("-".join(str(part) for part in parts[0][:3] if part))
    raw = value.get("raw") or value.get("literal")
    return parse_day(raw) if isinstance(raw, str) else ""
