"""Reads BibTeX and BibLaTeX files: strings, concatenation, months, and what is damaged."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.domain.bibliography import fields
from bot.domain.bibliography.entry import BibliographyEntry, ListProblem, ReadList, month_number, parse_day, read_day
from bot.domain.bibliography.kinds import kind_of
from bot.locale.current import _

_ENTRY = re.compile(r"@\s*([A-Za-z]+)\s*([{(])")
_NEXT_ENTRY = re.compile(r"\n[ \t]*@\s*[A-Za-z]+\s*[{(]")
_NAME = re.compile(r"\s*,?\s*([A-Za-z][\w:.+/-]*)\s*=\s*")
_KEY = re.compile(r"\s*([^\s,={}]*)\s*(?=,|[})])")
_WORD = re.compile(r"[\w:.+/-]+")
_BRACES_OR_QUOTE = re.compile(r'\\.|[{}"]', re.DOTALL)
_CONCATENATED = re.compile(r"\s*#\s*")
_RECORD_END = re.compile(r"[\s,]*[})]")
_NAME_PART = re.compile(r"(?:^|,)\s*([a-z]+(?:-i)?)\s*=\s*(\{[^{}]*\}|\"[^\"]*\"|[^,]*)", re.IGNORECASE)
"""A part of a name in BibLaTeX's extended format: `family=Berg`."""
_IGNORED = {"comment", "preamble", "string"}
_ARXIV_IN_VENUE = re.compile(r"arxiv(?: preprint)?(?: arxiv)?:\s*([\w.-]+(?:/\d{7})?)", re.IGNORECASE)


class _Damaged(Exception):
    """A record that does not follow the syntax; the message says how."""


def read_bibtex(text: str) -> ReadList:
    """Works of a BibTeX file. A damaged record is a problem, and reading goes on behind it; takes linear time."""
    entries: list[BibliographyEntry] = []
    problems: list[ListProblem] = []
    strings: dict[str, str] = {}
    at, line, counted = 0, 1, 0
    while found := _ENTRY.search(text, at):
        line += text.count("\n", counted, found.start())
        counted = found.start()
        kind = found[1].lower()
        limit = following.start() if (following := _NEXT_ENTRY.search(text, found.end())) else len(text)
        try:
            key, values, at = _record(text, found.end(), limit, strings, kind)
        except _Damaged as damage:
            at = max(limit, found.end())
            if kind not in _IGNORED:
                problems.append(ListProblem(_("line {number}", number=line), f"{damage}."))
            continue
        if kind == "string":
            strings.update(values)
        elif kind not in _IGNORED:
            try:
                entries.append(_entry(kind, values))
            except ValueError as error:
                problems.append(ListProblem(f"{_('line {number}', number=line)} ({key})", str(error)))
    return ReadList("BibTeX", tuple(entries), tuple(problems))


def _record(text: str, at: int, limit: int, strings: Mapping[str, str], kind: str) -> tuple[str, dict[str, str], int]:
    """Key and fields of the record behind its opening brace, and where it ends. Raises _Damaged."""
    if kind in {"comment", "preamble"}:
        return "", {}, _closing(text, at, "}", limit)[1]
    key = ""
    if kind != "string" and (named := _KEY.match(text, at, limit)):
        key, at = named[1], named.end()
    values: dict[str, str] = {}
    while name := _NAME.match(text, at, limit):
        value, at = _value(text, name.end(), limit, strings)
        values.setdefault(name[1].lower(), value)
    rest = _RECORD_END.match(text, at, limit)
    if rest is None:
        raise _Damaged(
            _("The record {name} does not end", name=key or kind)
            if at >= limit - 1
            else _("The record {name} is damaged", name=key or kind)
        )
    return key, values, rest.end()


def _value(text: str, at: int, limit: int, strings: Mapping[str, str]) -> tuple[str, int]:
    """A value, with its parts joined, and where it ends. Raises _Damaged."""
    parts = []
    while True:
        opening = text[at : at + 1]
        if opening == "{":
            part, at = _closing(text, at + 1, "}", limit)
        elif opening == '"':
            part, at = _closing(text, at + 1, '"', limit)
        elif word := _WORD.match(text, at, limit):
            part, at = strings.get(word[0].lower(), word[0]), word.end()
        else:
            raise _Damaged(_("A field has no value"))
        parts.append(part)
        joined = _CONCATENATED.match(text, at, limit)
        if not joined:
            return "".join(parts), at
        at = joined.end()


def _closing(text: str, at: int, closing: str, limit: int) -> tuple[str, int]:
    """The text up to a closing brace or quote outside of inner braces, and where it ends. Raises _Damaged."""
    depth = 0
    for found in _BRACES_OR_QUOTE.finditer(text, at, limit):
        sign = found[0]
        if sign == closing and depth == 0:
            return text[at : found.start()], found.end()
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            break
    raise _Damaged(_("A brace or a quotation mark is not closed"))


def _entry(kind: str, values: Mapping[str, str]) -> BibliographyEntry:
    """The work of a record. Raises ValueError, with a sentence, if there is nothing to know it by."""

    def get(name: str) -> str:
        return values.get(name, "")

    eprint = (
        get("eprint")
        if get("archiveprefix").lower() in ("", "arxiv") and get("eprinttype").lower() in ("", "arxiv")
        else ""
    )
    venue = get("journal") or get("journaltitle") or get("booktitle")
    if in_venue := _ARXIV_IN_VENUE.search(venue):
        eprint = eprint or in_venue[1]
        venue = ""
    url = _address(get("url") or get("howpublished"))
    arxiv_id, doi = fields.identifiers(_address(get("doi")), eprint, url)
    title = fields.title(
        ": ".join(filter(None, (fields.plain_latex(get("title")), fields.plain_latex(get("subtitle")))))
    )
    if not (title or arxiv_id or doi or url):
        raise ValueError(_("It has no title, no id and no link."))
    primary = get("primaryclass")
    return BibliographyEntry(
        title=title,
        authors=_authors(get("author") or get("editor")),
        abstract=fields.abstract(fields.plain_latex(get("abstract"))),
        day=_day(values),
        arxiv_id=arxiv_id,
        doi=doi,
        url=url,
        venue=fields.plain_latex(venue),
        kind=kind_of(get("type"), bibtex=kind),
        categories=tuple(get("categories").split()) or ((primary,) if primary else ()),
        comment=fields.plain_latex(get("comment")),
        topic=fields.plain_latex(get("topic")),
        why=fields.plain_latex(get("why")),
        read=read_day(get("dateread") or get("readdate") or get("date-read")),
    )


def _address(value: str) -> str:
    r"""An address as typed: `\url{…}` without its command, and escaped signs as they are."""
    value = re.sub(r"^\\url\s*\{(.*)\}$", r"\1", value.strip())
    value = re.sub(r"\\([_%&#$~{}])", r"\1", value).strip("<> ")
    while value.startswith("{") and value.endswith("}"):
        value = value[1:-1].strip("<> ")
    return value if value.count("{") == value.count("}") else value.strip("{}")


def _authors(value: str) -> tuple[str, ...]:
    """Authors of a field: parted by "and" outside of braces; a name in braces is that of a group."""
    found, depth, start = [], 0, 0
    value = " ".join(value.split())
    for sign in re.finditer(r"\\.|[{}]| and (?=\S)", value, re.IGNORECASE):
        if sign[0] in "{}":
            depth += 1 if sign[0] == "{" else -1
        elif sign[0][0] == " " and depth <= 0:
            found.append(value[start : sign.start()])
            start = sign.end()
    found.append(value[start:])
    groups = [re.fullmatch(r"\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}", name.strip()) for name in found]
    return fields.names(
        [fields.plain_latex(group[1]) if group else fields.natural_order(fields.plain_latex(_in_parts(name)))
         for name, group in zip(found, groups, strict=True)],
        ordered=True,
    )  # fmt: skip


def _in_parts(name: str) -> str:
    """A name that BibLaTeX has in parts, `family=Berg, given=Jan, prefix=van den`, as "van den Berg, Jan"."""
    parts = {key.lower(): value.strip('{} "') for key, value in _NAME_PART.findall(name)}
    if "family" not in parts:
        return name
    family = " ".join(filter(None, (parts.get("prefix", ""), parts["family"])))
    return ", ".join(filter(None, (family, parts.get("suffix", ""), parts.get("given", ""))))


def _day(values: Mapping[str, str]) -> str:
    """Day of publication from `date`, or from `year`, `month` and `day`."""
    if values.get("date") and (
        day := parse_day(values["date"].partition("/")[0] if values["date"].count("/") == 1 else values["date"])
    ):
        return day
    year = re.search(r"\d{4}", values.get("year", ""))
    month = month_number(fields.plain_latex(values.get("month", "")))
    day = values.get("day", "").strip()
    if not year:
        return ""
    return (
        parse_day("-".join([year[0], *([str(month), *([day] if day.isdecimal() else [])] if month else [])])) or year[0]
    )
