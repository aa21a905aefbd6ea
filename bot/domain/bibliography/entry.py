"""A work of a bibliography, whatever the format it came in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from bot.domain.links import identify
from bot.domain.links.sites import SiteKind
from bot.errors import UserError

MAX_TITLE = 2_000
MAX_ABSTRACT = 20_000
MAX_AUTHORS = 6_000
"""Longest title and abstract in characters, and most authors, that are taken; the rest is left out."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?:[T/ ].*|/)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})\s+([A-Za-z]{3,9})\.?(?:\s+(\d{1,2}))?")
_WITH_MONTH = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?\.?\s+)?([A-Za-z]{3,9})\.?\s*(?:(\d{1,2})(?:st|nd|rd|th)?,?)?\s+(\d{4})"
)


@dataclass(frozen=True, slots=True)
class BibliographyEntry:
    """One work of a list. Texts are as a reader sees them, without LaTeX; a missing text is "".

    `kind` is None where the format does not say it. `day` is the day of publication as far as it is known: `2017`,
    `2017-06` or `2017-06-12`. `read` is the day on which the club read it.
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    abstract: str = ""
    day: str = ""
    arxiv_id: str = ""
    doi: str = ""
    url: str = ""
    venue: str = ""
    kind: SiteKind | None = None
    categories: tuple[str, ...] = ()
    comment: str = ""
    topic: str = ""
    why: str = ""
    read: date | None = None
    latex_title: str = field(default="", compare=False)
    """Title as its source wrote it, for BibTeX; empty if that is the title."""

    @property
    def link(self) -> identify.IdentifiedLink | None:
        """The work by its arXiv id, its DOI or its page; None if it has neither, or they are unusable."""
        for typed in (self.arxiv_id, f"https://doi.org/{self.doi}" if self.doi else "", self.url):
            try:
                found = identify.identify(typed) if typed else None
            except UserError:
                continue
            if isinstance(found, identify.PaperRef | identify.LinkedItem):
                return found
        return None

    @property
    def title_key(self) -> str:
        """Hash of the title and of the first author's last name, for a work that has no id and no page."""
        words = re.findall(r"\w+", self.title.casefold())
        surname = re.findall(r"\w+", self.authors[0].casefold())[-1:] if self.authors else []
        return sha256(" ".join((*words, "/", *surname)).encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class ListProblem:
    """A record of a list that cannot be used: where it is ("line 12"), and a sentence that says why."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReadList:
    """Result of reading a list: its works in order, and entries that could not be read."""

    format: str
    entries: Sequence[BibliographyEntry]
    problems: Sequence[ListProblem] = ()


def parse_day(text: str) -> str:
    """A day, month or year as an ISO text: `2017-06-12`, `2017-06`, `2017`; "" if it is none, or leaves a choice.

    It reads ISO dates with `-`, `/` or `.`, names of months before or behind the year, and days before months
    where only one order is possible.
    """
    text = " ".join(text.split()).strip("[](){}")
    if (found := _YEAR_FIRST.fullmatch(text)) and found[2][:3].lower() in _MONTHS:
        return _day(int(found[1]), _MONTHS.index(found[2][:3].lower()) + 1, int(found[3]) if found[3] else None)
    if found := _ISO.fullmatch(text):
        return _day(*(int(part) if part else None for part in found.groups()))
    if found := _DAY_FIRST.fullmatch(text):
        first, second, year = map(int, found.groups())
        if "." not in text and first <= 12 and second <= 12 and first != second:
            return ""
        return _day(year, second, first) or _day(year, first, second)
    if (found := _WITH_MONTH.fullmatch(text)) and found[2][:3].lower() in _MONTHS and not (found[1] and found[3]):
        day = found[1] or found[3]
        return _day(int(found[4]), _MONTHS.index(found[2][:3].lower()) + 1, int(day) if day else None)
    return ""


def month_number(text: str) -> int | None:
    """Number of a month by its name or number; None if it is none."""
    text = text.strip().lower().rstrip(".")
    if text.isdecimal():
        return int(text) if len(text) < 3 and 1 <= int(text) <= 12 else None
    return _MONTHS.index(text[:3]) + 1 if text[:3] in _MONTHS else None


def read_day(text: str) -> date | None:
    """A day on which the club read a work: the first day of a month or year that is given alone; None if unreadable."""
    day = parse_day(text)
    return date.fromisoformat(f"{day}-01-01"[:10] if len(day) != 7 else f"{day}-01") if day else None


def _day(year: int | None, month: int | None = None, day: int | None = None) -> str:
    """An ISO text of the parts that are given; "" if there is no such day."""
    try:
        date(year or 0, month or 1, day or 1)
    except ValueError:
        return ""
    return "-".join([f"{year:04}", *(f"{part:02}" for part in (month, day) if part)])
