"""Reads lists of tagged lines other than RIS: PubMed's (.nbib) and EndNote's (.enw)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from bot.domain.bibliography import fields
from bot.domain.bibliography.entry import BibliographyEntry, ListProblem, ReadList, parse_day
from bot.domain.links.sites import SiteKind
from bot.locale.current import _

_PUBMED_LINE = re.compile(r"([A-Z]{2,4}) {0,2}- ?(.*)")
_ENDNOTE_LINE = re.compile(r"%([0-9A-Z@!?+~#$\]&(),^<>\[=])(?: (.*))?")
_PUBMED_DOI = re.compile(r"(10\.\d{4,9}/\S+) \[doi\]", re.IGNORECASE)
_ENDNOTE_KINDS = {"computer program": SiteKind.CODE, "dataset": SiteKind.DATA, "web page": None, "blog": SiteKind.BLOG}

Record = Mapping[str, Sequence[str]]


def is_pubmed(text: str) -> bool:
    """True for a list as PubMed saves it in a file."""
    return bool(re.search(r"^PMID ?- ?\d", text, re.MULTILINE))


def is_endnote(text: str) -> bool:
    """True for a list that EndNote imports: a record begins with its type, `%0 Journal Article`."""
    return bool(re.match(r"\s*%0 \w", text))


def read_pubmed(text: str) -> ReadList:
    """Works of a list of PubMed's."""
    return _read("PubMed", _records(text, _PUBMED_LINE, "PMID"), _pubmed_entry)


def read_endnote(text: str) -> ReadList:
    """Works of a list of EndNote's."""
    return _read("EndNote", _records(text, _ENDNOTE_LINE, "0"), _endnote_entry)


def _records(text: str, form: re.Pattern[str], start: str) -> Iterator[tuple[int, Record]]:
    """Records with the lines where they begin; a line without a tag goes on with the one before it."""
    record: dict[str, list[str]] = {}
    began, last = 1, ""
    for number, line in enumerate(text.splitlines(), 1):
        found = None if line.startswith(" ") else form.fullmatch(line.rstrip())
        if not found:
            if last and line.strip():
                record[last][-1] += f" {line.strip()}"
            continue
        if found[1] == start and record:
            yield began, record
            record = {}
        if not record:
            began = number
        last = found[1]
        record.setdefault(last, []).append((found[2] or "").strip())
    if record:
        yield began, record


def _read(name: str, records: Iterator[tuple[int, Record]], entry: Callable[[Record], BibliographyEntry]) -> ReadList:
    entries: list[BibliographyEntry] = []
    problems: list[ListProblem] = []
    for began, record in records:
        work = entry(record)
        if work.title or work.arxiv_id or work.doi or work.url:
            entries.append(work)
        else:
            say = _("It has no title, no id and no link.")
            problems.append(ListProblem(_("line {number}", number=began), say))
    return ReadList(name, tuple(entries), tuple(problems))


def _pubmed_entry(record: Record) -> BibliographyEntry:
    names = (*record.get("LID", ()), *record.get("AID", ()))
    doi = next((found[1] for name in names if (found := _PUBMED_DOI.fullmatch(name))), "")
    number = first_value(record, "PMID")
    arxiv_id, doi = fields.identifiers(doi, "", "")
    return BibliographyEntry(
        title=fields.title(fields.plain(first_value(record, "TI", "BTI")).removesuffix(".")),
        authors=fields.names([fields.plain(name) for name in record.get("FAU", record.get("AU", ()))]),
        abstract=fields.abstract(fields.plain(first_value(record, "AB"))),
        day=parse_day(first_value(record, "DP")) or parse_day(first_value(record, "DP")[:4]),
        arxiv_id=arxiv_id,
        doi=doi,
        url=f"https://pubmed.ncbi.nlm.nih.gov/{number}/" if number.isdecimal() else "",
        venue=fields.plain(first_value(record, "JT", "TA")),
        kind=SiteKind.PAPER,
    )


def _endnote_entry(record: Record) -> BibliographyEntry:
    url = first_value(record, "U")
    arxiv_id, doi = fields.identifiers(first_value(record, "R"), "", url)
    return BibliographyEntry(
        title=fields.title(fields.plain(first_value(record, "T"))),
        authors=fields.names([fields.plain(name.removesuffix(",")) for name in record.get("A", ())]),
        abstract=fields.abstract(fields.plain(first_value(record, "X"))),
        day=max(parse_day(first_value(record, "8")), parse_day(first_value(record, "D")), key=len),
        arxiv_id=arxiv_id,
        doi=doi,
        url=url,
        venue=fields.plain(first_value(record, "J", "B")),
        kind=_ENDNOTE_KINDS.get(first_value(record, "0").lower(), SiteKind.PAPER),
    )


def first_value(record: Record, *tags: str) -> str:
    """The first value of the first of these tags that has one; "" if none has."""
    return next((value for tag in tags for value in record.get(tag, ()) if value), "")
