"""Days and spans of days as people type them: "2026-12-24, 2026-12-28..2027-01-03"."""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Iterable
from datetime import date, timedelta

from bot.errors import UserError
from bot.locale.current import _, formatted
from bot.locale.date_words import plain_date_words

_DASH = re.compile(r"\s+[-–—]\s+|(?<=\d\.)[-–—](?=\d)")
_SHORT_SPAN = re.compile(
    r"(?<![\d.-])(?P<first>\d{1,2})\.? ?[-–—] ?(?=\d{1,2}(?:\. ?(?P<number>\d{1,2})\.|\.? (?P<month>[A-Za-zä]{3,9})\b))"
)
LONGEST_SPAN = timedelta(days=366)
"""Longest span of days."""


def parse_days(typed: str, today: date | None = None) -> frozenset[date]:
    """The days of a text. Raises UserError for anything but days and spans of at most a year.

    With `today`, a day without its year is the next such day; the end of a span comes after its beginning.
    """
    days: set[date] = set()
    spelled = _DASH.sub(" until ", _SHORT_SPAN.sub(_whole_day, typed.replace("…", "..")))
    text = re.sub(r" until | to | ?[–—] ?", "..", plain_date_words(spelled))
    for word in re.split(r"[,;\s]+", text.strip(",; \n")[:400]):
        start, _unused, end = word.partition("..")
        try:
            first = _day(start, today)
            last = _day(end or start, first if today else None)
        except ValueError:
            raise UserError(
                _("“{word}” is not a date. Write it like 2026-12-24, or 2026-12-24..2027-01-03.", word=word[:40])
            ) from None
        if not timedelta(0) <= last - first <= LONGEST_SPAN:
            raise UserError(_("“{word}” must begin with the earlier day, and last at most a year.", word=word[:40]))
        days |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
    return frozenset(days)


def _whole_day(found: re.Match[str]) -> str:
    """The first day of a span whose month stands at its end: "24.-26.12." is "24.12. until 26.12."."""
    month = f".{found['number']}." if found["number"] else f" {found['month']}"
    return f"{found['first']}{month} until "


def _day(word: str, earliest: date | None) -> date:
    """The day of an ISO date, or the next one of `--12-24`. Raises ValueError for anything else."""
    if not word.startswith("--") or earliest is None:
        return date.fromisoformat(word[:20])
    found = re.fullmatch(r"--(\d{2})-(\d{2})", word)
    if not found:
        raise ValueError(word)
    month, number = int(found[1]), int(found[2])
    years = (year for year in range(earliest.year, earliest.year + 9) if (month, number) != (2, 29) or isleap(year))
    return next(day for day in (date(year, month, number) for year in years) if day >= earliest)


def format_days(days: Iterable[date]) -> str:
    """The days in order as they are stored, with spans written as `first..last`."""
    return ", ".join(f"{first}" if first == last else f"{first}..{last}" for first, last in _spans(days))


def days_text(days: Iterable[date]) -> str:
    """The days in order for people, in the language in use: "24 Dec 2026 – 3 Jan 2027, 1 May 2027"."""
    return ", ".join(
        _shown(first) if first == last else f"{_shown(first)} – {_shown(last)}" for first, last in _spans(days)
    )


def _shown(day: date) -> str:
    return formatted(day, "%-d %b %Y")


def _spans(days: Iterable[date]) -> list[list[date]]:
    """First and last day of each run of consecutive days, in order."""
    spans: list[list[date]] = []
    for day in sorted(days):
        if spans and day - spans[-1][1] == timedelta(days=1):
            spans[-1][1] = day
        else:
            spans.append([day, day])
    return spans
