"""Reads lists in Markdown or plain text: one work a line, under headings that may be days."""

from __future__ import annotations

import re
from datetime import date

from bot.domain.bibliography import fields
from bot.domain.bibliography.entry import BibliographyEntry, ListProblem, ReadList, parse_day, read_day
from bot.domain.links import identify, sites
from bot.errors import UserError
from bot.locale.current import _

_HEADING = re.compile(r"\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$")
_BULLET = re.compile(r"\s*(?:[-*+•]|\d{1,4}[.)])\s+(?:\[[ xX]\]\s+)?")
_LINK = re.compile(r"\[((?:\\.|[^\[\]\\])+)\]\(\s*<?([^\s<>]+?)>?(?:\s+\"[^\"]*\")?\s*\)")
_DATE = re.compile(r"(?<![\w/.-])(\d{4}-\d{2}-\d{2})(?![\w/-])")
_EMPHASIS = re.compile(r"\*\*(.+?)\*\*|__(.+?)__|[“\"](.+?)[”\"]")
_BOLD = re.compile(r"\*\*([^*]+)\*\*")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()<>#+.!|-])")
_AROUND = " \t:;,.–—-|()"
MIN_TITLE_WORDS = 3
"""Words from which a line without a link is a title."""


def read_markdown_list(text: str) -> ReadList:
    """Works of a list. The day of a work is in its line, else in the heading above it; other headings are no days."""
    entries: list[BibliographyEntry] = []
    problems: list[ListProblem] = []
    day: date | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if heading := _HEADING.fullmatch(line):
            day = _day_in(heading[1])
        elif line.strip(" \t-=*_|"):
            bullet = _BULLET.match(line)
            found = _entry(line[bullet.end() if bullet else 0 :].strip(), day, listed=bool(bullet))
            if isinstance(found, str):
                problems.append(ListProblem(_("line {number}", number=number), found))
            elif found:
                entries.append(found)
    return ReadList("Markdown", tuple(entries), tuple(problems))


def _entry(line: str, day: date | None, *, listed: bool) -> BibliographyEntry | str | None:
    """The work of a line; a sentence if it is not clear; None if the line is prose between the works."""
    own = _DATE.search(line)
    read = date.fromisoformat(parse_day(own[1])) if own and parse_day(own[1]) else day
    bare = line[: own.start()] + line[own.end() :] if own else line
    if link := _LINK.search(bare):
        return _of_link(link[2], _plain(link[1]), "", read)
    bare = bare.strip(_AROUND)
    url, remark = identify.read_line(bare)
    if url:
        titled = _EMPHASIS.search(remark) or _BOLD.search(bare)
        title = _plain(next(filter(None, titled.groups()))) if titled else ""
        return _of_link(url, title, "" if titled else _plain(remark), read)
    title = _plain(bare)
    if listed and len(title.split()) >= MIN_TITLE_WORDS:
        return BibliographyEntry(title=fields.title(title), read=read)
    short = _("“{title}” has no link, and is too short for a title.", title=title[:60])
    return short if listed else None


def _of_link(url: str, title: str, why: str, read: date | None) -> BibliographyEntry | str:
    """The work behind a link; a sentence if the link cannot be used."""
    try:
        link = identify.identify(url)
    except UserError as error:
        return str(error)
    if isinstance(link, identify.SearchPhrase):
        return _("“{url}” is not a link.", url=url[:60])
    arxiv_id, doi = fields.identifiers("", "", link.url)
    if isinstance(link, identify.PaperRef):
        arxiv_id, doi = (link.id, "") if link.source == "arxiv" else ("", link.id)
    name = title or ("" if arxiv_id or doi else sites.page_name(link.url))
    return BibliographyEntry(title=fields.title(name), arxiv_id=arxiv_id, doi=doi, url=link.url, why=why, read=read)


def _day_in(heading: str) -> date | None:
    """Day that a heading names, alone or with other words; None if it names none."""
    found = _DATE.search(heading)
    return read_day(found[1] if found else heading)


def _plain(text: str) -> str:
    return fields.plain(_ESCAPED.sub(r"\1", text)).strip()
