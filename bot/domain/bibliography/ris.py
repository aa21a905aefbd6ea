"""Reads RIS files, as Zotero, EndNote, Mendeley, PubMed and publishers write them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.domain.bibliography import fields
from bot.domain.bibliography.entry import BibliographyEntry, ListProblem, ReadList, parse_day, read_day
from bot.domain.bibliography.kinds import kind_of
from bot.domain.bibliography.tagged_list import first_value
from bot.locale.current import _

_LINE = re.compile(r"([A-Z][A-Z0-9]) {1,2}-(?: (.*))?$")
_TAG_IN_LINE = re.compile(r"\s+(?=[A-Z][A-Z0-9] {1,2}-(?: |$))")
_NOTE = re.compile(r"(read|topic|why|comment): (.*)", re.IGNORECASE | re.DOTALL)
_PARTIAL = re.compile(r"(\d{4})/(\d{0,2})/(\d{0,2})(?:/.*)?")


def read_ris(text: str) -> ReadList:
    """Works of an RIS file. A record without its end is taken as far as it goes; what has no name is a problem."""
    entries: list[BibliographyEntry] = []
    problems: list[ListProblem] = []
    record: dict[str, list[str]] = {}
    began, last = 0, ""

    def finish() -> None:
        if record.keys() - {"TY"}:
            try:
                entries.append(_entry(record))
            except ValueError as error:
                problems.append(ListProblem(_("line {number}", number=began), str(error)))

    if "\n" not in text.strip():  # a field of a chat has made one line of it
        text = _TAG_IN_LINE.sub("\n", text)
    for number, line in enumerate(text.splitlines(), 1):
        found = _LINE.match(line.rstrip())
        if not found:
            if last and line.strip() and record.get(last):
                record[last][-1] += f" {line.strip()}"
            continue
        tag, value = found[1], (found[2] or "").strip()
        if tag in ("TY", "ER"):
            finish()
            record, began, last = ({"TY": [value]} if tag == "TY" else {}), number, ""
        else:
            record.setdefault(tag, []).append(value)
            last = tag
    finish()
    return ReadList("RIS", tuple(entries), tuple(problems))


def _entry(record: Mapping[str, Sequence[str]]) -> BibliographyEntry:
    """The work of a record. Raises ValueError, with a sentence, if there is nothing to know it by."""

    def first(*tags: str) -> str:
        return first_value(record, *tags)

    notes = {found[1].lower(): found[2] for value in record.get("N1", ()) if (found := _NOTE.fullmatch(value))}
    url = first("UR", "L2")
    eprint = next((value for value in record.get("M1", ()) if value.lower().startswith("arxiv:")), "")
    arxiv_id, doi = fields.identifiers(first("DO"), eprint, url)
    title = fields.title(fields.plain(first("TI", "T1", "CT")))
    if not (title or arxiv_id or doi or url):
        raise ValueError(_("It has no title, no id and no link."))
    people = [*record.get("AU", ()), *record.get("A1", ())]
    return BibliographyEntry(
        title=title,
        authors=fields.names(list(map(fields.plain, people))),
        abstract=fields.abstract(fields.plain(first("AB", "N2"))),
        day=_day(first("DA"), first("Y1"), first("PY")),
        arxiv_id=arxiv_id,
        doi=doi,
        url=url,
        venue=fields.plain(first("JO", "JF", "T2", "BT", "JA")),
        kind=kind_of(first("M3"), ris=first("TY").upper() or "GEN"),
        categories=tuple(value for value in record.get("KW", ()) if re.fullmatch(r"[a-z-]+(\.[A-Za-z-]+)?", value)),
        comment=fields.plain(notes.get("comment", "")),
        topic=fields.plain(notes.get("topic", "")),
        why=fields.plain(notes.get("why", "")),
        read=read_day(notes.get("read", "")),
    )


def _day(*values: str) -> str:
    """The most exact day among the fields; RIS leaves unknown parts empty, as in `2017/06//`."""
    days = []
    for value in values:
        partial = _PARTIAL.fullmatch(value)
        days.append(parse_day("-".join(part for part in partial.groups() if part) if partial else value))
    return max(days, key=len)
