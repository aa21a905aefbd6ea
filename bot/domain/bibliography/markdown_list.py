"""Reads lists in Markdown or plain text: one work a line, under headings that may be days."""

from __future__ import annotations

import re
from datetime import date

from bot.domain.bibliography import fields
from bot.domain.bibliography.entry import BibliographyEntry, ListProblem, ReadList, parse_day, read_day
from bot.domain.links import identify, sites
from bot.domain.links.typed_lines import read_line
from bot.errors import UserError
from bot.locale.current import _

_HEADING = re.compile(r"\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$")
_BULLET = re.compile(r"\s*(?:[-*+•]|\d{1,4}[.)])\s+(?:\[[ xX]\]\s+)?")
_LINK = re.compile(r"\[((?:\\.|[^\[\]\\])+)\]\(\s*<?([^\s<>]{1,500}?)>?(?:\s+\"[^\"]*\")?\s*\)")
_DOUBLE_BRACKETS = re.compile(r"\[\[([^\[\]\n]{1,60})\]\]\(")
_DATE = re.compile(r"(?<![\w/.-])(\d{4}-\d{2}-\d{2})(?![\w/-])")
_EMPHASIS = re.compile(r"\*\*(.+?)\*\*|__(.+?)__|[“\"](.+?)[”\"]")
_BOLD = re.compile(r"\*\*([^*]+)\*\*")
_EMPHASIS_MARKS = re.compile(r"\*\*|__")
_USUAL_LABEL = re.compile(
    r"(?:pdf|arxiv|abs(?:tract)?|html|doi|link|paper|code|github|slides|video|url|blog|project)s?", re.IGNORECASE
)
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
    line = _DOUBLE_BRACKETS.sub(r"[\1](", line)
    own = _DATE.search(line)
    read = date.fromisoformat(parse_day(own[1])) if own and parse_day(own[1]) else day
    bare = line[: own.start()] + line[own.end() :] if own else line
    if link := _LINK.search(bare):
        title, remark = _around_link(bare, link)
        return _of_link(link[2], title, remark, read)
    bare = bare.strip(_AROUND)
    url, remark = read_line(bare)
    if url:
        titled = _EMPHASIS.search(remark) or _BOLD.search(bare)
        title = _plain(next(filter(None, titled.groups()))) if titled else ""
        return _of_link(url, title, "" if titled else _balanced(_plain(remark)), read)
    title = _plain(bare)
    if listed and len(title.split()) >= MIN_TITLE_WORDS:
        return BibliographyEntry(title=fields.title(title), read=read)
    short = _("“{title}” has no link, and is too short for a title.", title=title[:60])
    return short if listed else None


def _around_link(line: str, link: re.Match[str]) -> tuple[str, str]:
    """The title of a linked work and the remark beside it. A label like "pdf" is no title: what stands before it is."""
    before = _plain(_EMPHASIS_MARKS.sub("", _unlinked(line[: link.start()]))).strip(_AROUND)
    after = _plain(_unlinked(line[link.end() :])).strip(_AROUND)
    if _USUAL_LABEL.fullmatch(link[1].strip("[] ")):
        return before, after
    return _plain(link[1]), ": ".join(filter(None, (before, after)))


def _unlinked(text: str) -> str:
    """The text without its other links, of which a label that says something stays."""
    return _LINK.sub(lambda found: "" if _USUAL_LABEL.fullmatch(found[1].strip("[] ")) else found[1], text).replace(
        "[]", ""
    )


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


def _balanced(remark: str) -> str:
    """A remark without a bracket that was open around its link: "NVAE (" becomes "NVAE"."""
    return remark[:-1].rstrip(" ,;:") if remark.endswith(("(", "[")) else remark


def _plain(text: str) -> str:
    return fields.plain(_ESCAPED.sub(r"\1", text)).strip()
